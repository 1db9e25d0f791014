from __future__ import annotations

import pytest

from anchorset.core.numbers import counted, plain, share


@pytest.mark.parametrize(
    ("value", "said"), [(0.0, "0 %"), (0.035, "3.5 %"), (0.22, "22 %"), (1.0, "100 %"), (None, "-")]
)
def test_share_reads_as_percent(value: float | None, said: str):
    assert share(value) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [(11 / 17, "64.7 %"), (0.6499, "64.9 %"), (0.65, "65 %"), (0.851, "85.1 %"), (0.8501, "85.1 %"), (0.86, "86 %")],
)
def test_a_share_is_never_said_on_the_other_side_of_a_limit(value: float, said: str):
    assert share(value, beside=(0.65, 0.85)) == said


@pytest.mark.parametrize(("value", "said"), [(0.912, "0.91"), (14.23, "14.2"), (1250.0, "1,250"), (None, "-")])
def test_plain_keeps_the_digits_that_matter(value: float | None, said: str):
    assert plain(value) == said


@pytest.mark.parametrize(
    ("count", "verb", "said"),
    [(1, "", "1 seed"), (0, "", "0 seeds"), (1250, "", "1,250 seeds"), (1, "is", "1 seed is"), (2, "is", "2 seeds are"),
     (1, "has", "1 seed has"), (3, "has", "3 seeds have"), (2, "stands", "2 seeds stand")],
)  # fmt: skip
def test_a_count_agrees_with_its_noun_and_verb(count: int, verb: str, said: str):
    assert counted(count, "seed", verb) == said
