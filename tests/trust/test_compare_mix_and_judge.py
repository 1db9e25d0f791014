"""Overall by the declared mix, and a judge that may favour its own family."""

from __future__ import annotations

from pathlib import Path

import pytest
from compare_rows import DROP, SYNTHETIC, bucket
from hypothesis import given, settings
from hypothesis import strategies as st

from anchorset.core.errors import UsageError
from anchorset.core.judge import JudgeCalibration
from anchorset.core.result import Comparison
from anchorset.trust.compare.compare import compare, machine
from anchorset.trust.compare.junit import junit
from anchorset.trust.compare.markdown import step_summary
from anchorset.trust.compare.page import html
from anchorset.trust.compare.words import summary

STEADY = bucket("seed", 400, 300, gained=5, lost=5)


def judge(low: float | None, *, family: str | None = "openai-gpt") -> JudgeCalibration:
    if low is None:
        return JudgeCalibration(judge="gpt-4", family=family, items=0, n=0)
    return JudgeCalibration(
        judge="gpt-4", family=family, items=90, n=180, kappa=low + 0.1, low=low, high=low + 0.2, accuracy=0.8
    )


def judged(rows: list[dict[str, object]], by: JudgeCalibration | None, family: str | None = "openai-gpt") -> Comparison:
    return compare(rows, "A", ["B"], judge=by, candidate_family=family)[0]


def codes(found: Comparison) -> list[str]:
    return [reason.code for reason in found.reasons]


def test_overall_follows_the_declared_mix_and_not_the_rows() -> None:
    rows = DROP + SYNTHETIC
    plain = compare(rows, "A", ["B"])[0]
    found = compare(rows, "A", ["B"], mix={"seed": 3, "prompted": 1})[0]
    seed, synthetic = found.bucket("seed"), found.bucket("prompted")
    assert seed is not None
    assert synthetic is not None
    assert found.mix == {"seed": 0.75, "prompted": 0.25}
    assert found.overall.delta == pytest.approx(0.75 * seed.delta + 0.25 * synthetic.delta)
    assert found.overall.baseline == pytest.approx(0.75 * seed.baseline + 0.25 * synthetic.baseline)
    assert found.overall.low < found.overall.delta < found.overall.high
    assert (found.verdict, found.buckets) == (plain.verdict, plain.buckets)
    assert found.without_provenance == plain.without_provenance


def test_the_mix_of_the_rows_gives_what_no_mix_gives() -> None:
    rows = DROP + SYNTHETIC
    plain, found = (compare(rows, "A", ["B"], mix=mix)[0].overall for mix in (None, {"seed": 65, "prompted": 153}))
    for field in ("delta", "low", "high", "p", "baseline", "candidate", "design_effect", "mde"):
        assert getattr(found, field) == pytest.approx(getattr(plain, field)), field
    assert found.baseline_bounds.low == pytest.approx(plain.baseline_bounds.low)


def test_generated_is_one_share_and_missing_shares_are_said_aloud() -> None:
    rows = DROP + SYNTHETIC + bucket("remix", 47, 30, gained=1, lost=1) + bucket("redteam", 20, 10, gained=0, lost=0)
    found = compare(rows, "A", ["B"], mix={"seed": 30, "generated": 20, "golden": 5, "mutation": 35})[0]
    assert found.mix == pytest.approx({"seed": 0.6, "prompted": 0.4 * 153 / 200, "remix": 0.4 * 47 / 200})
    assert found.overall.n == 65 + 153 + 47
    assert any("no case of 'golden', 'mutation' was judged" in note for note in found.notes)
    assert any("'redteam' (20 cases)" in note for note in found.notes)
    assert any(line.startswith("overall by mix") for line in summary(found))
    assert "overall by mix" in html([found])
    assert "overall by mix" in step_summary([found])


@pytest.mark.parametrize("mix", [{}, {"golden": 1}, {"seed": -1}, {"seed": float("nan")}, {"seed": "30"}, {"seed": 0}])
def test_a_mix_that_weighs_nothing_is_refused(mix: dict[str, float]) -> None:
    with pytest.raises(UsageError, match="mix"):
        compare(DROP, "A", ["B"], mix=mix)


