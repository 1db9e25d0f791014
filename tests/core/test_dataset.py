from __future__ import annotations

import pytest

from anchorset.core.dataset import bumped, dataset_digest, parse_ref, parse_version
from anchorset.core.errors import UsageError


def test_a_reference_is_a_name_with_or_without_a_version() -> None:
    assert parse_ref("refund-bot@1.2.0") == ("refund-bot", "1.2.0")
    assert parse_ref("refund-bot") == ("refund-bot", None)


@pytest.mark.parametrize("ref", ["", "@1.0.0", "x@", "x@1", "x@01.0.0", "../x@1.0.0", "a/b", "x\n", "x" * 65])
def test_what_names_no_dataset_is_refused(ref: str) -> None:
    with pytest.raises(UsageError):
        parse_ref(ref)


def test_versions_are_numbers_and_not_texts() -> None:
    assert parse_version("1.10.0") > parse_version("1.9.9")
    assert (bumped("1.9.3", "minor"), bumped("1.9.3", "major")) == ("1.10.0", "2.0.0")


def test_a_digest_does_not_depend_on_the_order_of_rows() -> None:
    assert dataset_digest({"c_1": "a", "c_2": "b"}) == dataset_digest({"c_2": "b", "c_1": "a"})
    assert dataset_digest({"c_1": "a"}) != dataset_digest({"c_1": "b"})
