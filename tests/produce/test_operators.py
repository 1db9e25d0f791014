"""Every operator, on its own example and on texts that nobody would think of."""

from __future__ import annotations

import doctest
import re
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from anchorset.core.case import Message
from anchorset.core.errors import UsageError
from anchorset.infra.text.protect import protected
from anchorset.produce.dice import Dice
from anchorset.produce.operators.entity import carry_name
from anchorset.produce.operators.lexical import lexicon_of
from anchorset.produce.operators.operator import (
    Lexicon,
    LexiconOperator,
    MergeOperator,
    RecordOperator,
    TextOperator,
    TurnsOperator,
)
from anchorset.produce.operators.table import ALL, named

LEVELS = ("character", "casing", "whitespace", "word", "lexical", "sentence", "entity", "register", "locale")
LEXICON = Lexicon({"card": ("pass",), "want": ("wish",)}, {"refund": ("parcel",), "order": ("card",)})
OF_TEXT = [o for o in ALL.values() if isinstance(o, (TextOperator, LexiconOperator, MergeOperator))]

PIECES = st.sampled_from([
    "where is my order", "I want a refund.", "I can't log in!", "Hi,", "My name is Maria.", "please", "[EMAIL_1]",
    "{{name}}", "a.b@example.com", "https://example.com/a?b=1", '"do not touch"', "#A-48213", "30 days", "$1,200.50",
    "12 May 2026", "2026-03-04", "at 3pm", "on Monday", "2 lamps", "50€", "Why?", "Is it late because I moved?",
    "I am not happy", "thanks", "the colour is wrong", "in France", "I do not know", "😡", "my laptop", "don't",
    "ok…", "\n",
])  # fmt: skip
TEXTS = st.one_of(st.lists(PIECES, max_size=8).map(" ".join), st.text(max_size=60))
NEVER = re.compile(r"\[EMAIL_1\]|\{\{name\}\}|a\.b@example\.com|https://example\.com/a\?b=1|\"do not touch\"")


def applied(operator, text, key, other="My parcel is late."):
    dice, spans = Dice(key), protected(text)
    if isinstance(operator, LexiconOperator):
        return operator.apply(text, dice, spans, LEXICON)
    if isinstance(operator, MergeOperator):
        return operator.apply(text, dice, spans, other)
    return operator.apply(text, dice, spans)


@pytest.mark.parametrize("operator", OF_TEXT, ids=lambda operator: operator.name)
@settings(max_examples=60)
@given(text=TEXTS, key=st.integers(0, 2**64 - 1))
@example(text="İ want a ﬁ refund ß.", key=3)
@example(text=".....", key=0)
@example(text="a" * 100 + " where is my order really now", key=4)
def test_an_operator_changes_the_text_and_leaves_what_is_protected(operator, text, key):
    found = applied(operator, text, key)
    assert found == applied(operator, text, key)
    if found is None:
        return
    new, detail = found
    assert new != text
    assert new.strip()
    assert detail is None or detail
    new.encode()
    for kept in NEVER.findall(text):
        assert new.count(kept) >= text.count(kept)
    if not (isinstance(operator, TextOperator) and operator.touches_protected):
        for start, end in protected(text):
            assert text[start:end].strip() in new
    step = operator.step(detail)
    assert (step.operator, step.relation, step.detail) == (operator.name, operator.relation, detail)
    assert type(step).model_validate_json(step.model_dump_json()) == step


@pytest.mark.parametrize("level", [*LEVELS, "conversation", "record"])
def test_the_examples_in_the_docstrings_hold(level):
    module = import_module(f"anchorset.produce.operators.{level}")
    names = {"Dice": Dice, "protected": protected, "chat": chat}
    found = doctest.DocTestFinder().find(module, extraglobs=names)
    shown = {test.name.rpartition(".")[2] for test in found if test.examples}
    assert {operator.apply.__name__ for operator in module.OPERATORS} <= shown
    runner = doctest.DocTestRunner()
    for test in found:
        runner.run(test)
    assert runner.summarize(verbose=False).failed == 0


def chat(*said: str) -> tuple[Message, ...]:
    return tuple(Message(role="user", content=text) for text in said)


TURNS = st.lists(
    st.tuples(st.sampled_from(["system", "user", "user", "assistant", "tool"]), TEXTS), min_size=1, max_size=7
).map(lambda turns: tuple(Message(role=role, content=text) for role, text in turns))


@pytest.mark.parametrize(
    "operator", [o for o in ALL.values() if isinstance(o, TurnsOperator)], ids=lambda operator: operator.name
)
@given(turns=TURNS, key=st.integers(0, 2**64 - 1))
def test_only_what_the_user_said_is_reworded(operator, turns, key):
    found = operator.apply(turns, Dice(key))
    assert found == operator.apply(turns, Dice(key))
    if found is None:
        return
    new, _ = found
    assert new != turns
    said = [turn for turn in turns if turn.role != "user"]
    assert all(turn in said for turn in new if turn.role != "user")


RECORDS = st.dictionaries(
    st.text(max_size=5),
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=9), st.lists(st.integers(0, 3), max_size=4)),
    max_size=5,
)


@pytest.mark.parametrize(
    "operator", [o for o in ALL.values() if isinstance(o, RecordOperator)], ids=lambda operator: operator.name
)
@given(record=RECORDS, key=st.integers(0, 2**64 - 1))
def test_a_record_operator_returns_another_record_and_leaves_the_given_one(operator, record, key):
    before = repr(record)
    found = operator.apply(record, Dice(key))
    assert repr(record) == before
    assert found is None or repr(found[0]) != before


