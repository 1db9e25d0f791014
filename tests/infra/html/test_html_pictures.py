"""Lines, ridges and dots: inside the picture, inert, and said in words, whatever the numbers are."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorset.infra.html.dots import Panel, dots
from anchorset.infra.html.lines import MOST_POINTS, Line, lines
from anchorset.infra.html.plots import WIDTH
from anchorset.infra.html.ridges import Ridge, ridges

HOSTILE = '"><script>alert(1)</script>\u202e'
SHARES = st.one_of(st.none(), st.floats(0, 1))


def numbers(picture: str, name: str) -> list[float]:
    return [float(one) for one in re.findall(rf' {name}="(-?[\d.]+)"', picture)]


@given(rows=st.lists(st.lists(SHARES, min_size=1, max_size=20), min_size=1, max_size=9))
def test_lines_stay_inside_the_picture_with_any_values_and_gaps(rows):
    longest = max(map(len, rows))
    drawn = [
        Line(label=f"line {at}", kind=f"s{at % 7 + 1}", values=[*row, *[None] * (longest - len(row))])
        for at, row in enumerate(rows)
    ]
    picture = str(lines(drawn, [f"p{at}" for at in range(longest)], says="what it shows"))
    assert "nan" not in picture
    assert 'aria-label="what it shows"' in picture
    height = float(re.search(rf"0 0 {WIDTH} (\d+)", picture).group(1))
    assert all(0 <= x <= WIDTH for x in numbers(picture, "x1") + numbers(picture, "x2") + numbers(picture, "x"))
    assert all(0 <= y <= height for y in numbers(picture, "y1") + numbers(picture, "y2") + numbers(picture, "y"))


def test_only_the_last_points_are_drawn_and_names_do_not_cover_each_other():
    many = [f"v{at}" for at in range(30)]
    rows = [Line(label=f"b{at}", kind="s1", values=[0.5] * 30) for at in range(6)]
    picture = str(lines(rows, many, says=""))
    assert len(re.findall(r">v\d+<", picture)) == MOST_POINTS
    heights = [float(one) for one in re.findall(r'class="s1 name" x="\d+" y="([\d.]+)"', picture)]
    assert len(heights) == 6
    assert all(low + 14 <= high for low, high in itertools.pairwise(heights))


def test_no_line_and_one_point_are_pictures_too():
    assert "<svg" in lines([], [], says="")
    assert "<circle" in lines([Line(label="a", kind="real", values=[1.0], low=[0.9], high=[1.0])], ["v1"], says="")


@given(shares=st.lists(st.floats(0, 1), max_size=20), near=st.floats(0, 2), far=st.floats(0, 2))
def test_ridges_hold_any_band_and_any_shares(shares, near, far):
    steps = [0.1 * (at + 1) for at in range(len(shares))]
    band = (min(near, far), max(near, far))
    picture = str(ridges([Ridge(label="a", kind="s1", shares=shares)], steps, says="s", x="distance", band=band))
    assert "nan" not in picture
    assert all(0 <= x <= WIDTH for x in numbers(picture, "x"))


@given(points=st.lists(st.tuples(st.floats(-3, 3), st.floats(-3, 3)), max_size=30))
def test_dots_outside_the_map_stand_at_its_edge(points):
    picture = str(dots([Panel(label="a", kind="s1", points=points)], points, says="s"))
    spots = [(float(x), float(y)) for x, y in re.findall(r"M(\d+) (\d+)h0", picture)]
    assert len(spots) == 2 * len(points)
    assert all(12 <= x <= 218 and 12 <= y <= 218 for x, y in spots)


@pytest.mark.parametrize(
    "picture",
    [
        lines([Line(label=HOSTILE, kind="s1", values=[0.5])], [HOSTILE], says=HOSTILE),
        ridges([Ridge(label=HOSTILE, kind="s1", shares=[1.0], note=HOSTILE)], [1.0], says=HOSTILE, x=HOSTILE),
        dots([Panel(label=HOSTILE, kind="s1", points=[(0, 0)], note=HOSTILE)], [], says=HOSTILE),
    ],
)
def test_hostile_names_stay_text(picture):
    assert "<script" not in picture
    assert "\u202e" not in picture
