from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_cases import cases, words

from anchorset.core.case import Case
from anchorset.core.errors import MachineError, NothingKeptError, UsageError
from anchorset.core.provenance import Observed
from anchorset.infra.formats.case_files import FORMATS, RECORDS, read_cases, write_cases
from anchorset.infra.formats.cells import safe, unsafe
from anchorset.infra.formats.lineage import sidecar_path
from anchorset.infra.formats.nunjucks import printed, unprinted

LAYOUTS = [(name, layout) for name, format in FORMATS.items() for layout in format.layouts] + [(RECORDS, "jsonl")]


def lines(found: list[Case]) -> list[str]:
    return [case.line() for case in found]


@pytest.mark.parametrize(("name", "layout"), LAYOUTS)
@settings(max_examples=40)
@given(made=st.lists(cases(), min_size=1, max_size=4))
def test_a_case_comes_back_byte_for_byte_from_every_format(name, layout, made, tmp_path_factory):
    path = tmp_path_factory.mktemp("trip") / f"x.{layout}"
    write_cases(made, path, name)
    back = read_cases(path, name)
    assert (lines(back.cases), back.bad) == (lines(made), [])


def test_the_format_is_found_without_being_named(tmp_path, make_seed):
    made = [make_seed("where is my card", metadata={"intent": "card"}, expected="soon", criteria=("says when",))]
    for name, layout in LAYOUTS:
        path = tmp_path / f"{name}.{layout}"
        write_cases(made, path, name)
        back = read_cases(path)
        assert (back.format, lines(back.cases)) == (name, lines(made))


@given(words)
def test_neutralised_text_is_restored_exactly(text):
    assert unsafe(safe(text)) == text.replace("\0", "\ufffd")
    assert unprinted(printed(text)) == unprinted(printed(text, cell=True)) == text


@given(st.text(alphabet="{}%#' \"=file:package-@\t", max_size=30))
def test_no_template_and_no_file_reference_stays_live(text):
    template = printed(text, cell=True)
    assert unprinted(template) == text
    assert not template.startswith(("file:", "package:", "=", "+", "-", "@", "\t"))
    assert "{%" not in template.replace("'{%'", "")
    assert template.replace("{{ '", "").replace('{{ "', "").count("{{") == template.count("'{{'")


def test_no_cell_of_a_csv_is_a_formula(tmp_path, make_seed):
    made = [make_seed('=HYPERLINK("http://x")', expected="@SUM(1)", metadata={"=k": "+1"}, criteria=("-2",))]
    for name in ("csv", "promptfoo-csv"):
        write_cases(made, tmp_path / "x.csv", name)
        with (tmp_path / "x.csv").open(newline="", encoding="utf-8") as file:
            for row in csv.reader(file):
                assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_promptfoo_is_never_given_code_to_run(tmp_path, make_seed):
    made = [make_seed("x", expected="javascript:process.exit()", criteria=("file://evil.py",))]
    write_cases(made, tmp_path / "x.csv", "promptfoo-csv")
    with (tmp_path / "x.csv").open(newline="", encoding="utf-8") as file:
        row = next(csv.DictReader(file))
    assert row["__expected"] == "equals:javascript:process.exit()"
    assert row["__expected1"].startswith("llm-rubric:{{ 'file:' }}")


def test_promptfoo_lists_are_not_expanded_into_many_tests(tmp_path):
    origin = Observed(source="production", origin="x", original_id="1")
    write_cases([Case(kind="record", input={"a": ["x", "y"]}, provenance=origin)], tmp_path / "x.jsonl", "promptfoo")
    row = json.loads((tmp_path / "x.jsonl").read_text())
    assert row["options"] == {"disableVarExpansion": True}


def test_an_edit_made_outside_counts_and_takes_the_verdict_away(tmp_path, make_seed):
    made = [make_seed("where is it", expected="soon", metadata={"intent": "card"}), make_seed("and that")]
    path = tmp_path / "x.jsonl"
    write_cases(made, path, "promptfoo")
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    rows[0]["assert"][0]["value"] = "in two days"
    rows[0]["metadata"]["intent"] = "delivery"
    path.write_text("\n".join(map(json.dumps, rows)))
    back = read_cases(path)
    assert back.cases[0].expected == "in two days"
    assert back.cases[0].metadata == {"intent": "delivery"}
    assert back.cases[0].id == made[0].id
    assert back.cases[0].content != made[0].content
    assert back.cases[1] == made[1]
    assert any("1 case was edited outside" in note for note in back.notes)