@settings(max_examples=25)
@given(st.floats(0.01, 100), st.floats(0.01, 100))
def test_overall_lies_between_its_buckets(seed: float, prompted: float) -> None:
    found = compare(DROP + SYNTHETIC, "A", ["B"], mix={"seed": seed, "prompted": prompted})[0]
    deltas = [one.delta for one in found.buckets]
    assert min(deltas) - 1e-9 <= found.overall.delta <= max(deltas) + 1e-9
    assert -1 <= found.overall.low <= found.overall.delta <= found.overall.high <= 1


def test_a_judge_of_the_family_that_disagrees_with_people_takes_the_pass_back() -> None:
    found = judged(STEADY, judge(0.2))
    assert (found.verdict, codes(found)) == ("INCONCLUSIVE", ["collusion", "held"])
    assert "kappa 0.30 (95 % interval 0.20 to 0.40, 180 judgements)" in found.reasons[0].message
    assert machine([found])["judge"]["family"] == machine([found])["candidate_family"] == "openai-gpt"
    assert 'skipped="1"' in junit([found])


def test_a_judge_of_the_family_that_agrees_with_people_is_heard() -> None:
    found = judged(STEADY, judge(0.4))
    assert (found.verdict, codes(found)) == ("PASS", ["held"])
    assert any("it is heard" in note for note in found.notes)


def test_a_judge_that_was_never_held_against_people_is_a_warning() -> None:
    found = judged(STEADY, judge(None))
    assert (found.verdict, codes(found)) == ("PASS", ["held", "collusion"])
    assert found.reasons[1].weight == "warns"


def test_a_judge_of_another_family_or_none_changes_nothing() -> None:
    plain = judged(STEADY, None)
    assert (plain.verdict, plain.notes) == ("PASS", ())
    other = judged(STEADY, judge(0.2, family="anthropic-claude"))
    assert (other.verdict, other.reasons) == (plain.verdict, plain.reasons)
    unknown = judged(STEADY, judge(0.2, family=None))
    assert unknown.verdict == "PASS"
    assert any("family of the judge gpt-4 is not known" in note for note in unknown.notes)
    assert any("family of the candidate" in note for note in judged(STEADY, judge(0.2), None).notes)


def test_collusion_excuses_no_drop() -> None:
    found = judged(DROP + SYNTHETIC, judge(0.2))
    assert (found.verdict, codes(found)) == ("BLOCK", ["seed_drop", "diverged", "collusion"])
    few = judged(bucket("seed", 20, 10, gained=0, lost=0), judge(0.2))
    assert (few.verdict, codes(few)) == ("INCONCLUSIVE", ["unanchored", "collusion"])


def test_each_candidate_has_a_family_of_its_own() -> None:
    rows = STEADY + [{**row, "system": "C"} for row in STEADY if row["system"] == "B"]
    kin, other = compare(rows, "A", ["B", "C"], judge=judge(0.2), candidate_family={"B": "openai-gpt", "C": "mistral"})
    assert (kin.verdict, other.verdict) == ("INCONCLUSIVE", "PASS")


def test_both_kinds_of_judge_of_one_family_are_in_real_data(data: Path) -> None:
    from anchorset.trust.judges.calibrate import calibrate
    from anchorset.trust.judges.pairs import read_pairs

    found = read_pairs(
        data / "llmbar" / "judge_results_everyday.jsonl",
        mapping={
            "item": "subset+strategy+item", "order_ab": "winner_order_ab", "order_ba": "winner_order_ba",
            "judge": "judge", "label": "label",
        },
    )  # fmt: skip
    by_name = {one.judge: one for one in calibrate(found.judgements) if one.strategy is None}
    weak, strong = by_name["ChatGPT"], by_name["GPT-4"]
    assert weak.family == strong.family == "openai-gpt"
    assert codes(judged(STEADY, weak)) == ["collusion", "held"]
    assert judged(STEADY, strong).verdict == "PASS"


def test_a_judge_called_like_an_attack_is_inert_everywhere() -> None:
    evil = "<img src=x onerror=alert(1)>\x1b[2J](http://evil)\n# heading"
    by = judge(0.2).model_copy(update={"judge": evil})
    found = judged(STEADY, by)
    assert "<img" not in html([found])
    assert r"\<img src\=x" in step_summary([found])
    assert "\n# heading" not in step_summary([found])
    assert "\x1b" not in "".join(summary(found)) + junit([found]) + step_summary([found])
