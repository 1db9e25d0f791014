"""Numbers here are published examples, test numbers of the networks, or made up to fit their checksum."""

from __future__ import annotations

import csv
import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorset.infra.text.digits import luhn, mod_97
from anchorset.infra.text.privacy import KINDS, Span, find

FOUND = [
    ("mail jane.doe+x@mail.example.co.uk now", "email", "jane.doe+x@mail.example.co.uk"),
    ("(O'Brien.k@example.com)", "email", "O'Brien.k@example.com"),
    ("jane (at) example (dot) com", "email", "jane (at) example (dot) com"),
    ("jane dot doe at example dot com", "email", "doe at example dot com"),
    ("jörg@müller.de?", "email", "jörg@müller.de"),
    ("call +44 20 7946 0958 today", "phone", "+44 20 7946 0958"),
    ("Ring (212) 555-0123 or", "phone", "(212) 555-0123"),
    ("my mobile is 07700 900123", "phone", "07700 900123"),
    ("0049 30 901820", "phone", "0049 30 901820"),
    ("tel: 01.84.17.61.18", "phone", "01.84.17.61.18"),
    ("ref 4481923 +1 212 555 0123", "phone", "+1 212 555 0123"),
    ("call me ５５５ ０１２ ３４５６", "phone", "５５５ ０１２ ３４５６"),
    ("4111 1111 1111 1111", "card", "4111 1111 1111 1111"),
    ("378282246310005.", "card", "378282246310005"),
    ("5555-5555-5555-4444", "card", "5555-5555-5555-4444"),
    ("order 12 4111 1111 1111 1111", "card", "4111 1111 1111 1111"),
    ("٤١١١١١١١١١١١١١١١", "card", "٤١١١١١١١١١١١١١١١"),
    ("4111\u200b1111\u200b1111\u200b1111", "card", "4111\u200b1111\u200b1111\u200b1111"),
    ("my credit card number is 9137 4867 5701 4237", "card", "9137 4867 5701 4237"),
    ("DE89 3704 0044 0532 0130 00 please", "iban", "DE89 3704 0044 0532 0130 00"),
    ("ref AB12 GB82WEST12345698765432", "iban", "GB82WEST12345698765432"),
    ("gb82 west 1234 5698 7654 32", "iban", "gb82 west 1234 5698 7654 32"),
    ("from 192.168.1.20.", "ip", "192.168.1.20"),
    ("at 2001:db8::ff00:42:8329", "ip", "2001:db8::ff00:42:8329"),
    ("https://bob:hunter2@db.example.com/x", "url_credentials", "https://bob:hunter2@db.example.com"),
    ("AKIAIOSFODNN7EXAMPLE", "secret", "AKIAIOSFODNN7EXAMPLE"),
    ("ghp_" + "a1B2" * 9, "secret", "ghp_" + "a1B2" * 9),
    ("sk-ant-api03-" + "x1" * 20, "secret", "sk-ant-api03-" + "x1" * 20),
    ("xoxb-12345678901-abcdefghijkl", "secret", "xoxb-12345678901-abcdefghijkl"),
    ("AIza" + "Sy1-" * 8 + "abc", "secret", "AIza" + "Sy1-" * 8 + "abc"),
    ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-123", "secret", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-123"),
    ("Authorization: Bearer a1b2c3d4e5f6g7h8i9", "secret", "a1b2c3d4e5f6g7h8i9"),
    ("api_key='9f8e7d6c5b4a'", "secret", "9f8e7d6c5b4a"),
    ("my password is Hunter2", "secret", "Hunter2"),
    ("ssn 123-45-6789", "national_id", "123-45-6789"),
    ("my social security number is 123456789", "national_id", "123456789"),
    ("NINO AB 12 34 56 C", "national_id", "AB 12 34 56 C"),
    ("nhs number 943 476 5919", "national_id", "943 476 5919"),
    ("Steuer-ID 36 574 261 809", "national_id", "36 574 261 809"),
    ("2 95 10 99 126 111 93", "national_id", "2 95 10 99 126 111 93"),
    ("DNI 54362315K", "national_id", "54362315K"),
    ("NIE X2482300W", "national_id", "X2482300W"),
    ("RCCMNL83S18D969H", "national_id", "RCCMNL83S18D969H"),
    ("pesel 44051401359", "national_id", "44051401359"),
    ("CPF 390.533.447-05", "national_id", "390.533.447-05"),
    ("16.727.230/0001-97", "national_id", "16.727.230/0001-97"),
    ("bsn 111222333", "national_id", "111222333"),
    ("personnummer 880320-0016", "national_id", "880320-0016"),
    ("aadhaar 2341 2341 2346", "national_id", "2341 2341 2346"),
    ("my name is John Smith and", "name", "John Smith"),
    ("My name's maria, hi", "name", "maria"),
    ("ich heiße Jürgen Groß.", "name", "Jürgen Groß"),
    ("at 221 Baker Street, London", "address", "221 Baker Street"),
    ("Lindenstraße 12a", "address", "Lindenstraße 12a"),
]

