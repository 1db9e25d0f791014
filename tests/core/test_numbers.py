from __future__ import annotations

import pytest

from anchorset.core.numbers import plain, share


@pytest.mark.parametrize(
    ("value", "said"), [(0.0, "0 %"), (0.035, "3.5 %"), (0.22, "22 %"), (1.0, "100 %"), (None, "-")]
)
def test_share_reads_as_percent(value: float | None, said: str):
    assert share(value) == said


@pytest.mark.parametrize(("value", "said"), [(0.912, "0.91"), (14.23, "14.2"), (1250.0, "1,250"), (None, "-")])
def test_plain_keeps_the_digits_that_matter(value: float | None, said: str):
    assert plain(value) == said