def test_rows_of_anybody_never_become_seeds_by_being_converted(tmp_path):
    (tmp_path / "tests.jsonl").write_text(
        '{"vars": {"question": "Refund?"}, "assert": [{"type": "equals", "value": "no"}, '
        '{"type": "llm-rubric", "value": "is polite"}], "metadata": {"area": "refunds"}}\n'
    )
    back = read_cases(tmp_path / "tests.jsonl")
    (case,) = back.cases
    assert (case.text, case.expected, case.criteria) == ("Refund?", "no", ("is polite",))
    assert (case.bucket, case.metadata) == ("golden", {"area": "refunds"})
    assert any("1 row brings no lineage and is taken" in note for note in back.notes)


@pytest.mark.parametrize("at", [1, 2])
def test_a_row_added_by_hand_to_a_table_of_ours_is_read(tmp_path, make_seed, at):
    write_cases([make_seed("where is my card", criteria=("says when",))], tmp_path / "x.csv")
    with (tmp_path / "x.csv").open(newline="", encoding="utf-8") as file:
        table = list(csv.reader(file))
    blank = dict.fromkeys(table[0], "")
    added = [
        blank | {"input": "and my pin?"}, blank | {"input": "bye", "criteria": "is polite"},
        blank | {"input": "hm", "criteria": '["one", 2]'}, blank | {"input": "x", "kind": "txt"},
        blank | {"expected": "no"}, blank | {"input": "no JSON", "kind": "chat"},
    ]  # fmt: skip
    table[at:at] = [list(row.values()) for row in added]
    with (tmp_path / "x.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(table)
    back = read_cases(tmp_path / "x.csv")
    said = {case.input: (case.kind, case.criteria, case.bucket) for case in back.cases}
    assert said == {
        "where is my card": ("text", ("says when",), "seed"), "and my pin?": ("text", (), "golden"),
        "bye": ("text", ("is polite",), "golden"), "hm": ("text", ("one", "2"), "golden"),
    }  # fmt: skip
    reasons = [row.reason for row in back.bad]
    assert reasons[0].startswith('`kind` is "txt"; known: text, chat')
    assert reasons[1] == '`input` is "" (some text expected)'
    assert reasons[2].startswith('`input` is "no JSON", which is no JSON of a chat')
    assert any("3 rows bring no lineage and are taken as golden" in note for note in back.notes)


@pytest.mark.parametrize(
    ("line", "kind", "text"),
    [
        ('{"input": "a?", "expected_output": "b", "additional_metadata": {}}', "text", "a?"),
        ('{"scenario": "s", "turns": [{"role": "user", "content": "a?"}], "expected_outcome": "b"}', "chat", "a?"),
        ('{"user_input": "a?", "reference": "b"}', "text", "a?"),
        ('{"user_input": [{"type": "human", "content": "a?"}, {"type": "ai", "content": "x", "tool_calls": '
         '[{"name": "t", "args": {}}]}, {"type": "tool", "content": "r"}], "reference": "b"}', "chat", "a?"),
        ('{"messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "a?"}]}', "text", "a?"),
        ('{"messages": [{"role": "user", "content": [{"type": "text", "text": "a?"}]}, {"role": "assistant", '
         '"content": null, "tool_calls": [{"id": "1", "type": "function", "function": {"name": "t", "arguments": '
         '"{}"}}]}, {"role": "tool", "tool_call_id": "1", "content": "r"}]}', "chat", "a?"),
        ('{"conversations": [{"from": "human", "value": "a?"}, {"from": "function_call", "value": '
         '"{\\"name\\": \\"t\\", \\"arguments\\": {}}"}, {"from": "observation", "value": "r"}]}', "chat", "a?"),
    ],
)  # fmt: skip
def test_the_published_examples_of_each_format_are_read(tmp_path, line, kind, text):
    (tmp_path / "x.jsonl").write_text(line)
    back = read_cases(tmp_path / "x.jsonl")
    assert [(case.kind, case.text) for case in back.cases] == [(kind, text)], back


def test_without_its_sidecar_the_lineage_is_said_to_be_gone(tmp_path, make_seed):
    path = tmp_path / "x.jsonl"
    notes = write_cases([make_seed("hello you")], path, "ragas")
    assert any("no room for lineage" in note for note in notes)
    sidecar_path(path).unlink()
    back = read_cases(path)
    assert back.cases[0].bucket == "golden"
    assert any("no lineage" in note for note in back.notes)


def test_a_record_without_provenance_is_a_bad_row(tmp_path, make_seed):
    record = json.loads(make_seed("x").line())
    del record["provenance"]
    (tmp_path / "x.jsonl").write_text(json.dumps(record) + "\n" + make_seed("y").line())
    back = read_cases(tmp_path / "x.jsonl")
    assert [case.text for case in back.cases] == ["y"]
    assert back.bad[0].line == 1
    assert "provenance" in back.bad[0].reason


def test_what_has_no_field_is_said(tmp_path, make_seed):
    notes = write_cases([make_seed("x", system="be kind")], tmp_path / "x.jsonl", "promptfoo")
    assert notes == ("1 case has `system`, for which promptfoo has no field; the lineage has it",)


def test_writing_never_destroys_its_input_and_leaves_nothing_half(tmp_path, make_seed):
    path = tmp_path / "x.jsonl"
    write_cases([make_seed("x")], path)
    with pytest.raises(UsageError, match="is the input itself"):
        write_cases([make_seed("y")], path, source=path)
    with pytest.raises(UsageError, match="did you mean 'promptfoo'"):
        write_cases([make_seed("y")], path, "promptfo")
    with pytest.raises(UsageError, match="name one with `--to`"):
        write_cases([make_seed("y")], tmp_path / "x.bin")
    with pytest.raises(UsageError, match="cannot hold csv"):
        write_cases([make_seed("y")], tmp_path / "y.json", "csv")
    with pytest.raises(MachineError, match="cannot be written"):
        write_cases([make_seed("y")], tmp_path / "absent" / "x.jsonl")
    assert [entry.name for entry in tmp_path.iterdir()] == ["x.jsonl"]


def test_the_name_of_a_file_says_its_format(tmp_path, make_seed):
    for name in ("a.promptfoo.json", "b.deepeval.jsonl", "c.csv"):
        write_cases([make_seed("x")], Path(tmp_path) / name)
        assert read_cases(tmp_path / name).cases == [make_seed("x")]


def test_a_file_without_a_case_is_one_clear_sentence(tmp_path):
    (tmp_path / "x.jsonl").write_text('{"colour": "red"}\n')
    with pytest.raises(NothingKeptError, match=r"line 1: no field is called like an input; fields there: 'colour'"):
        read_cases(tmp_path / "x.jsonl")
    (tmp_path / "y.csv").write_text("text,y\n")
    with pytest.raises(NothingKeptError, match="there are no rows"):
        read_cases(tmp_path / "y.csv")


def test_messages_in_any_layout_can_be_converted(tmp_path):
    (tmp_path / "x.txt").write_text("where is it\n\nand that\n")
    assert [case.text for case in read_cases(tmp_path / "x.txt", "text").cases] == ["where is it", "and that"]


def test_the_other_columns_of_anybodys_table_come_along(tmp_path):
    (tmp_path / "x.csv").write_text("text,metadata.intent,note\nwhere is it,card,late\n")
    (case,) = read_cases(tmp_path / "x.csv").cases
    assert (case.metadata, case.extra) == ({"intent": "card"}, {"note": "late"})


def test_a_device_is_written_to_and_a_link_is_followed(tmp_path, make_seed):
    write_cases([make_seed("x")], "/dev/null", RECORDS)
    assert not Path("/dev/null").is_file()
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "real.jsonl")
    write_cases([make_seed("x")], tmp_path / "link.jsonl")
    assert (tmp_path / "link.jsonl").is_symlink()
    assert read_cases(tmp_path / "real.jsonl").cases == [make_seed("x")]
