from __future__ import annotations

from anchorset.core import errors
from anchorset.core.errors import AnchorsetError, MissingExtraError, nearest


def test_every_error_of_ours_has_an_exit_code_of_the_command_line() -> None:
    family = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, AnchorsetError)]
    assert {kind.exit_code for kind in family} == {2, 4}


def test_a_missing_extra_says_the_command_that_installs_it() -> None:
    assert "pip install 'anchorset[parquet]'" in str(MissingExtraError("Reading Parquet", "parquet"))


def test_nearest_suggests_one_or_lists_all() -> None:
    assert nearest("inptu", ["input", "expected"]) == "did you mean 'input'?"
    assert nearest("zzz", ["input", "expected"]) == "known: expected, input"
