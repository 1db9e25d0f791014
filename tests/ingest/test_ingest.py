from __future__ import annotations

import contextlib
import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorset.core.case import Case
from anchorset.core.errors import AnchorsetError, InputError, LedgerError, NothingKeptError, UsageError
from anchorset.core.provenance import Golden, Observed
from anchorset.infra.formats.case_files import FORMATS, write_cases
from anchorset.ingest.conversations import is_greeting
from anchorset.ingest.counts import Counts
from anchorset.ingest.mapping import parse
from anchorset.ingest.refused import refused_path, write_refused
from anchorset.ingest.stage import Ingested, ingest

TURNS = parse("conversation=c,turn=n,role=who,input=said,metadata.intent=intent")


@pytest.fixture
def took(tmp_path):
    def take(content: str | bytes, mapping: str = "", name: str = "logs.csv", **options: object) -> Ingested:
        (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
        return ingest(tmp_path / name, mapping=parse(mapping) if mapping else {}, **options)

    return take


def test_a_row_becomes_a_seed_that_says_where_it_came_from(took, tmp_path):
    found = took("text,category\nwhere is it,card\n", "input=text,metadata.intent=category")
    (case,) = found.cases
    digest = hashlib.sha256((tmp_path / "logs.csv").read_bytes()).hexdigest()
    assert case.provenance == Observed(
        source="production", origin=f"logs.csv sha256:{digest}", original_id="logs.csv:2", observed_at=None, count=1
    )
    assert (case.kind, case.input, case.metadata, case.bucket) == ("text", "where is it", {"intent": "card"}, "seed")


def test_every_mapped_target_arrives(took):
    line = {"q": "a", "a": {"x": 1}, "c": ["be kind"], "n": 7, "t": "2026-01-02T03:04:05Z", "s": "sys", "l": "en",
            "m": {"k": ["v"]}}  # fmt: skip
    found = took(
        json.dumps(line),
        "input=q,expected=a,criteria=c,id=n,observed_at=t,system=s,language=l,metadata.k=m.k,extra.raw=m",
        name="x.jsonl",
    )
    (case,) = found.cases
    assert (case.expected, case.criteria, case.system, case.language) == ({"x": 1}, ("be kind",), "sys", "en")
    assert (case.metadata, case.extra) == ({"k": '["v"]'}, {"raw": {"k": ["v"]}})
    assert isinstance(case.provenance, Observed)
    assert (case.provenance.original_id, case.provenance.observed_at) == ("7", "2026-01-02T03:04:05Z")


def test_the_same_bytes_give_the_same_cases(took):
    content = "text,label\nmail me at ann@example.com,a\ncall +49 30 901820,b\n"
    first, again = took(content), took(content)
    assert [case.line() for case in first.cases] == [case.line() for case in again.cases]


def test_exact_duplicates_fold_after_trimming_when_answer_and_axes_agree(took):
    found = took("text,y,e\nhi you,1,a\n hi you ,1, a\nhi you,2,a\nhi you,1,b\nHi you,1,a\n",
                 "input=text,expected=e,metadata.y=y")  # fmt: skip
    assert found.counts == Counts(read=5, kept=4, folded=1, grouped=0, refused=0)
    assert [case.provenance.count for case in found.cases] == [2, 1, 1, 1]
    assert any("kept 2 cases with the question of another" in note for note in found.notes)


def test_texts_are_not_touched_but_for_the_white_space_around_them(took):
    texts = ["e\u0301 \u200f  مرحبا 👩‍👩‍👧", "fi\ufb01", "a\r\nb"]
    found = took("text\r\n" + "".join(f'"  {text}\n"\r\n' for text in texts) + "\r\n\r\n")
    assert [case.input for case in found.cases] == texts


def test_which_of_the_rows_that_fold_comes_first_changes_no_case(took):
    rows = ["hi you,yes", "  hi you ,yes", "hi you, yes ", '"hi you\n",yes', "bye,no"]
    first = took("text,answer\n" + "\n".join(rows) + "\n")
    other = took("text,answer\n" + "\n".join(reversed(rows)) + "\n")
    assert {case.content for case in first.cases} == {case.content for case in other.cases}
    assert sorted(case.provenance.count for case in other.cases) == [1, 4]


def test_the_turns_of_chats_are_trimmed_whether_grouped_or_whole(took):
    grouped = took("c,who,said\nA,user, hi there \nA,bot,yes \nB,user,hi there\nB,bot,yes\n",
                   "conversation=c,role=who,input=said")  # fmt: skip
    chats = [[{"role": "user", "content": f"{pad}hi there"}, {"role": "bot", "content": f"yes{pad}"}] for pad in "\t\n"]
    whole = took("".join(json.dumps({"messages": chat}) + "\n" for chat in chats), name="x.jsonl")
    assert [case.id for case in grouped.cases] == [case.id for case in whole.cases]
    assert whole.counts.folded == 1


def test_columns_are_found_by_name_and_said(took):
    found = took("id,Question,answer\n7,why,because\n")
    assert found.mapping == {"input": "Question", "expected": "answer", "id": "id"}
    assert found.cases[0].expected == "because"
    assert any("input=Question" in note for note in found.notes)


def test_with_a_mapping_only_the_input_is_found_by_name(took):
    found = took("id,question,answer,topic\n7,why,because,x\n", "metadata.topic=topic")
    assert (found.cases[0].expected, found.cases[0].metadata) == (None, {"topic": "x"})


def test_turns_become_conversations(took):
    found = took(
        "c,n,who,said,intent\nA,2,bot,Which one?,ask\nB,1,,where is my bag,bag\nA,1,customer,hello there,greeting\n"
        "A,10,user,the red one,choose\nA,3,user,book a seat,book\n",
        "conversation=c,turn=n,role=who,input=said,metadata.intent=intent",
    )
    first, second = found.cases
    assert [(turn.role, turn.content) for turn in first.input] == [
        ("user", "hello there"), ("assistant", "Which one?"), ("user", "book a seat"), ("user", "the red one"),
    ]  # fmt: skip
    assert (first.kind, first.metadata, first.provenance.original_id) == ("chat", {"intent": "book"}, "A")
    assert (second.input[0].role, second.metadata) == ("user", {"intent": "bag"})
    assert found.counts == Counts(read=5, kept=2, folded=0, grouped=3, refused=0)


def test_turns_without_number_keep_the_order_of_the_file(took):
    found = took("c,said\nA,one\nB,x\nA,two\n", "conversation=c,input=said")
    assert [turn.content for turn in found.cases[0].input] == ["one", "two"]


def test_turns_that_cannot_be_placed_are_refused_and_the_conversation_goes_on(took):
    found = took(
        "c,n,who,said\nA,1,user,one\nA,x,user,two\nA,3,alien,three\n,4,user,four\nA,5,user,\nB,1,bot,hello?\n",
        "conversation=c,turn=n,role=who,input=said",
    )
    assert [(row.line, row.reason.split(" (")[0].split(";")[0]) for row in found.refused] == [
        (3, '`n` is "x"'), (4, 'the role is "alien"'), (5, '`c` is ""'), (6, '`said` is ""'),
        (7, 'no turn of the conversation "B" is by a user'),
    ]  # fmt: skip
    assert found.counts == Counts(read=6, kept=1, folded=0, grouped=0, refused=5)


def test_equal_conversations_fold(took):
    found = took("c,said\nA,one\nA,two\nB,one\nB,two\n", "conversation=c,input=said")
    assert found.counts == Counts(read=4, kept=1, folded=1, grouped=2, refused=0)


@pytest.mark.parametrize("text", ["hi", "Hello there!", "good morning :)", "¡Hola, buenos días!", "hai"])
def test_a_greeting_is_known(text):
    assert is_greeting(text)


@pytest.mark.parametrize("text", ["hi, my card is gone", "", "123", "goodbye"])
def test_what_says_more_is_no_greeting(text):
    assert not is_greeting(text)


def test_chats_and_records_keep_their_shape(took):
    found = took(
        '{"messages": [{"role": "system", "content": "be kind"}, {"role": "user", "content": "a"}]}\n'
        '{"messages": {"order": 7, "note": "late"}}\n{"messages": []}\n'
        '{"messages": [{"role": "user", "content": ""}]}\n',
        "input=messages",
        name="x.jsonl",
    )
    chat, record = found.cases
    assert (chat.kind, chat.system, chat.text) == ("chat", "be kind", "a")
    assert (record.kind, record.input) == ("record", {"order": 7, "note": "late"})
    assert found.counts.refused == 2


def test_pairs_of_speaker_and_text_are_a_chat(took):
    found = took(
        '{"original": [["agent", "Hi!"], ["Customer", "my bag?"], ["System Operator", "one moment"]]}\n'
        '{"original": [["alien", "Hi!"], ["customer", "my bag?"]]}\n{"original": [["customer", "a", "b"]]}\n',
        "input=original",
        name="x.jsonl",
    )
    (chat,) = found.cases
    assert [(turn.role, turn.content) for turn in chat.input] == [
        ("assistant", "Hi!"), ("user", "my bag?"), ("assistant", "one moment"),
    ]  # fmt: skip
    assert "turn 1: the role is" in found.refused[0].reason
    assert "visitor" in found.refused[0].reason
    assert "a list of turns" in found.refused[1].reason


def test_abcd_gives_chats(data: Path):
    found = ingest(data / "abcd" / "abcd_sample.json", mapping=parse("input=original,id=convo_id"))
    assert (found.counts.refused, {case.kind for case in found.cases}) == (0, {"chat"})


def test_personal_data_goes_and_the_same_value_keeps_its_placeholder(took):
    found = took(
        "text,who,a\nmail ann@example.com or bob@example.com,ann@example.com,write to bob@example.com\n",
        "input=text,metadata.who=who,expected=a",
    )
    (case,) = found.cases
    assert case.input == "mail [EMAIL_1] or [EMAIL_2]"
    assert (case.expected, case.metadata) == ("write to [EMAIL_2]", {"who": "[EMAIL_1]"})
    assert found.pii == {"email": 4}


def test_personal_data_goes_from_chats_records_ids_and_refused_rows_too(took):
    found = took(
        '{"id": "ann@example.com", "t": [{"role": "user", "content": "I am ann@example.com"}]}\n'
        '{"id": "7", "t": {"deep": ["ann@example.com"]}}\n{"id": "ann@example.com", "t": null}\n',
        "input=t,id=id",
        name="x.jsonl",
    )
    assert "ann@example.com" not in "".join(case.line() for case in found.cases) + str(found.refused)
    assert [case.provenance.original_id for case in found.cases] == ["x.jsonl:1", "7"]
    assert any("1 id that looked like personal data" in note for note in found.notes)


def test_no_refused_row_gives_personal_data_away(took, make_seed):
    private = ("ann@example.com", "4155552671", "415-555-2671")
    rows = [
        '{"t": "fine"}', '{"t": "ann@example.com\\n4155552671"', '{"t": "", "note": "call\\n415-555-2671"}',
        '{"t": [["ann@example.com", "hm"]]}', '{"t": "", "ann@example.com": 1}', '["call\\n415-555-2671"]',
        json.dumps({"t": "", "long": "x " * 970 + " 415-555-2671 ann@example.com " * 20}),
        '{"t": "' + "x " * 990 + "ann@example.com",
    ]  # fmt: skip
    found = took("\n".join(rows), "input=t", name="x.jsonl")
    assert (found.counts.kept, found.counts.refused) == (1, len(rows) - 1)
    assert not [(row, bad) for row in found.refused for bad in (*private, "ann@e") if bad in str(row)]
    kept = took("\n".join(rows), "input=t", name="x.jsonl", scrub=False)
    assert all("ann@e" in str(row) or "415-555-2671" in str(row) for row in kept.refused)
    records = took(make_seed("a").line() + '\n{"schema": 1, "input": "ann@example.com"}\n', name="y.jsonl")
    assert "ann@example.com" not in str(records.refused)


def test_whoever_had_something_scrubbed_is_told_to_look(took):
    assert any("look before you publish" in note for note in took("text\nmail ann@example.com\n").notes)
    assert not any("publish" in note for note in took("text\nhello\n").notes)
    assert not any("publish" in note for note in took("text\nmail ann@example.com\n", scrub=False).notes)


def test_placeholders_of_an_earlier_run_are_not_given_to_somebody_else(took):
    found = took("text\nmail cy@example.com\nmail [EMAIL_1] again\n")
    assert [case.input for case in found.cases] == ["mail [EMAIL_2]", "mail [EMAIL_1] again"]


def test_scrubbing_can_be_turned_off(took):
    found = took("text\nmail ann@example.com\n", scrub=False)
    assert (found.cases[0].input, found.pii) == ("mail ann@example.com", {})


def test_bad_rows_are_set_aside_with_line_and_reason(took, tmp_path):
    found = took(b'text,y\ngood,1\n"multi\nline",2\nb\0d,3\nragged\n,4\n\xff\xfe,5\nfine,6\n', "input=text")
    assert [case.input for case in found.cases] == ["good", "multi\nline", "fine"]
    assert [row.line for row in found.refused] == [5, 6, 7, 8]
    assert found.counts == Counts(read=7, kept=3, folded=0, grouped=0, refused=4)
    written = write_refused(found.refused, refused_path(tmp_path / "logs.csv"))
    assert written.name == "logs.csv.rejected.jsonl"
    assert [json.loads(line)["line"] for line in written.read_text().splitlines()] == [5, 6, 7, 8]


def test_nothing_usable_is_one_clear_sentence(took):
    with pytest.raises(NothingKeptError, match=r"none of 2 rows can be used \(line 2: `text` is \"\" .*--map"):
        took("text,y\n,1\n,2\n")
    with pytest.raises(NothingKeptError, match="no row under the header"):
        took("text,y\n")
    with pytest.raises(NothingKeptError, match=r"none of 1 row can be used \(line 1: null found"):
        took("null\n", name="x.jsonl")
    with pytest.raises(NothingKeptError, match=r"none of 1 row can be used \(line 1: `text` is null \("):
        took('{"text": null}\n', name="x.jsonl")
    with pytest.raises(NothingKeptError, match="there is no row in it"):
        took("\n\n", name="x.jsonl")
    with pytest.raises(InputError, match=r"no column 'input'.*Name one of them with `--map input=COLUMN`"):
        took("colour,y\nred,1\n")
    with pytest.raises(InputError, match=r"Name one of them with `--map metadata\.topic=COLUMN`"):
        took("text,y\nred,1\n", "metadata.topic=label")
    with pytest.raises(InputError, match="did you mean 'colour'"):
        took("colour,y\nred,1\n", "input=color")
    with pytest.raises(UsageError, match="did you mean 'csv'"):
        took("text\na\n", format="cvs")


def test_good_rows_after_many_bad_ones_are_found(took):
    bad = "{broken\n" * 300
    for mapping in ("", "input=text"):
        found = took(bad + '{"text": "fine"}\n', mapping, name="x.jsonl")
        assert (len(found.cases), found.counts.refused) == (1, 300)


def test_case_records_are_taken_as_they_are(took, make_seed):
    seed = make_seed("mail ann@example.com")
    orphan = json.loads(seed.line()) | {"provenance": None}
    found = took(f"{seed.line()}\n{json.dumps(orphan)}\n{seed.line()}\n", name="x.jsonl")
    assert found.cases == [seed.model_copy(update={"provenance": seed.provenance.model_copy(update={"count": 2})})]
    assert found.counts == Counts(read=3, kept=1, folded=1, grouped=0, refused=1)
    assert "provenance" in found.refused[0].reason


def test_cases_come_back_with_their_lineage_from_every_format(tmp_path, make_seed):
    made = [make_seed("where is it", metadata={"intent": "card"}), make_seed("and that")]
    for name, format in FORMATS.items():
        path = tmp_path / f"{name}.{format.layouts[0]}"
        write_cases(made, path, name)
        assert ingest(path).cases == made, name


def test_a_row_added_by_hand_before_the_others_takes_no_lineage_away(tmp_path, make_seed):
    seed = make_seed("where is it")
    write_cases([seed], tmp_path / "x.csv")
    head, row = (tmp_path / "x.csv").read_text().splitlines()
    by_hand = ",".join("said by hand" if column == "input" else "" for column in head.split(","))
    (tmp_path / "x.csv").write_text(f"{head}\n{by_hand}\n{row}\n")
    found = ingest(tmp_path / "x.csv")
    assert [case.input for case in found.cases] == ["said by hand", "where is it"]
    assert found.cases[1] == seed
    assert any("1 row brings no lineage and is taken as production" in note for note in found.notes)


def test_tests_of_another_tool_become_seeds_when_they_are_ingested_as_logs(took):
    found = took('{"vars": {"q": "mail ann@example.com"}, "assert": [{"type": "llm-rubric", "value": "kind"}]}',
                 name="x.jsonl", source="regression")  # fmt: skip
    (case,) = found.cases
    assert (case.input, case.criteria, case.bucket) == ("mail [EMAIL_1]", ("kind",), "regression")


def test_golden_cases_have_an_author(took):
    named = took("text,by\na,kim\n", "input=text,author=by", source="golden").cases[0]
    unnamed = took("text\na\n", source="golden")
    assert isinstance(named.provenance, Golden)
    assert (named.provenance.author, unnamed.cases[0].provenance.author) == ("kim", "unknown")
    assert any("unknown" in note for note in unnamed.notes)


def test_counts_cannot_be_built_out_of_balance():
    with pytest.raises(LedgerError, match="do not add up"):
        Counts(read=3, kept=1, folded=0, grouped=0, refused=1)


@given(
    st.lists(
        st.fixed_dictionaries(
            {"c": st.sampled_from("AB") | st.none(), "n": st.integers(0, 3) | st.just("x")},
            optional={"said": st.sampled_from(["a", " a", "", "b"]) | st.integers() | st.none(), "who": st.sampled_from(
                ["user", "bot", "alien", None])},
        ) | st.integers(),
        min_size=1, max_size=12,
    ),
    st.booleans(),
)  # fmt: skip
def test_the_counts_balance_whatever_the_rows_are(tmp_path_factory, rows, grouped):
    path = tmp_path_factory.mktemp("any") / "x.jsonl"
    first = {"c": "A", "n": 0, "said": "hello", "who": "user", "intent": "x"}
    path.write_text("".join(json.dumps(row) + "\n" for row in [first, *rows]))
    found = ingest(path, mapping=TURNS if grouped else {"input": "said"})
    assert found.counts.read == len(rows) + 1
    assert sum(case.provenance.count for case in found.cases) == found.counts.kept + found.counts.folded
    assert all(Case.read(case.line(), where="x") == case for case in found.cases)


@given(st.binary(max_size=200), st.sampled_from(["csv", "jsonl", "json", "txt", "tsv"]))
def test_no_bytes_end_in_a_traceback(tmp_path_factory, data, suffix):
    path = tmp_path_factory.mktemp("fuzz") / f"x.{suffix}"
    path.write_bytes(data)
    with contextlib.suppress(AnchorsetError):
        write_refused(ingest(path).refused, refused_path(path))


def test_banking77_adds_up(data: Path):
    found = ingest(data / "banking77" / "train.csv", mapping=parse("input=text,metadata.intent=category"))
    assert found.counts.read == 10_003
    assert found.counts.refused == 0
    assert len({case.metadata["intent"] for case in found.cases}) == 77


def test_multidogo_gives_conversations(data: Path):
    mapping = parse("id=utteranceId,conversation=conversationId,turn=turnNumber,input=utterance,metadata.intent=intent")
    found = ingest(data / "multidogo" / "airline_dev.tsv", mapping=mapping)
    assert {case.kind for case in found.cases} == {"chat"}
    assert found.counts == Counts(read=1966, kept=240, folded=0, grouped=1726, refused=0)
