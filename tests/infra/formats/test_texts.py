from __future__ import annotations

import pytest

from anchorset.core.errors import InputError, NothingKeptError
from anchorset.infra.formats.case_files import FORMATS, write_cases
from anchorset.infra.formats.texts import texts


@pytest.mark.parametrize(
    ("name", "content", "field"),
    [
        ("x.csv", "id,question\n1,where is it\n", "question"),
        ("x.csv", "Text,label\nwhere is it,a\n", "Text"),
        ("x.txt", "where is it\n", "text"),
        ("x.jsonl", '{"utterance": "where is it"}', "utterance"),
        ("x.jsonl", '{"vars": {"question": "where is it"}, "assert": []}', "vars.question"),
        ("x.jsonl", '{"vars": {"tone": "curt", "query": "where is it"}}', "vars.query"),
        ("x.json", '{"results": {"results": [{"vars": {"q": "where is it"}, "success": true}]}}', "vars.q"),
        ("x.json", '[{"input": "where is it", "expected_output": "there"}]', "input"),
        ("x.json", '[{"scenario": "s", "turns": [{"role": "user", "content": "where is it"}]}]', "turns"),
        ("x.jsonl", '{"user_input": "where is it", "reference": "there"}', "user_input"),
        ("x.jsonl", '{"user_input": [{"type": "human", "content": "where is it"}, {"type": "ai", "content": "there"}]}',
         "user_input"),
        ("x.jsonl", '{"messages": [{"role": "user", "content": "where is it"}, {"role": "assistant", "content": "x"}]}',
         "messages"),
        ("x.jsonl", '{"conversations": [{"from": "human", "value": "where is it"}, {"from": "gpt", "value": "x"}]}',
         "conversations"),
    ],
)  # fmt: skip
def test_the_users_words_are_found_and_the_field_is_said(tmp_path, name, content, field):
    (tmp_path / name).write_text(content)
    found = texts(tmp_path / name)
    assert (found.texts, found.field) == (["where is it"], field)
    assert any(f"`{field}`" in note for note in found.notes)


def test_our_own_cases_come_with_id_and_bucket_from_every_format(tmp_path, make_seed):
    made = [make_seed("where is it", metadata={"intent": "card"})]
    for name, format in FORMATS.items():
        write_cases(made, tmp_path / f"x.{format.layouts[0]}", name)
        found = texts(tmp_path / f"x.{format.layouts[0]}")
        assert found.texts == ["where is it"], name
        expected = {"case_id": made[0].id, "bucket": "seed", "intent": "card"}
        assert expected.items() <= found.metadata[0].items(), name


def test_a_named_field_is_taken_and_a_missing_one_names_its_neighbours(tmp_path):
    (tmp_path / "x.csv").write_text("id,body,label\n1,where is it,a\n")
    found = texts(tmp_path / "x.csv", "body")
    assert (found.texts, found.metadata) == (["where is it"], [{"id": "1", "label": "a"}])
    with pytest.raises(
        InputError, match=r"no column 'bdy'; did you mean 'body'\? .* Name one of them with `--field NAME`"
    ):
        texts(tmp_path / "x.csv", "bdy")
    with pytest.raises(InputError, match="no column 'input'"):
        texts(tmp_path / "x.csv")


def test_rows_without_a_text_are_told_apart_from_no_texts_at_all(tmp_path):
    (tmp_path / "x.csv").write_text("text,y\n,1\nwhere,2\n")
    found = texts(tmp_path / "x.csv")
    assert (found.texts, found.lines, [row.line for row in found.bad]) == (["where"], [3], [2])
    (tmp_path / "x.csv").write_text("text,y\n,1\n")
    with pytest.raises(NothingKeptError, match="line 2"):
        texts(tmp_path / "x.csv")


def test_pairs_of_speaker_and_text_are_read_as_what_the_user_said(tmp_path):
    (tmp_path / "x.jsonl").write_text('{"turns": [["agent", "Hi!"], ["customer", "my bag?"]]}\n')
    assert texts(tmp_path / "x.jsonl").texts == ["my bag?"]
