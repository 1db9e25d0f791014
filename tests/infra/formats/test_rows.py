from __future__ import annotations

import codecs
import contextlib
import csv
import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorset.core.errors import AnchorsetError, InputError, MissingExtraError, UsageError
from anchorset.infra.formats.row import MAX_ROW, BadRow, Row
from anchorset.infra.formats.rows import READERS, Opened, open_rows


def opened(path: Path, data: bytes | str, format: str = "auto") -> tuple[Opened, list[Row], list[BadRow]]:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    file = open_rows(path, format)
    rows = list(file.rows)
    return file, [row for row in rows if isinstance(row, Row)], [row for row in rows if isinstance(row, BadRow)]


@pytest.mark.parametrize(
    ("name", "data", "format"),
    [
        ("x.csv", "text,category\na,b\n", "csv"),
        ("x.csv", '{"text": "a"}\n', "jsonl"),
        ("x.tsv", "text\tcategory\na\tb\n", "tsv"),
        ("x.dat", "text\tcategory\na\tb\nc\td\n", "csv"),
        ("x.log", '{"text": "a"}\n{"text": "b"}\n', "jsonl"),
        ("x.json", '{"text": "a"}\n{"text": "b"}\n', "jsonl"),
        ("x.json", '[{"text": "a"}]', "json"),
        ("x.json", '{\n "text": "a"\n}', "json"),
        ("x.txt", "where is it, please\n", "text"),
        ("x.txt", "[bot] hello\n", "text"),
        ("x", "where is it, please\n", "text"),
    ],
)
def test_the_format_is_found_by_content_and_suffix(tmp_path, name, data, format):
    file, rows, bad = opened(tmp_path / name, data)
    assert (file.format, len(rows) > 0, bad) == (format, True, [])


def test_a_format_can_be_named_and_an_unknown_name_lists_the_known(tmp_path):
    _, rows, _ = opened(tmp_path / "x.csv", "a,b\nc,d\n", "text")
    assert [row.fields["text"] for row in rows] == ["a,b", "c,d"]
    with pytest.raises(UsageError, match="did you mean 'jsonl'"):
        open_rows(tmp_path / "x.csv", "jsnl")
    with pytest.raises(UsageError, match="parquet"):
        open_rows(tmp_path / "x.csv", "zzzz")
    with pytest.raises(UsageError, match="not a Parquet file"):
        open_rows(tmp_path / "x.csv", "parquet")


@pytest.mark.parametrize(
    ("codec", "mark", "said"),
    [
        ("utf-8", b"", ""),
        ("utf-8", codecs.BOM_UTF8, "byte order mark"),
        ("utf-16-le", codecs.BOM_UTF16_LE, "UTF-16 LE"),
        ("utf-16-be", codecs.BOM_UTF16_BE, "UTF-16 BE"),
        ("utf-16-le", b"", "UTF-16 LE"),
        ("utf-32-le", codecs.BOM_UTF32_LE, "UTF-32"),
        ("latin-1", b"", "cp1252"),
        ("cp1252", b"", "cp1252"),
    ],
)
def test_encodings_are_read_and_said_aloud(tmp_path, codec, mark, said):
    text = "text,category\r\nwo ist meine größe, café,x\r\n".replace(", café", " café")
    file, rows, bad = opened(tmp_path / "x.csv", mark + text.encode(codec))
    assert [row.fields for row in rows] == [{"text": "wo ist meine größe café", "category": "x"}]
    assert bad == []
    assert said in " ".join(file.notes)
    assert bool(said) == bool(file.notes)


def test_emoji_right_to_left_and_combining_marks_survive_unchanged(tmp_path):
    texts = ["👩‍👩‍👧‍👦 help", "مرحبا كيف\u200fحالك", "e\u0301 not é", "a\u2028b", "fin\u00a0", "\u200bzero"]
    _, rows, bad = opened(tmp_path / "x.csv", "text\r\n" + "".join(f'"{text}"\r\n' for text in texts) + "\r\n\r\n")
    assert [row.fields["text"] for row in rows] == texts
    assert bad == []


