from __future__ import annotations

from messages_of_a_shop import SEEDS, child

from anchorset.core.provenance import Step
from anchorset.qualify.sets import set_findings


def said(findings) -> dict[str, str]:
    return {finding.check: finding.says for finding in findings}


def test_a_set_in_one_costume_shows_in_its_vocabulary(crowd) -> None:
    same = [child(f"my parcel parcel order number {n}", SEEDS[0]) for n in range(60)]
    assert said(set_findings(same, crowd=crowd, ordered={"mutation": 1}))["set.vocabulary"] == "flag"
    spread = [child(f"{seed.input} {mark}", seed) for seed in SEEDS for mark in ".!"]
    assert said(set_findings(spread, crowd=crowd, ordered={"mutation": 1}))["set.vocabulary"] == "pass"
    assert said(set_findings(same[:20], crowd=crowd, ordered={"mutation": 1}))["set.vocabulary"] == "not_run"


def test_a_set_that_repeats_itself_is_saturated(crowd) -> None:
    fresh = [child(seed.input, seed) for seed in SEEDS]
    repeats = [child(seed.input + " !", seed) for seed in SEEDS] + [child(seed.input + " ?", seed) for seed in SEEDS]
    assert said(set_findings(fresh + repeats, crowd=crowd, ordered={}))["set.saturation"] == "flag"
    assert said(set_findings(fresh, crowd=crowd, ordered={}))["set.saturation"] == "not_run"


def test_a_technique_that_is_off_its_share_is_named(crowd) -> None:
    passed = [child(f"{seed.input} {mark}", seed) for seed in SEEDS for mark in ".!"]
    by_name = {f.check: f for f in set_findings(passed, crowd=crowd, ordered={"mutation": 60, "remix": 40})}
    assert by_name["set.mix"].says == "flag"
    assert by_name["set.mix"].evidence.startswith(("mutation", "remix"))
    assert said(set_findings(passed, crowd=crowd, ordered={"mutation": 1}))["set.mix"] == "pass"


def test_attacks_of_one_pattern_cling(crowd) -> None:
    def attacks(patterns: int) -> list:
        return [
            child(
                f"{seed.input} {n}", seed, technique="redteam",
                steps=(Step(operator=f"redteam.direct_injection.p{n % patterns}", relation="unknown"),),
            )
            for n, seed in enumerate(SEEDS)
        ]  # fmt: skip

    assert said(set_findings(attacks(1), crowd=crowd, ordered={}))["set.cling"] == "flag"
    assert said(set_findings(attacks(12), crowd=crowd, ordered={}))["set.cling"] == "pass"
