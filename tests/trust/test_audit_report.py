"""The audit as a whole: verdicts on sets made for them, the report's shape, its page and its lines."""

from __future__ import annotations

import json
import random

import pytest

from anchorset.core.errors import NothingKeptError, UsageError
from anchorset.trust.audit import crowd
from anchorset.trust.audit.audit import audit
from anchorset.trust.audit.page import html
from anchorset.trust.audit.report import AuditReport
from anchorset.trust.audit.words import summary, title

OPENERS = ["", "", "hi, ", "um ", "hello ", "so ", "ok ", "please ", "excuse me, "]
ASKS = [
    "where is my {}",
    "my {} hasnt come yet",
    "i lost the {}",
    "Why was the {} declined?",
    "cancel my {}",
    "{} not working",
    "how do i change the {}?",
    "Is there a fee for the {}",
    "who do I call about the {}",
    "need help with my {} asap",
    "The {} shows the wrong amount",
    "what happens to the {} if i move",
]
THINGS = [
    "card",
    "top up",
    "transfer",
    "parcel",
    "cash",
    "pin",
    "account",
    "statement",
    "fee",
    "limit",
    "app",
    "rate",
    "order",
    "shoes",
    "invoice",
    "voucher",
    "login",
    "address",
    "refund",
    "phone",
    "delivery",
    "booking",
    "ticket",
    "seat",
    "meal",
    "bag",
    "lamp",
    "chair",
]
ENDS = ["", "", "", " thanks", "!!", " its been 3 days", " since monday", " pls", " again", " and nobody answers"]


def crowd_of(n: int, seed: int) -> list[str]:
    rng = random.Random(seed)
    return [rng.choice(OPENERS) + rng.choice(ASKS).format(rng.choice(THINGS)) + rng.choice(ENDS) for _ in range(n)]


def naive(n: int, seed: int) -> list[str]:
    rng = random.Random(seed)
    return [f"Hello, I would like to request a refund for my {rng.choice(THINGS)}. Thank you." for _ in range(n)]


@pytest.fixture(scope="module")
def drifted(embedder) -> AuditReport:
    return audit(crowd_of(140, 1), naive(140, 2), embedder=embedder)


def test_two_samples_of_one_crowd_are_healthy(embedder):
    verdicts = [audit(crowd_of(120, a), crowd_of(120, a + 50), embedder=embedder).verdict for a in range(20)]
    # At 1.5 % false alarms, 3 or more of 20 come once in 300 runs.
    assert verdicts.count("healthy") >= 18


def test_a_naive_set_is_drifted_and_the_leaked_word_is_named(drifted: AuditReport):
    failing = {signal.name: signal for signal in drifted.signals if signal.status == "fail"}
    assert drifted.verdict == "drifted"
    assert "'refund'" in failing["terms.leaked"].why
    assert "140 of 140 synthetic cases (100 %)" in failing["terms.leaked"].why
    assert {"openings.template", "register.politeness", "distinguishable"} <= failing.keys()


def test_a_failing_signal_lies_outside_the_band_it_shows(drifted: AuditReport):
    for signal in drifted.signals:
        if signal.status == "fail" and signal.name != "duplicates.near":
            below = signal.low is not None and signal.value < signal.low
            above = signal.high is not None and signal.value > signal.high
            assert below or above, signal


def test_few_cases_are_inconclusive_unless_the_difference_is_overwhelming(embedder):
    assert audit(crowd_of(25, 1), crowd_of(25, 2), embedder=embedder).verdict == "inconclusive"
    overwhelming = [f"The volcano of planet {name} erupted over the green ocean of Mars!" for name in THINGS]
    assert audit(crowd_of(150, 1), overwhelming, embedder=embedder).verdict == "drifted"


def test_one_text_over_and_over_is_drifted(embedder):
    assert audit(crowd_of(100, 1), ["please refund me"] * 100, embedder=embedder).verdict == "drifted"


def test_copies_of_the_real_set_are_healthy_but_said_aloud(embedder):
    report = audit(crowd_of(100, 1), crowd_of(100, 1), embedder=embedder)
    assert report.verdict == "healthy"
    assert any("nearly repeat a real one" in note for note in report.notes)