def test_one_row_of_invalid_utf8_is_set_aside_and_the_others_stay(tmp_path):
    for name, good in (("x.jsonl", b'{"text": "good"}\n'), ("x.txt", b"good\n"), ("x.csv", b"good,x\n")):
        head = b"text,y\n" if name == "x.csv" else b""
        _, rows, bad = opened(tmp_path / name, head + good + good.replace(b"good", b"b\xff\xfe") + good)
        assert [row.fields["text"] for row in rows] == ["good", "good"]
        assert [row.line for row in bad] == [3 if head else 2]
        assert "0xff" in bad[0].reason
        assert bad[0].raw.encode()


def test_nul_bytes_cost_their_row_only(tmp_path):
    _, rows, bad = opened(tmp_path / "x.csv", "text,y\ngood,1\nb\0d,2\ngood,3\n")
    assert [row.line for row in rows] == [2, 4]
    assert (bad[0].line, bad[0].reason) == (3, "a NUL byte at character 2")


@pytest.mark.parametrize("name", ["x.csv", "x.jsonl", "x.txt"])
def test_a_line_of_ten_megabytes_is_set_aside(tmp_path, name):
    long = "x" * 10_000_000
    text = {
        "x.csv": f"text,y\ngood,1\n{long},2\ngood,3\n",
        "x.jsonl": f'{{"text": "good"}}\n{{"text": "{long}"}}\n{{"text": "good"}}\n',
        "x.txt": f"good\n{long}\ngood\n",
    }[name]
    _, rows, bad = opened(tmp_path / name, text)
    assert [row.fields["text"] for row in rows] == ["good", "good"]
    assert len(bad) == 1
    assert f"{MAX_ROW:,}" in bad[0].reason
    assert len(bad[0].raw) <= 2000


def test_a_long_line_does_not_change_what_the_encoding_is_taken_for(tmp_path):
    file, rows, bad = opened(tmp_path / "x.txt", "good\n" + "é" * 5_000_001 + "\ngood\n")
    assert (file.encoding, file.notes, len(rows), len(bad)) == ("utf-8", (), 2, 1)


def test_a_nesting_bomb_is_set_aside(tmp_path):
    bomb = "[" * 200_000 + "]" * 200_000
    _, rows, bad = opened(tmp_path / "x.jsonl", f'{{"text": "good"}}\n{{"text": {bomb}}}\n{{"text": "good"}}\n')
    assert len(rows) == 2
    assert "recursion limit" in bad[0].reason
    with pytest.raises(InputError, match="recursion limit"):
        opened(tmp_path / "x.json", bomb)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"text": "a"', "not valid JSON"),
        ('{"text": NaN}', "not valid JSON"),
        ('{"text": "\\ud800"}', "not valid JSON"),
        ("[1, 2]", "a JSON object expected"),
        ("17", "a JSON object expected"),
    ],
)
def test_a_broken_line_of_json_is_set_aside_with_its_reason(tmp_path, line, reason):
    _, rows, bad = opened(tmp_path / "x.jsonl", f'{{"text": "good"}}\n{line}\n\n"also good"\n')
    assert [row.fields["text"] for row in rows] == ["good", "also good"]
    assert bad[0].line == 2
    assert reason in bad[0].reason


def test_line_numbers_are_physical_even_after_quoted_newlines(tmp_path):
    _, rows, bad = opened(tmp_path / "x.csv", 'text,y\n"one\ntwo\r\nthree",1\n\nragged\nlast,2\n')
    assert [(row.line, row.fields["text"]) for row in rows] == [(2, "one\ntwo\r\nthree"), (7, "last")]
    assert [(row.line, row.reason) for row in bad] == [(6, "1 cell, 2 expected as in the header")]


