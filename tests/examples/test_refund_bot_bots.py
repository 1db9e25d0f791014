import runpy
import time
from math import comb
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorset.examples.refund_bot import bots
from anchorset.examples.refund_bot.naive import naive_rows
from anchorset.examples.refund_bot.seeds import seed_rows

PAGE = Path(__file__).parents[2] / "docs" / "example.md"
ACTIONS = set(get_args(bots.Action))
BOTH = pytest.mark.parametrize("bot", [bots.current, bots.next], ids=["current", "next"])


def passes(bot, rows):
    return [bot(row["text"]) == row["expected"] for row in rows]


def flips(rows):
    """(n gained, n lost) when `next` takes the place of `current`."""
    pairs = list(zip(passes(bots.current, rows), passes(bots.next, rows), strict=True))
    return pairs.count((False, True)), pairs.count((True, False))


def sign_test_p(gained, lost):
    n, k = gained + lost, min(gained, lost)
    return min(1.0, 2 * sum(comb(n, i) for i in range(k + 1)) / 2**n)


@BOTH
@given(text=st.text())
def test_any_text_gets_one_of_the_actions_and_the_same_one_twice(bot, text):
    action = bot(text)
    assert action in ACTIONS
    assert bot(text) == action


@BOTH
@pytest.mark.parametrize(
    "text", ["", "   ", "\x00", "\ud800", "١٢ days", "' OR 1=1 --", "refund " * 150_000, "9" * 1_000_000]
)
def test_hostile_texts_are_answered_like_any_other(bot, text):
    assert bot(text) in ACTIONS


@BOTH
def test_a_megabyte_is_read_no_further_than_its_beginning(bot):
    started = time.perf_counter()
    assert bot("x " * 500_000 + "refund") == "fallback"
    assert time.perf_counter() - started < 0.1


@BOTH
@given(text=st.text(alphabet=st.characters(codec="ascii"), max_size=200))
def test_capitals_change_nothing(bot, text):
    assert bot(text.upper()) == bot(text.lower())


def test_current_hears_many_ways_of_asking_where_next_waits_for_the_word():
    for text in ("broken, i want my money back", "reverse the charge, it's smashed", "the wrong one. send me a label"):
        assert bots.current(text) != "fallback"
        assert bots.next(text) == "fallback"


def test_next_reads_the_handbook_where_current_does_not():
    polite = "I would like a refund, the jacket is not as described."
    assert bots.next(polite) == "approve_label"
    assert bots.current(polite) == "ask"


@pytest.mark.parametrize(
    ("span", "days"),
    [("45 days", 45), ("six weeks", 42), ("a year", 365), ("2 days then 3 weeks", 21), ("birthday", 0), ("40 euro", 0)],
)
def test_longest_span_is_counted_in_days(span, days):
    assert bots._longest_span_days(f" {span} ") == days


def test_on_the_seed_next_loses_at_least_twelve_points_beyond_chance():
    rows = seed_rows()
    current = sum(passes(bots.current, rows)) / len(rows)
    gained, lost = flips(rows)
    assert 0.55 <= current <= 0.70
    assert (lost - gained) / len(rows) >= 0.12
    assert sign_test_p(gained, lost) < 0.001


def test_on_the_naive_set_next_gains_at_least_four_points_beyond_chance():
    rows = naive_rows()
    current = sum(passes(bots.current, rows)) / len(rows)
    gained, lost = flips(rows)
    assert 0.80 <= current <= 0.88
    assert lost > 0
    assert (gained - lost) / len(rows) >= 0.04
    assert sign_test_p(gained, lost) < 0.01


def test_where_a_seed_says_refund_next_opens_a_claim_and_where_none_does_it_mostly_cannot():
    rows = [row for row in seed_rows() if row["expected"] != "track"]
    with_word = [row for row in rows if "refund" in row["text"].lower()]
    without = [row for row in rows if "refund" not in row["text"].lower()]
    assert all(bots.next(row["text"]) not in {"fallback", "track"} for row in with_word)
    assert sum(passes(bots.next, without)) / len(without) < sum(passes(bots.next, with_word)) / len(with_word)


def test_the_documentation_shows_what_the_module_prints(capsys):
    runpy.run_module("anchorset.examples.refund_bot", run_name="__main__")
    printed = capsys.readouterr().out
    page = PAGE.read_text(encoding="utf-8")
    assert [line.split()[0] for line in printed.splitlines()] == ["rows", "seed", "naive"]
    assert printed in page


def test_the_documented_code_runs(capsys):
    code = PAGE.read_text(encoding="utf-8").partition("```python\n")[2].partition("```")[0]
    exec(compile(code, PAGE.name, "exec"), {})
    assert " 200 " in capsys.readouterr().out
