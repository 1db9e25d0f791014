from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorset.core.case import Case, Context, Message, ToolCall, user_text
from anchorset.core.decision import Decision
from anchorset.core.errors import RecordError
from anchorset.core.finding import Finding
from anchorset.core.provenance import Golden, Observed, Step, Synthetic

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
numbers = st.integers(-(2**63), 2**63) | st.floats(allow_nan=False, allow_infinity=False)
scalars = words | numbers | st.booleans() | st.none()
json_values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3), max_leaves=6
)
names = st.lists(words, max_size=3).map(tuple)
objects = st.dictionaries(words, json_values, max_size=3)

provenances = st.one_of(
    st.builds(
        Observed, source=st.sampled_from(["production", "regression"]), origin=words, original_id=words,
        observed_at=st.none() | words, count=st.integers(1, 10**6),
    ),
    st.builds(Golden, source=st.just("golden"), author=words, origin=st.none() | words, original_id=st.none() | words),
    st.builds(
        Synthetic, source=st.just("synthetic"), technique=st.sampled_from(["mutation", "remix", "redteam", "persona"]),
        label=words, parents=names, roots=names, anchors=names, params=objects, random_seed=st.integers(0, 2**63),
        run=words, operators=st.lists(
            st.builds(Step, operator=words, relation=st.sampled_from(["invariant", "changed"]), detail=words),
            max_size=2,
        ).map(tuple),
    ),
)  # fmt: skip
messages = st.builds(
    Message, role=st.sampled_from(["user", "assistant", "system", "tool"]), content=words, name=st.none() | words,
    tool_calls=st.lists(st.builds(ToolCall, name=words, arguments=objects), max_size=1).map(tuple),
)  # fmt: skip
inputs = st.one_of(
    st.tuples(st.just("text"), words),
    st.tuples(st.just("chat"), st.lists(messages, min_size=1, max_size=3)),
    st.tuples(st.just("record"), objects),
    st.tuples(st.just("trajectory"), st.lists(objects, min_size=1, max_size=3)),
)
findings = st.builds(
    Finding, check=words, version=st.integers(1, 9), says=st.sampled_from(["pass", "flag", "reject", "not_run"]),
    score=st.none() | st.floats(0, 1), evidence=st.none() | words,
)  # fmt: skip
decisions = st.builds(Decision, decision=st.just("reject"), reviewer=words, at=words, reason=st.just("caricature"))
contexts = st.builds(Context, doc=words, sha256=words, start=st.integers(0, 9), end=st.integers(0, 9), text=words)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    kind, value = draw(inputs)
    return Case(
        kind=kind, input=value, expected=draw(json_values), criteria=draw(names), system=draw(st.none() | words),
        context=draw(st.lists(contexts, max_size=1).map(tuple)), tools=draw(st.lists(objects, max_size=1).map(tuple)),
        extra=draw(objects), metadata=draw(st.dictionaries(words, scalars, max_size=3)), tags=draw(names),
        language=draw(st.none() | words), difficulty=draw(st.sampled_from([None, "easy", "adversarial"])),
        provenance=draw(provenances), cluster=draw(st.none() | words), split=draw(st.none() | words),
        findings=draw(st.lists(findings, max_size=2).map(tuple)),
        reviews=draw(st.lists(decisions, max_size=1).map(tuple)),
    )  # fmt: skip


@given(cases())
def test_any_case_survives_the_jsonl_round_trip_byte_for_byte(case: Case) -> None:
    line = case.line()
    assert "\n" not in line
    again = Case.read(line, where="made-up")
    assert again.line() == line
    assert again == case
    assert Case.read(json.loads(line), where="made-up").line() == line


@given(cases(), names, st.dictionaries(words, scalars, max_size=2))
def test_labels_verdicts_and_origin_do_not_change_the_hashes(case: Case, tags: tuple[str, ...], metadata: dict) -> None:
    relabelled = Case(
        kind=case.kind, input=case.input, expected=case.expected, criteria=case.criteria, context=case.context,
        system=case.system, tools=case.tools, tags=tags, metadata=metadata, language="xx", difficulty="hard",
        extra={"owner": "kim"}, cluster="k_1", split="eval", status="approved", revision_of="c_0",
        provenance=Golden(source="golden", author="kim"),
    )  # fmt: skip
    assert (relabelled.id, relabelled.content) == (case.id, case.content)


