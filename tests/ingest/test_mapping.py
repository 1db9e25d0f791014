from __future__ import annotations

import pytest

from anchorset.core.errors import InputError, UsageError
from anchorset.ingest.mapping import against, check, parse


def test_a_mapping_is_read_from_one_line():
    assert parse("input=text, expected=answer,metadata.intent=my category,id=vars.id") == {
        "input": "text", "expected": "answer", "metadata.intent": "my category", "id": "vars.id",
    }  # fmt: skip
    assert parse("input=what, exactly,id=n") == {"input": "what, exactly", "id": "n"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("input", "no `target=column`"),
        ("input=", "no `target=column`"),
        ("", "no `target=column`"),
        ("inptu=text", "did you mean 'input'"),
        ("metadata.=x", "we do not know"),
        ("input=a,input=b", "twice"),
        ("input=a,turn=b", "Add `conversation=COLUMN`"),
    ],
)
def test_what_is_no_mapping_names_the_part_and_the_way_out(text, said):
    with pytest.raises(UsageError, match=said):
        parse(text)


def test_a_mapping_given_as_a_dict_is_checked_alike():
    with pytest.raises(UsageError, match="did you mean 'expected'"):
        check({"expectd": "x"})


def test_a_column_that_is_not_there_names_the_nearest_and_all():
    against({"input": "vars.question"}, ["vars"], where="x.jsonl")
    with pytest.raises(InputError, match=r"x\.csv has no column 'txt'; did you mean 'text'\? .*'text', 'label'"):
        against({"input": "txt"}, ["text", "label"], where="x.csv")