def test_there_are_more_than_sixty_operators_on_eleven_levels_with_unique_names():
    assert len(ALL) > 60
    assert len({operator.level for operator in ALL.values()}) == 11
    assert all(re.fullmatch(r"[a-z]+\.[a-z_0-9]+", name) for name in ALL)


@pytest.mark.parametrize("operator", OF_TEXT, ids=lambda operator: operator.name)
def test_negation_survives_an_invariant_operator(operator):
    text = "I did not order it and I never got the card, I want to cancel because my lamp can't be used"
    for key in range(60):
        found = applied(operator, text, key)
        if operator.relation == "invariant" and found is not None:
            small = found[0].lower()
            assert " not " in small or "n't order" in small
            assert " never " in small
            assert "can't" in small or "cannot" in small or "can not" in small or "cant" in small


@pytest.mark.parametrize("value", [1, 2, 14, 30, 90])
def test_a_value_moves_one_step_over_the_limit_and_back(value):
    unit = "day" if value == 1 else "days"
    text = f"I bought it {value} {unit} ago"
    results = {ALL["entity.boundary"].apply(text, Dice(key), protected(text))[0] for key in range(40)}
    wanted = {value + 1} if value == 1 else {value - 1, value + 1}
    assert results == {f"I bought it {new} {'day' if new == 1 else 'days'} ago" for new in wanted}


def test_a_name_is_carried_into_the_answer():
    before, after = "Hi, I am Maria", "Hi, I am Kenji"
    assert carry_name(before, after, "greets Maria by name") == "greets Kenji by name"
    assert carry_name(before, after, "refund approved") == "refund approved"


def test_an_unknown_operator_is_answered_with_the_nearest_name():
    with pytest.raises(UsageError, match=r"did you mean 'typo\.neighbour'"):
        named(["typo.neighbor"])
    assert {operator.name for operator in named(["emoji"])} == {"emoji.add", "emoji.remove"}


def test_synonyms_come_from_the_seeds_and_ignore_their_order():
    texts = ["where is the shop today", "where is the store today", "find the shop", "find the store"]
    lexicon = lexicon_of(texts)
    assert lexicon.synonyms["shop"] == ("store",)
    assert lexicon == lexicon_of(texts[::-1])
    assert lexicon_of(["where is the shop today"]).synonyms == {}


def test_the_page_of_operators_lists_every_one_with_its_relation():
    page = (Path(__file__).parents[2] / "docs" / "operators.md").read_text(encoding="utf-8")
    for name, operator in ALL.items():
        assert re.search(rf"^\| `{re.escape(name)}` \| {operator.relation}\b", page, re.MULTILINE), name


def outcomes(name, text, keys=80):
    found = [applied(ALL[name], text, key) for key in range(keys)]
    return {change[0] for change in found if change is not None}


def test_a_filler_never_breaks_what_a_verb_or_pronoun_begins():
    texts = ("I think that it is late and I have no card", "It was that I just know")
    for text in texts:
        for new in outcomes("word.filler", text):
            assert not re.search(r"\b(it|is|that|have|no|was|i|so|just) (um|uh|like|kind of|so|you know)\b", new, re.I)


@pytest.mark.parametrize(
    "name",
    [o.name for o in OF_TEXT if o.family == "register"] + [f"sentence.{n}" for n in ("reorder", "truncate", "aside")],
)
@pytest.mark.parametrize(
    "text", ["First do a thing. Please do b.\nThen stop it, thanks", "Could you please answer this:"]
)
def test_a_laid_out_text_keeps_its_order_and_its_ends(name, text):
    assert outcomes(name, text) == set()


def test_we_begins_a_sentence_with_a_capital_and_is_no_option():
    assert outcomes("word.we", "My card is lost. I need help, and I want it soon.") == {
        "Our card is lost. We need help, and we want it soon."
    }
    assert outcomes("word.we", "Which is it? (A) I stay (B) I go") == set()


def test_names_in_a_list_get_no_slips():
    for new in outcomes("typo.dropped", "please invite Anna, Brian, Chloe, thanks"):
        assert "Anna, Brian, Chloe," in new


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("I ordered a phone last week", True),
        ("write a book about a desk in the sun", False),
        ("when will my order arrive, I need to table this", False),
    ],
)
def test_goods_are_swapped_only_where_they_are_bought(text, acts):
    new = outcomes("entity.product", text)
    assert bool(new) == acts
    assert not any(other in text for text in new for other in ("shirt", "sofa", "book ab"))


@pytest.mark.parametrize(
    ("name", "text", "acts"),
    [
        ("entity.count", "I ordered 2 lamps", True),
        ("entity.count", "a 3 week trip", False),
        ("entity.count", "see chapter 3 for it", False),
        ("entity.boundary", "a 3 week trip", False),
        ("entity.boundary", "it took 3 weeks", True),
    ],
)
def test_a_number_changes_only_where_it_counts_the_noun(name, text, acts):
    assert bool(outcomes(name, text)) == acts


def test_a_merge_does_not_say_plus_please():
    merged = {applied(ALL["sentence.merge"], "Where is my card?", key, "Please send it.")[0] for key in range(40)}
    assert merged == {"Where is my card?\n\nSecond thing: Please send it."}