def test_ragged_rows_are_set_aside_whole(tmp_path):
    _, rows, bad = opened(tmp_path / "x.csv", 'text,y\na,1\nb,2,3\n"c\nd,4\ne",5,6\nf,7\n')
    assert [row.fields["text"] for row in rows] == ["a", "f"]
    assert [row.line for row in bad] == [3, 4]


def test_a_quote_that_never_closes_does_not_swallow_the_file(tmp_path):
    _, rows, bad = opened(tmp_path / "x.csv", 'text,y\na,1\n"oops,2\nb,3\nc,4\n')
    assert [row.fields["text"] for row in rows] == ["a", "b", "c"]
    assert [row.line for row in bad] == [3]
    _, rows, bad = opened(tmp_path / "y.csv", 'text,y\na,1\n"oops,2\n' + "b,3\n" * 50_000)
    assert (len(rows), [row.line for row in bad]) == (50_001, [3])


def test_a_lone_column_needs_no_quotes(tmp_path):
    _, rows, bad = opened(tmp_path / "x.csv", 'text\nhello, how are you\n"quoted, ""too"""\n')
    assert [row.fields["text"] for row in rows] == ["hello, how are you", 'quoted, "too"']
    assert bad == []


def test_delimiters_are_found_and_said(tmp_path):
    for mark, name in ((";", "semicolon"), ("|", "bar"), ("\t", "tab")):
        file, rows, _ = opened(tmp_path / "x.csv", f"text{mark}y\na, b{mark}1\nc{mark}2\n")
        assert [row.fields["text"] for row in rows] == ["a, b", "c"]
        assert any(name in note for note in file.notes)


def test_tables_of_tabs_may_have_loose_quotes(tmp_path):
    _, rows, bad = opened(tmp_path / "x.tsv", 'text\ty\n"so called friend\t1\nb\t2\n"well\t3\n')
    assert [row.fields["text"] for row in rows] == ['"so called friend', "b", '"well']
    assert bad == []


def test_columns_without_or_with_the_same_name_are_told_apart(tmp_path):
    file, rows, _ = opened(tmp_path / "x.csv", "text,,text\na,b,c\n")
    assert file.columns == ("text", "column_2", "text_3")
    assert rows[0].fields == {"text": "a", "column_2": "b", "text_3": "c"}
    assert any("twice" in note for note in file.notes)


def test_lists_inside_json_are_found(tmp_path):
    for text in ('[{"q": 1}]', '{"tests": [{"q": 1}]}', '{"results": {"version": 3, "results": [{"q": 1}]}}',
                 '{"q": ["1"]}'):  # fmt: skip
        _, rows, _ = opened(tmp_path / "x.json", text)
        assert [str(row.fields["q"]) for row in rows] == ["1"], text
    with pytest.raises(InputError, match="save it as JSONL"):
        opened(tmp_path / "x.json", '[{"q": 1},')


