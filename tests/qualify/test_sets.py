from __future__ import annotations

from messages_of_a_shop import SEEDS, child

from anchorset.core.decision import Decision
from anchorset.core.provenance import Step
from anchorset.qualify.sets import set_findings, standing_findings


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


def judged(word: str, n: int, *, cell: str = "late", technique: str = "mutation", reviewers: int = 1, **more) -> list:
    """`n` candidates on which every reviewer said `word`; none of them for `passed`."""
    status = {"approve": "approved", "edit": "edited", "reject": "rejected", "passed": "passed"}[word]
    reason = "caricature" if word == "reject" else None
    deciding = range(0 if word == "passed" else reviewers)
    said = tuple(
        Decision(decision=word, reviewer=f"r{at}", at="2026-11-20T10:00:00Z", reason=reason) for at in deciding
    )
    return [
        child(f"{word} {technique} {cell} {at}", SEEDS[at % len(SEEDS)], technique=technique, status=status,
              reviews=said, metadata={"policy": cell}, **more)
        for at in range(n)
    ]  # fmt: skip


def finding(code: str, candidates, **facts):
    return next(one for one in standing_findings(candidates, **facts) if one.check == code)


def test_a_cell_whose_candidates_reviewers_reject_is_a_caricature() -> None:
    poor = judged("approve", 3, cell="late") + judged("reject", 22, cell="late")
    fine = judged("approve", 15, cell="broken") + judged("reject", 5, cell="broken")
    said = finding("set.caricature", [*poor, *fine], axes=["policy"])
    assert (said.says, said.score, said.threshold) == ("flag", 0.12, 0.4)
    assert "mutation in policy=late: 3 of 25 kept" in said.evidence
    assert "broken" not in said.evidence
    assert finding("set.caricature", fine, axes=["policy"]).says == "pass"


def test_a_caricature_of_one_technique_or_cell_does_not_hide_in_the_rest() -> None:
    poor = judged("reject", 12, technique="remix")
    rest = judged("approve", 200) + judged("approve", 50, technique="remix", cell="broken")
    assert finding("set.caricature", [*poor, *rest], axes=["policy"]).says == "flag"
    # Without axes all cells are one, and 50 of 62 is no caricature.
    assert finding("set.caricature", [*poor, *rest]).says == "pass"


def test_a_few_decisions_and_a_run_of_bad_luck_are_no_caricature() -> None:
    few = finding("set.caricature", judged("reject", 9) + judged("passed", 90), axes=["policy"])
    assert few.says == "not_run"
    assert few.evidence.endswith("has 10 decisions, the most has 9")
    assert finding("set.caricature", judged("reject", 10), axes=["policy"]).says == "flag"
    # 3 of 10 is what a survival of 65 % gives now and then: its interval reaches over 40 %.
    unlucky = judged("approve", 2) + judged("edit", 1) + judged("reject", 7)
    assert finding("set.caricature", unlucky, axes=["policy"]).says == "pass"


def test_what_a_check_rejected_and_what_reviewers_dispute_is_no_decision() -> None:
    by_check = [case.model_copy(update={"reviews": ()}) for case in judged("reject", 40)]
    disputed = [
        case.model_copy(update={"status": "passed", "reviews": (*case.reviews, *judged("approve", 1)[0].reviews)})
        for case in judged("reject", 40)
    ]
    assert finding("set.caricature", by_check + disputed).says == "not_run"
    # Two reviewers who agree make one decision on one candidate.
    assert finding("set.caricature", judged("reject", 9, reviewers=2)).says == "not_run"


def test_a_tenth_of_stale_candidates_is_borne_and_more_is_said_with_the_reason() -> None:
    there = judged("passed", 90) + judged("approve", 10)
    stale = {case.id: "persona:novice has changed" for case in there[:7]}
    stale |= {case.id: f"seed {case.id} is gone or was edited" for case in there[7:10]}
    bearable = finding("set.staleness", there, stale=stale)
    assert (bearable.says, bearable.score) == ("pass", 0.1)
    said = finding("set.staleness", there, stale=stale | {there[10].id: "context has changed"})
    assert said.says == "flag"
    assert said.evidence.startswith("11 of 100 candidates are stale, most often because persona:novice has changed (7)")
    assert finding("set.staleness", there).says == "not_run"
    # What was rejected is in no dataset, so that nobody minds its age.
    gone = judged("reject", 10)
    assert finding("set.staleness", gone, stale={case.id: "context has changed" for case in gone}).says == "not_run"


def test_a_judge_of_the_family_that_wrote_the_candidates_colludes() -> None:
    def written(family: str | None, n: int, model: str | None = "openai:gpt-5") -> list:
        cases = judged("passed", n, technique="prompted")
        by = {"family": family, "model": model}
        return [case.model_copy(update={"provenance": case.provenance.model_copy(update=by)}) for case in cases]

    mine = written("openai-gpt", 30) + judged("passed", 10)
    said = finding("set.collusion", mine, families={"judge": "gpt", "target bot": "rules"})
    assert (said.says, said.score) == ("flag", 0.75)
    assert said.evidence.startswith("30 of 40 candidates were written by openai-gpt, the family of judge")
    assert finding("set.collusion", mine, families={"judge": "anthropic-claude"}).says == "pass"
    assert finding("set.collusion", mine, families={"judge": None}).says == "not_run"
    # The model tells its family where the row does not, and the generator is itself, not somebody else.
    assert finding("set.collusion", written(None, 5), families={"judge": "openai-gpt"}).says == "flag"
    assert finding("set.collusion", mine, families={"generator": "openai-gpt"}).says == "not_run"
    nobody = finding("set.collusion", judged("passed", 5), families={"judge": "openai-gpt"})
    assert (nobody.says, nobody.evidence) == ("not_run", "no model wrote a candidate")


def test_findings_on_what_stands_do_not_depend_on_the_order() -> None:
    there = judged("reject", 14) + judged("approve", 3, cell="broken") + judged("passed", 9, technique="remix")
    facts = {"axes": ["policy"], "stale": {case.id: f"seed {case.id} is gone" for case in there}, "families": {}}
    assert standing_findings(there, **facts) == standing_findings(there[::-1], **facts)