@given(cases(), cases())
def test_different_questions_have_different_ids(one: Case, other: Case) -> None:
    asked = [
        (
            c.kind,
            json.loads(c.line())["input"],
            json.loads(c.line())["context"],
            c.system,
            json.loads(c.line())["tools"],
        )
        for c in (one, other)
    ]
    assert (json.dumps(asked[0], sort_keys=True) == json.dumps(asked[1], sort_keys=True)) == (one.id == other.id)


def test_editing_expected_keeps_the_id_and_drops_the_verdict(make_seed) -> None:
    judged = make_seed(
        "where is it????", findings=(Finding(check="format.length", version=1, says="pass"),), status="passed"
    )
    edited = judged.revised(expected="approve")
    assert edited.id == judged.id
    assert edited.content != judged.content
    assert edited.findings == ()
    assert edited.status == "pending"
    assert edited.revision_of is None


def test_editing_the_input_makes_a_new_case_that_names_the_old_one(make_seed) -> None:
    old = make_seed("where is it????")
    assert old.revised(input="where is it?").revision_of == old.id


def test_a_record_edited_by_hand_is_refused_because_its_verdict_was_for_another_text(make_seed) -> None:
    line = make_seed("where is it????").line().replace("where", "there")
    with pytest.raises(RecordError, match=r"cases.jsonl line 3: `id` is 'c_.*hashes to 'c_.*the record was edited"):
        Case.read(line, where="cases.jsonl line 3")


@pytest.mark.parametrize(
    ("field", "nearest"),
    [
        ("inptu", "input"),
        ("criterias", "criteria"),
        ("meta_data", "metadata"),
        ("statsu", "status"),
        ("clutser", "cluster"),
    ],
)
def test_an_unknown_field_names_the_nearest_known_one(make_seed, field: str, nearest: str) -> None:
    record = json.loads(make_seed("hi").line()) | {field: 1}
    with pytest.raises(RecordError, match=f"`{field}` is not a field we know .* did you mean '{nearest}'"):
        Case.read(record, where="x")


@pytest.mark.parametrize(
    ("section", "field", "nearest"),
    [
        ("provenance", "original_ids", "original_id"),
        ("findings", "treshold", "threshold"),
        ("reviews", "reviwer", "reviewer"),
    ],
)
def test_an_unknown_field_deeper_down_is_found_too(make_seed, section: str, field: str, nearest: str) -> None:
    judged = make_seed(
        "hi", findings=(Finding(check="a", version=1, says="pass"),),
        reviews=(Decision(decision="approve", reviewer="kim", at="2026-01-01T00:00:00Z"),),
    )  # fmt: skip
    record = json.loads(judged.line())
    place = record[section] if isinstance(record[section], dict) else record[section][0]
    place[field] = 1
    with pytest.raises(RecordError, match=f"{field}` is not a field we know .* did you mean '{nearest}'"):
        Case.read(record, where="x")


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ("{", "not valid JSON"),
        ("[" * 10_000, "not valid JSON"),
        ('{"kind":"text","input":"hi"}', "`provenance` is missing"),
        ('{"kind":"chat","input":[],"provenance":{"source":"golden","author":"k"}}', "`input` is empty"),
        ('{"kind":"chat","input":"hi","provenance":{"source":"golden","author":"k"}}', "does not fit kind 'chat'"),
        ('{"kind":"text","input":"hi","provenance":{"source":"synthetic"}}', "is missing"),
        ('{"kind":"text","input":"hi","provenance":{"source":"invented"}}', "provenance"),
    ],
)
def test_what_is_no_case_is_refused_in_one_sentence(broken: str, says: str) -> None:
    with pytest.raises(RecordError, match=says) as raised:
        Case.read(broken, where="x line 1")
    assert "\n" not in str(raised.value)


def test_the_text_of_a_chat_is_what_the_user_wrote() -> None:
    chat = [
        Message(role="user", content="hi"),
        Message(role="assistant", content="hello"),
        Message(role="user", content="bye"),
    ]
    assert user_text(chat) == "hi\nbye"
    assert user_text({"subject": "late", "order": {"id": 4, "note": "gift"}}) == "late\ngift"


def test_a_rejection_has_a_reason_and_nothing_else_has() -> None:
    for fields in ({"decision": "reject"}, {"decision": "approve", "reason": "other"}):
        with pytest.raises(ValueError, match="`reason` is"):
            Decision(reviewer="kim", at="2026-01-01T00:00:00Z", **fields)
