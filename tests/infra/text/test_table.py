from anchorset.infra.text.table import aligned


def test_a_table_aligns_its_columns() -> None:
    assert aligned([("name", "n"), ("a", 1), ("bcdef", 1234)]) == ["name      n", "a         1", "bcdef  1234"]


def test_a_single_column_ends_without_blanks_and_no_rows_are_no_lines() -> None:
    assert aligned([("name",), ("a",)]) == ["name", "a"]
    assert aligned([]) == []


def test_words_stand_to_the_left_and_numbers_to_the_right() -> None:
    rows = [("id", "says", "rate"), ("a", "to me", "5% (1-9)"), ("b", "4 you", "-"), ("c", "", "12%")]
    assert aligned(rows) == [
        "id  says       rate", "a   to me  5% (1-9)", "b   4 you         -", "c               12%"
    ]  # fmt: skip