HARMLESS = [
    "order #4481 is late",
    "order 4481923 arrived 12.05.2024",
    "it cost $1,299.00 on 2024-05-01 at 12:30:45",
    "version 1.2.3.4 of the app",
    "v10.0.19041.1",
    "3 of 12 items",
    "invoice no 20240501123",
    "ticket 1234567890",
    "from 1999 to 2004",
    "2024-05-01 12:30",
    "01/02/2024 - 03/02/2024",
    "my password is not working",
    "token is wrong",
    "my name is spelled wrong on the card",
    "my name was wrong",
    "meet me @ 5",
    "a@b",
    "std::vector::iterator",
    "::1",
    "4111 1111 1111 1112",
    "DE89 3704 0044 0532 0130 01",
    "000-12-3456",
    "666-12-3456",
    "123-00-4567",
    "1 000 000 000",
    "call 911",
    "gate B12, seat 23A",
    "[EMAIL_1] or [PHONE_12]",
    "{{customer_name}} at {{phone}}",
    "my name is [NAME_1]",
    "password=[SECRET_1]",
    "tracking 1Z999",
    "10 x 10 cm",
    "99.99.99.999",
    "the secret is patience",
    "wait 3 days to place",
    "31971762-f14e-4d55-b909-0370f6e4db19",
    "70293815-5351-d2c1-e8fb-46b52a2d551f",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "2026-05-12T10:11:12.123456Z",
    "1678901234567",
    "-88.142416, 147.109238",
    "since 14.14.749 it broke",
    "scores 5 89 392 75",
    "tracking number 2413782114126931",
    "transaction 651073790388",
    "ISBN 978-3-16-148410-0",
]


@pytest.mark.parametrize(("text", "kind", "value"), FOUND, ids=[f"{kind}: {value[:24]}" for _, kind, value in FOUND])
def test_found(text: str, kind: str, value: str) -> None:
    assert [(span.kind, span.text) for span in find(text)] == [(kind, value)]


@pytest.mark.parametrize("text", HARMLESS)
def test_not_personal(text: str) -> None:
    assert find(text) == []


def test_a_private_key_block_is_one_secret() -> None:
    block = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow1BAAK\nCAQEA2x\n-----END RSA PRIVATE KEY-----"
    assert [span.text for span in find(f"here: {block} thanks")] == [block]


def test_several_kinds_in_one_text_are_in_order() -> None:
    text = (
        "my name is Jane Roe, jane@example.com, card 4111 1111 1111 1111, IBAN DE89370400440532013000, +44 20 7946 0958"
    )
    assert [span.kind for span in find(text)] == ["name", "email", "card", "iban", "phone"]


def test_the_longest_claim_wins() -> None:
    (span,) = find("https://jane@example.com:pw1@host.example.org/")
    assert span.kind in ("url_credentials", "email")


def test_offsets_are_code_points() -> None:
    (span,) = find("😀😀 jane@example.com")
    assert (span.start, span.end) == (3, 19)


PIECES = st.sampled_from(
    [
        "jane@example.com",
        "+44 20 7946 0958",
        "4111 1111 1111 1111",
        "[EMAIL_1]",
        "my name is",
        "Jane",
        "12",
        "-",
        "://",
        "a:b@",
        "password=",
        "ssn 123-45-6789",
        "GB82WEST12345698765432",
        "\u200b",
        "{{x}}",
        "192.168.1.20",
        "é",
        "\n",
    ]
)