def test_report_does_not_depend_on_the_order_of_the_cases(embedder):
    real, synthetic = crowd_of(60, 1), naive(60, 2)
    expected = audit(real, synthetic, embedder=embedder)
    random.Random(0).shuffle(real)
    random.Random(1).shuffle(synthetic)
    assert audit(real, synthetic, embedder=embedder) == expected


def test_another_seed_changes_the_shuffles_and_hardly_the_numbers(embedder):
    one, two = (audit(crowd_of(80, 1), naive(80, 2), embedder=embedder, random_seed=seed) for seed in (1, 2))
    assert one != two
    assert one.verdict == two.verdict == "drifted"


def test_machine_form_has_the_promised_keys_and_reads_back(drifted: AuditReport):
    loaded = json.loads(drifted.line())
    assert {"verdict", "n_real", "n_synthetic", "signals"} <= loaded.keys()
    for signal in loaded["signals"]:
        assert {"name", "status", "value", "reference", "low", "high", "why", "examples"} <= signal.keys()
    assert AuditReport.read(drifted.line(), where="report") == drifted


def test_a_text_a_side_is_inconclusive(embedder):
    assert audit(["a"], ["b"], embedder=embedder).verdict == "inconclusive"


@pytest.mark.parametrize(("real", "synthetic"), [([], ["a"]), (["a"], []), (["  ", "\n"], ["a"])])
def test_a_set_without_text_is_refused(real: list[str], synthetic: list[str], embedder):
    with pytest.raises(NothingKeptError, match="set has no usable case"):
        audit(real, synthetic, embedder=embedder)


def test_groups_must_be_one_a_case(embedder):
    with pytest.raises(UsageError, match="`synthetic_groups` has 1 entries for 2 synthetic cases"):
        audit(["a"], ["b", "c"], embedder=embedder, synthetic_groups=["x"])


@pytest.mark.parametrize(
    "texts",
    [["???"] * 50, ["\x00\x1b[31m", "\ud800", "\u202e"] * 20, ["我的卡在哪里"] * 45, ["word " * 3000] * 3, ["a"]],
)
def test_odd_texts_are_audited_without_a_fault(texts: list[str], embedder):
    report = audit(crowd_of(50, 1), texts, embedder=embedder)
    assert report.line()
    assert html(report).encode()
    assert "\n".join(summary(report)).isprintable() or "\x1b" not in "\n".join(summary(report))


def test_a_cap_is_named_in_every_sentence(embedder, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(crowd, "MAX_SIDE", 50)
    report = audit(crowd_of(80, 1), crowd_of(50, 2), embedder=embedder)
    assert (report.n_real, report.measured_real, report.measured_synthetic) == (80, 50, 50)
    assert all("Measured on 50 of 80 real cases" in s.why for s in report.signals if s.status != "unknown")


def test_given_key_terms_are_the_ones_watched(embedder):
    report = audit(crowd_of(100, 1), crowd_of(100, 2), embedder=embedder, key_terms=["refund", "Top up", "card"])
    assert "The 3 key terms" in next(s.why for s in report.signals if s.name == "key_terms.entropy")


def test_page_opens_with_the_verdict_then_what_differs(drifted: AuditReport):
    document = html(drifted)
    order = [document.index(part) for part in ("<h1>Drifted", "What differs", "All signals at a glance", "The other")]
    assert order == sorted(order)
    assert "Leaked terms" in document
    assert document.count("<svg") >= 6


def test_page_escapes_the_texts_it_shows(embedder):
    hostile = [
        f"<script>alert({n})</script> \u202erefund <img src=x onerror=alert(1)> {THINGS[n % 28]}" for n in range(60)
    ]
    document = html(audit(crowd_of(60, 1), hostile, embedder=embedder))
    assert "<script" not in document
    assert "<img" not in document
    assert "\u202e" not in document
    assert "&lt;script&gt;" in document


def test_lines_name_the_verdict_first_and_show_an_example_once(drifted: AuditReport):
    lines = summary(drifted)
    assert lines[0].startswith("Drifted: the synthetic set differs")
    examples = [line for line in lines if line.strip().startswith("e.g.")]
    assert examples
    assert len(examples) == len(set(examples))


def test_every_signal_has_a_title_for_people(drifted: AuditReport):
    assert all(title(signal)[0].isupper() and "_" not in title(signal) for signal in drifted.signals)
