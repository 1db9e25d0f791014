from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorset.core.quota import largest_remainder, level, table

weights = st.dictionaries(st.sampled_from("abcdefgh"), st.floats(0, 1e6), min_size=1).filter(
    lambda w: sum(w.values()) > 0
)
rooms = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 50), min_size=1)


@given(st.integers(0, 5000), weights)
def test_quotas_add_up_and_each_is_within_one_of_its_share(total: int, shares: dict[str, float]) -> None:
    dealt = largest_remainder(total, shares)
    assert sum(dealt.values()) == total
    for name, weight in shares.items():
        assert abs(dealt[name] - total * weight / sum(shares.values())) < 1 + 1e-6


def test_the_largest_remainder_gets_the_last_seat() -> None:
    # Hamilton apportionment of 10 seats over 6:3:1 votes in 100: 4.7, 3.3, 2.0
    assert largest_remainder(10, {"a": 47, "b": 33, "c": 20}) == {"a": 5, "b": 3, "c": 2}


def test_weights_that_are_all_zero_are_refused() -> None:
    with pytest.raises(ValueError, match="not all 0"):
        largest_remainder(3, {"a": 0})


@given(st.integers(0, 500), rooms)
def test_level_fills_the_rare_cell_before_the_common_one_gets_more(total: int, room: dict[str, int]) -> None:
    dealt = level(total, room)
    assert sum(dealt.values()) == total
    if total <= sum(room.values()):
        for name in room:
            assert dealt[name] <= room[name]
            for other in room:
                if dealt[name] + 1 < dealt[other]:
                    assert dealt[name] == room[name]


@given(rooms, st.lists(st.floats(0.01, 1), min_size=1, max_size=4))
def test_a_table_has_the_sums_it_was_given(room: dict[str, int], shares: list[float]) -> None:
    total = sum(room.values())
    rows = largest_remainder(total, {str(n): share for n, share in enumerate(shares)})
    dealt = table(rows, room)
    for row, wanted in rows.items():
        assert sum(count for (r, _), count in dealt.items() if r == row) == wanted
    for column, wanted in room.items():
        assert sum(count for (_, c), count in dealt.items() if c == column) == wanted
    assert all(count >= 0 for count in dealt.values())