@given(st.lists(PIECES | st.text(max_size=5), max_size=12).map(" ".join) | st.text())
def test_spans_are_in_order_apart_and_quote_the_text(text: str) -> None:
    last = 0
    for span in find(text):
        assert last <= span.start < span.end <= len(text)
        assert text[span.start : span.end] == span.text
        assert span.kind in KINDS
        last = span.end


@given(st.text(alphabet="0123456789", min_size=11, max_size=18))
def test_luhn_accepts_exactly_one_last_digit(digits: str) -> None:
    assert sum(luhn(digits + str(last)) for last in range(10)) == 1


def test_the_registry_example_has_mod_97_of_1() -> None:
    assert mod_97("GB82WEST12345698765432") == 1
    assert mod_97("GB82WEST12345698765433") != 1


BLOCK = 200_000
HOSTILE = {
    "one letter": "a",
    "digits": "1",
    "spaced digits": "1 ",
    "dashed digits": "1-",
    "at signs": "a@",
    "dotted": "a.",
    "colons": "a:",
    "quotes": "'a",
    "key starts": "eyJ-",
    "key words": "password=",
    "pem starts": "-----BEGIN PRIVATE KEY-----",
    "brackets": "[A_",
    "urls": "a://:",
    "names": "my name is ",
    "plus": "+1(",
    "streets": "1 A ",
    "ids": "ssn 1",
    "bearer": "bearer ",
    "ipv6": "1::",
    "ibans": "GB82 ",
    "in words": "a at b dot ",
    "nul": "\x00",
    "braces": "{{",
    "dots": "1.1.1.",
    "emails": "a@b.co ",
    "cards": "4111 1111 1111 1111 ",
}


@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_repetition_costs_no_more_than_its_length(unit: str) -> None:
    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        start = time.process_time()
        find(text)
        return time.process_time() - start

    find(unit * 100)
    small, large = seconds(BLOCK // 8), seconds(BLOCK)
    # Eight times the text: linear is 8, quadratic 64. Half a second is allowed for a noisy clock.
    assert large < 24 * small + 0.5


def test_real_banking_questions_hold_nothing_personal(data: Path) -> None:
    with (data / "banking77" / "train.csv").open(encoding="utf-8", newline="") as file:
        assert [text for text in (row["text"] for row in csv.DictReader(file)) if find(text)] == []


def test_labelled_numbers_are_found_and_little_else(data: Path) -> None:
    kinds = {
        "EMAIL_ADDRESS": "email",
        "CREDIT_CARD": "card",
        "IBAN_CODE": "iban",
        "IP_ADDRESS": "ip",
        "PHONE_NUMBER": "phone",
    }
    right = found = caught = labels = 0
    for line in (data / "presidio_synth_pii" / "everyday.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        known = [
            (kinds[span["entity_type"]], span["start_position"], span["end_position"])
            for span in row["spans"]
            if span["entity_type"] in kinds
        ]
        spans = [span for span in find(row["full_text"]) if span.kind in kinds.values()]
        hits = [(span, label) for span in spans for label in known if _meet(span, label)]
        labels, found = labels + len(known), found + len(spans)
        right, caught = right + len({id(span) for span, _ in hits}), caught + len({label for _, label in hits})
    assert labels > 150
    assert right / found >= 0.95
    assert caught / labels >= 0.95


def _meet(span: Span, label: tuple[str, int, int]) -> bool:
    kind, start, end = label
    return span.kind == kind and span.start < end and start < span.end


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("my ssn is 4155551234", ["national_id"]),
        ("SSN: 415 555 1234", ["national_id"]),
        ("ssn 666 12 3456", ["national_id"]),
        ("Social Security number is 987-65-4321", ["national_id"]),
        ("call me about account number 4155551234", ["account"]),
        ("card ending in 415 555 1234", ["account"]),
        ("phone 415-555-2671 ssn 219-09-9998", ["phone", "national_id"]),
        ("SSN 219-09-9998 and phone 415 555 2671", ["national_id", "phone"]),
        ("my ssn is wrong, call 415 555 2671", ["phone"]),
        ("ssn please", []),
    ],
)
def test_what_announces_a_number_wins_over_what_it_looks_like(text, kinds):
    assert [span.kind for span in find(text)] == kinds