def test_parquet_rows_are_json_values(tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    from datetime import datetime

    from pyarrow import parquet

    table = pyarrow.table({"text": ["a", "b"], "at": [datetime(2026, 1, 2), None], "x": [1.5, float("nan")]})  # noqa: DTZ001
    parquet.write_table(table, tmp_path / "x.parquet")
    file = open_rows(tmp_path / "x.parquet")
    assert [tuple(row.fields.values()) for row in file.rows] == [("a", "2026-01-02T00:00:00", 1.5), ("b", None, None)]
    assert (file.format, file.unit) == ("parquet", "row")
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 and then nothing")
    with pytest.raises(InputError, match="not a readable Parquet file"):
        open_rows(tmp_path / "broken.parquet")


def test_without_pyarrow_the_extra_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    (tmp_path / "x.parquet").write_bytes(b"PAR1")
    with pytest.raises(MissingExtraError, match=r"anchorset\[parquet\]"):
        open_rows(tmp_path / "x.parquet")


def test_files_that_cannot_be_read_say_what_where_and_the_way_out(tmp_path):
    (tmp_path / "empty.csv").touch()
    with pytest.raises(InputError, match=r"empty\.csv: the file is empty"):
        open_rows(tmp_path / "empty.csv")
    with pytest.raises(InputError, match="is a folder"):
        open_rows(tmp_path)
    with pytest.raises(InputError, match=r"did you mean 'empty\.csv'"):
        open_rows(tmp_path / "emty.csv")
    with pytest.raises(InputError, match=r"check the name \(1 other entry in that folder\)"):
        open_rows(tmp_path / "logs.csv")
    with pytest.raises(InputError, match="Check the path"):
        open_rows(tmp_path / "absent" / "x.csv")
    with pytest.raises(InputError, match="cannot be read"):
        open_rows(tmp_path / "x\0.csv")
    (tmp_path / "x.xlsx").write_bytes(b"PK\x03\x04 and so on")
    with pytest.raises(InputError, match="Excel workbook"):
        open_rows(tmp_path / "x.xlsx")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_says_so(tmp_path):
    (tmp_path / "x.csv").write_text("text\na\n")
    (tmp_path / "x.csv").chmod(0)
    with pytest.raises(InputError, match="Permission denied"):
        open_rows(tmp_path / "x.csv")


def test_a_pipe_can_be_read(tmp_path):
    read, write = os.pipe()
    os.write(write, b'{"text": "a"}\n{"text": "b"}\n')
    os.close(write)
    assert [row.fields["text"] for row in open_rows(f"/dev/fd/{read}").rows] == ["a", "b"]
    os.close(read)


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=2, max_size=2)))
def test_what_a_csv_writer_wrote_is_read_back(tmp_path_factory, cells):
    path = tmp_path_factory.mktemp("csv") / "x.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([["a", "b"], *cells])
    rows = list(open_rows(path, "csv").rows)
    assert [list(row.fields.values()) for row in rows if isinstance(row, Row)] == cells


@given(st.binary(max_size=300), st.sampled_from(["csv", "tsv", "jsonl", "json", "txt", "parquet", "log"]))
def test_no_bytes_end_in_anything_but_rows_or_our_errors(tmp_path_factory, data, suffix):
    path = tmp_path_factory.mktemp("fuzz") / f"x.{suffix}"
    for format in ("auto", *READERS):
        with contextlib.suppress(AnchorsetError):
            for row in opened(path, data, format)[1]:
                str(row.fields).encode()


@given(
    st.lists(
        st.sampled_from(['"', ",", "\n", "\r", "a", "\t", "\0", "{", "}", "[", '"a"', ":", "é", "\ud800", ";", "1"]),
        max_size=40,
    ).map("".join),
    st.sampled_from(["csv", "tsv", "jsonl", "json", "txt"]),
)
def test_no_arrangement_of_marks_ends_in_a_traceback(tmp_path_factory, text, suffix):
    path = tmp_path_factory.mktemp("fuzz") / f"x.{suffix}"
    with contextlib.suppress(AnchorsetError):
        opened(path, text.encode("utf-8", "surrogatepass"))


def test_a_row_with_a_key_twice_is_set_aside_and_no_other(tmp_path):
    lines = [
        '{"input": "first", "input": "second"}', '{"input" : "a", "n" : 1, "input" : "b"}',
        '{"input": "fine", "n": [{"input": "x"}, {"input": "y"}]}', '{"input": "says \\"input\\": twice", "n": 1}',
        '{"input": "n", "n": "input"}',
    ]  # fmt: skip
    _, rows, bad = opened(tmp_path / "x.jsonl", "\n".join(lines))
    assert [(row.line, row.reason) for row in bad] == [
        (1, 'the key "input" is there twice in one object'), (2, 'the key "input" is there twice in one object'),
    ]  # fmt: skip
    assert [row.line for row in rows] == [3, 4, 5]
