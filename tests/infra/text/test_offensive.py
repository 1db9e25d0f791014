"""The words stand here in rot13, as in the list itself."""

from __future__ import annotations

import codecs
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorset.infra.text.offensive import offences


def plain(rot13: str) -> str:
    return codecs.decode(rot13, "rot13")


def severities(text: str) -> list[str]:
    return [offence.severity for offence in offences(text)]


@pytest.mark.parametrize(
    ("rot13", "severity"),
    [
        ("jung gur shpx vf guvf", "mild"),
        ("guvf vf ohyyfuvg", "mild"),
        ("lbh vqvbgf", "mild"),
        ("FUVGGL freivpr", "mild"),
        ("lbh ershfrq, lbh phag", "sexual"),
        ("fhpx zl qvpx", "sexual"),
        ("lbh avttre", "slur"),
        ("fghcvq sntttbgf", "slur"),
        ("lbh ner n ergneq", "slur"),
        ("tb onpx gb lbhe bja pbhagel", "slur"),
        ("v jvyy xvyy lbh", "threat"),
        ("tbaan oybj hc lbhe bssvpr", "threat"),
        ("xvyy lbhefrys", "threat"),
        ("v xabj jurer lbh yvir", "threat"),
        ("V'YY OHEA QBJA GUR OHVYQVAT, V jvyy xvyy lbh", "threat"),
    ],
)
def test_severity(rot13: str, severity: str) -> None:
    assert severity in severities(plain(rot13))


SLUR = plain("avttre")
DISGUISED = {
    "digits": SLUR.replace("i", "1").replace("e", "3"),
    "shouted": SLUR.upper().replace("I", "!"),
    "drawn out": SLUR.replace("i", "iiiii").replace("gg", "ggggg"),
    "spaced": " ".join(SLUR),
    "dotted": ".".join(SLUR),
    "dashed": "-".join(SLUR),
    "masked": SLUR.replace("i", "*"),
    "Cyrillic": SLUR.replace("i", "\u0456"),
    "accented": SLUR.replace("i", "\u00ed"),
    "fullwidth": "".join(chr(ord(letter) + 0xFEE0) for letter in SLUR),
}


@pytest.mark.parametrize("disguised", DISGUISED.values(), ids=DISGUISED.keys())
def test_disguises_are_seen_through(disguised: str) -> None:
    assert severities(f"you {disguised}!") == ["slur"]


@pytest.mark.parametrize(
    "text",
    [
        "Scunthorpe is in Lincolnshire",
        "please assess my class and pass it on",
        "a hell of a ride",
        "Dick Smith called me",
        "Mr. Dick",
        "455 and $455",
        "flight A55",
        "the cocktail bar in Essex",
        "finger prick test",
        "mon colis est en retard",
        "a chink in the armour",
        "spic and span",
        "I'll shoot you an email",
        "kill my subscription",
        "this wait is killing me",
        "the battery will just die",
        "the phone died",
        "hang up",
        "analysis of the title",
        "therapist",
        "Penistone",
        "shiitake",
        "can you show me your prices",
        "let me know where you live",
        "I will beat you to it",
        "as s and t",
        "live chat",
        "KYS form",
        "flame retardant",
        "Pakistan",
        "we ship to Hurensdorf",
        "arsenal",
        "a b c d e f",
    ],
)
def test_innocent(text: str) -> None:
    assert [severity for severity in severities(text) if severity != "mild"] == []


@pytest.mark.parametrize(
    "text", ["assess", "Scunthorpe", "hell", "Essex", "classic", "455", "shiitake", "Dick Smith", "passes"]
)
def test_innocent_words_are_not_even_mild(text: str) -> None:
    assert offences(text) == []


def test_the_worse_of_two_that_overlap_stays() -> None:
    assert severities(plain("v jvyy shpxvat xvyy lbh")) == ["threat"]


@given(st.text())
def test_spans_are_in_order_apart_and_quote_the_text(text: str) -> None:
    last = 0
    for offence in offences(text):
        assert last <= offence.start < offence.end <= len(text)
        assert text[offence.start : offence.end] == offence.text
        last = offence.end


@pytest.mark.parametrize(
    "unit", ["a", "s", "as", "f.", "a ", "i will ", "kill ", "*", "@$", "f*", "\x00", "i will kill "]
)
def test_hostile_repetition_costs_no_more_than_its_length(unit: str) -> None:
    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        start = time.process_time()
        offences(text)
        return time.process_time() - start

    offences(unit)
    small, large = seconds(20_000), seconds(160_000)
    assert large < 24 * small + 0.5
