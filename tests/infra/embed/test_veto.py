import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorset.infra.embed.veto import differs_in, facts, slip


@pytest.mark.parametrize(
    ("a", "b", "what"),
    [
        ("refund $40", "refund $400", "number"),
        ("it took 2 weeks", "it took three weeks", "number"),
        ("I was charged", "I was charged 12 times", "number"),
        ("deliver on monday", "deliver on tuesday", "date"),
        ("ordered on May 5", "ordered on June 5", "date"),
        ("since 2026-05-01", "since 2026-06-01", "date"),
        ("call me today", "call me tomorrow", "date"),
        ("Lieferung am Montag", "Lieferung am Dienstag", "date"),
        ("I sent it to Maria", "I sent it to Mario", "entity"),
        ("order A-1234 is late", "order A-1235 is late", "entity"),
        ("write to a@b.com", "write to a@c.com", "entity"),
        ('play "Hello"', 'play "Goodbye"', "entity"),
        ("I paid 40 euros", "I paid 40 dollars", "entity"),
        ("I can log in", "I can't log in", "negation"),
        ("it is now working", "it is not working", "negation"),
        ("block my card", "unblock my card", "negation"),
        ("turn notifications on", "turn notifications off", "negation"),
        ("money from my account", "money to my account", "negation"),
        ("mein Paket ist da", "mein Paket ist nicht da", "negation"),
        ("mi pedido llegó", "mi pedido nunca llegó", "negation"),
    ],
)
def test_texts_that_differ_are_kept_apart(a: str, b: str, what: str) -> None:
    assert differs_in(a, b) == what
    assert differs_in(b, a) == what


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("refund $40", "refund 40 dollars"),
        ("1,000.50 owed", "1000.5 owed"),
        ("it took 2 weeks", "it took two weeks"),
        ("charged twice", "charged 2 times"),
        ("which one", "which 1"),
        ("meet at 3pm", "meet at 3 pm"),
        ("I don't know", "i dont know"),
        ("I cannot log in", "I can't log in"),
        ("I do not know", "I do nto know"),
        ("WHERE IS MY CARD", "where is my card"),
        ("Where Is My Card", "where is my card"),
        ("my PIN is wrong", "my pin is wrong"),
        ("sent to Anna", "sent to Annna"),
        ("I may order", "I might order"),
        ("", ""),
    ],
)
def test_texts_that_say_the_same_pass(a: str, b: str) -> None:
    assert differs_in(a, b) is None


@given(st.text(max_size=200))
def test_a_text_never_differs_from_itself(text: str) -> None:
    assert differs_in(text, text) is None


@given(st.text(max_size=80), st.text(max_size=80))
def test_the_veto_is_symmetric(a: str, b: str) -> None:
    assert differs_in(a, b) == differs_in(b, a)


@pytest.mark.parametrize("piece", ["a", "1", "1,", "a1-", "a.", "'", '"', " ", "A b ", "1/", "a@", "x_", "\n", "\x00"])
def test_hostile_text_takes_linear_time(piece: str) -> None:
    start = time.process_time()
    facts(piece * (200_000 // len(piece)))
    assert time.process_time() - start < 5


def test_slip_is_a_swap_or_a_doubling() -> None:
    assert slip("card", "crad")
    assert slip("card", "caard")
    assert not slip("card", "cart")
    assert not slip("card", "care")
