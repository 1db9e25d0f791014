"""Against the costume: what is ordered is distributed as the seeds are, and habits of the model are seen and named."""

from __future__ import annotations

import random
import time
from collections import Counter
from pathlib import Path

import pytest
from asking_orders import asked, order, seed, shop
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare, kstest

from anchorset.core.persona import Communication, Persona
from anchorset.produce.asking.book import stylebook
from anchorset.produce.asking.steering import FROM, Steering, steering
from anchorset.produce.asking.style import Style, fitting, styles_of

SEEDS = shop()
LATE = {"why": "late"}


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("where is my card", Style(length=4, capitals="lower")),
        ("Where is my card?", Style(length=4, ends="?")),
        ("WHERE IS IT!!", Style(length=3, capitals="upper", ends="!", marks=True)),
        ("i want Amazon to pay", Style(length=5, capitals="small_start")),
        ("Hello, the mug broke. What now? Thanks",
         Style(length=7, sentences=2, greets=True, polite=True, signs_off=True)),
        ("dont know lol :)", Style(length=3, capitals="lower", slang=True, careless=True, emoji=True)),
        ("It came broken...", Style(length=3, ends="…")),
        ("1 mug missing", Style(length=3, capitals="lower")),
        ("カードが届きません", Style(length=9, unit="characters")),
    ],
)  # fmt: skip
def test_the_style_of_a_message(text: str, style: Style) -> None:
    (found,) = styles_of([text])
    assert found == style


@given(st.text(max_size=120))
@settings(deadline=None)
def test_every_text_has_a_style_that_can_be_said(text: str) -> None:
    (found,) = styles_of([text])
    assert found.phrase
    assert all(name in Style.__slots__ for name in found.recorded)


def test_a_first_word_is_ordered_only_when_it_is_common() -> None:
    styles = styles_of(["Kim is late", *["My mug is late"] * 5, *["[NAME_1] is late"] * 5])
    assert [style.opening for style in styles[:2]] == [None, "my"]
    assert {style.opening for style in styles[6:]} == {None}


def test_what_is_ordered_has_the_seeds_own_distribution() -> None:
    rng = random.Random(5)
    seeds = [
        seed(" ".join(rng.choices(("my", "mug", "Came", "late"), k=int(rng.lognormvariate(2, 0.6)) + 1)) + f" {n}"
             + rng.choice(("", "", ".", "?", " please")), why="late")
        for n in range(400)
    ]  # fmt: skip
    book = stylebook(seeds)
    real = [sound.style for sound in book.sounds]
    drawn = [slot.style for one in asked(seeds, 150, book=book, **LATE) for slot in one.slots if slot.style]
    assert len(drawn) == 150
    assert kstest([style.length or 0 for style in drawn], [style.length or 0 for style in real]).pvalue > 0.05
    for aspect in (lambda s: s.ends, lambda s: s.capitals, lambda s: s.polite, lambda s: s.opening):
        expected, found = Counter(map(aspect, real)), Counter(map(aspect, drawn))
        kinds = sorted(expected, key=str)
        shares = [expected[kind] / len(real) * len(drawn) for kind in kinds]
        assert len(kinds) == 1 or chisquare([found[kind] for kind in kinds], shares).pvalue > 0.05


def test_a_whole_lap_of_draws_is_the_seeds_styles_exactly() -> None:
    book = stylebook(SEEDS)
    own = [book.sound(one) for one in order(SEEDS, **LATE).cell.seeds]
    drawn = [slot.style for one in asked(SEEDS, len(own), book=book, **LATE) for slot in one.slots]
    assert Counter(drawn) == Counter(sound.style for sound in own if sound)


def test_a_cell_with_few_seeds_takes_styles_from_the_cells_next_to_it() -> None:
    seeds = [seed(f"HURRY UP NUMBER {n}", who="angry", why="late") for n in range(40)]
    seeds += [seed(f"good day, number {n} please", who="new", why="broken") for n in range(40)]
    (request,) = asked(seeds, who="angry", why="broken")
    styles = stylebook(seeds).styles(order(seeds, who="angry", why="late"), None)
    assert {style.capitals for style in styles} == {"upper"}
    assert request.slots[0].style is not None


def test_neighbours_are_those_who_write_alike_not_those_who_write_of_the_same() -> None:
    seeds = [
        seed(text.format(n), who=who, why=why)
        for n in range(20)
        for who, text in (("angry", "WHERE IS NUMBER {}!!"), ("new", "hello, could you look for number {} please"))
        for why in ("late", "broken")
    ]
    book = stylebook(seeds)
    assert book.axis_weights["who"] > 0.5 > book.axis_weights["why"]
    empty = {"who": "angry", "why": "regret"}
    assert {sound.style.capitals for sound in book.elsewhere(empty)} == {"upper"}


def test_in_a_language_that_no_seed_is_in_first_words_stay_out() -> None:
    (request,) = asked(SEEDS, language="de", **LATE)
    assert {slot.style.opening for slot in request.slots if slot.style} == {None}
    assert any(slot.style.opening for one in asked(SEEDS, 30, **LATE) for slot in one.slots if slot.style)


@given(
    st.builds(
        Communication, case=st.sampled_from((None, "lower", "sentence", "upper")),
        emoji=st.sampled_from((None, "none", "frequent")),
        punctuation=st.sampled_from((None, "none", "plain", "heavy")),
        formality=st.sampled_from((None, "none", "low", "medium", "high")),
    )
)  # fmt: skip
def test_what_a_persona_says_for_certain_holds_in_every_draw(how: Communication) -> None:
    styles = fitting([sound.style for sound in stylebook(SEEDS).sounds], Persona(name="p", communication=how))
    assert styles
    for style in styles:
        assert how.case is None or style.capitals == how.case
        assert how.emoji is None or style.emoji == (how.emoji == "frequent")
        assert how.punctuation != "none" or (style.ends, style.marks) == ("", False)
        assert how.punctuation != "heavy" or style.marks
        assert how.formality != "high" or not (style.slang or style.careless)


def test_placeholders_of_the_seeds_are_offered_and_no_others() -> None:
    masked = [seed(f"this is [NAME_1], order [ORDER_{n}] is late", **LATE) for n in range(9)]
    assert set(stylebook(masked).placeholders) == {"NAME", "ORDER"}
    assert "[ORDER_1]" in asked(masked, **LATE)[0].ask.lines[0].content
    assert "No personal data" in asked(SEEDS, **LATE)[0].ask.lines[0].content


REAL = [f"my {thing} is late" for thing in ("mug", "rug", "tent", "bike")] * 25


def test_a_models_habits_are_found() -> None:
    made = [f"I have been waiting, kindly assist with order {n}" for n in range(12)] + REAL[:28]
    found = steering(made, REAL)
    assert {"kindly", "assist"} <= set(found.words)
    assert found.openings == ("i have",)
    assert "late" not in found.words
    assert not found.too_long


def test_messages_that_grow_too_long_are_noticed() -> None:
    assert steering([f"{text} and so on and so on" for text in REAL[:20]], REAL).too_long
    assert not steering(REAL[:20], REAL).too_long


def test_the_users_own_words_and_openings_are_not_steered_against() -> None:
    assert steering(REAL[:40], REAL) == Steering(longer=1.0)


def test_a_few_texts_are_no_habit() -> None:
    assert steering(["kindly assist"] * (FROM - 1), REAL) == Steering()


def test_without_seeds_only_openings_are_steered() -> None:
    found = steering(["kindly assist with this"] * 20, [])
    assert (found.words, found.openings) == ((), ("kindly assist",))


@given(st.randoms(use_true_random=False))
@settings(max_examples=20, deadline=None)
def test_steering_does_not_hang_on_the_order_of_texts(rng: random.Random) -> None:
    made = [f"kindly assist with {n % 7} things" for n in range(30)] + REAL[:30]
    assert steering(rng.sample(made, len(made)), rng.sample(REAL, len(REAL))) == steering(made, REAL)


def test_steering_over_ten_thousand_texts_is_quick() -> None:
    made = [f"please help me with my {n} order, it has not come and I wait" for n in range(10_000)]
    steering(made[:20], REAL)
    begun = time.process_time()
    steering(made, REAL)
    assert time.process_time() - begun < 0.6  # 0.15 s alone on this machine; others may share the core


def test_draws_match_real_banking_messages(data: Path) -> None:
    import csv

    with (data / "banking77" / "train.csv").open(encoding="utf-8", newline="") as file:
        seeds = [seed(row["text"], category=row["category"]) for row in csv.DictReader(file)][:2000]
    book = stylebook(seeds)
    drawn = [slot.style for one in asked(seeds, 600, book=book) for slot in one.slots if slot.style]
    real = [sound.style for sound in book.sounds]
    assert kstest([style.length or 0 for style in drawn], [style.length or 0 for style in real]).pvalue > 0.05
    expected, found = Counter(style.opening for style in real), Counter(style.opening for style in drawn)
    kinds = [kind for kind in expected if expected[kind] >= 40]
    for kind in kinds:
        assert abs(found[kind] / len(drawn) - expected[kind] / len(real)) < 0.04
