from __future__ import annotations

import json
import random

import numpy as np
import pytest

from anchorset.core.errors import InputError, NothingKeptError, UsageError
from anchorset.core.run import Result, Score
from anchorset.core.said import Grade
from anchorset.trust.judges.calibrate import calibrate
from anchorset.trust.judges.grades import graded
from anchorset.trust.judges.pairs import Judgement, read_pairs
from anchorset.trust.judges.people import people_agree

LLMBAR = {
    "item": "subset+strategy+item", "order_ab": "winner_order_ab", "order_ba": "winner_order_ba",
    "judge": "judge", "strategy": "strategy", "label": "label",
}  # fmt: skip


def one(
    item: object, said: tuple, label: str | None, *, judge: str = "GPT-4", strategy: str | None = None
) -> Judgement:
    return Judgement(judge=judge, strategy=strategy, item=str(item), said=said, label=label)


def table(yes_yes: int, yes_no: int, no_yes: int, no_no: int) -> list[Judgement]:
    """Single judgements by their two-by-two table: judge's word first."""
    cells = [("a", "a")] * yes_yes + [("a", "b")] * yes_no + [("b", "a")] * no_yes + [("b", "b")] * no_no
    return [one(at, (said,), label) for at, (said, label) in enumerate(cells)]


def test_kappa_by_hand() -> None:
    """Of 50: 20 + 15 agree, so 0.7; chance 0.5 · 0.6 + 0.5 · 0.4 = 0.5; kappa 0.4."""
    (found,) = calibrate(table(20, 5, 10, 15))
    assert (found.n, found.items, found.accuracy) == (50, 50, 0.7)
    assert found.kappa == pytest.approx(0.4)
    # The error by equation 13 of Fleiss, Cohen and Everitt (1969), times √(50/49); limits 2.0096 of it (Student,
    # 49 degrees of freedom) to each side on the scale artanh(kappa).
    first = 0.4 * (1 - 1.1 * 0.6) ** 2 + 0.3 * (1 - 0.9 * 0.6) ** 2
    second = 0.36 * (0.1 * (0.6 + 0.5) ** 2 + 0.2 * (0.4 + 0.5) ** 2)
    error = np.sqrt((first + second - (0.4 - 0.5 * 0.6) ** 2) / 49) / 0.5
    half = 2.0096 * error / (1 - 0.4**2)
    assert found.low == pytest.approx(np.tanh(np.arctanh(0.4) - half), abs=1e-4)
    assert found.high == pytest.approx(np.tanh(np.arctanh(0.4) + half), abs=1e-4)


@pytest.mark.parametrize("kappa", [0.2, 0.4, 0.7])
def test_the_interval_holds_the_true_kappa_95_times_in_100_with_items_asked_in_two_orders(kappa: float) -> None:
    """Both orders of one item are one piece of evidence: the judge errs on an item, not on an order."""
    rng = np.random.default_rng(3)
    right = (1 + kappa) / 2
    held = 0
    for _ in range(400):
        labels = rng.integers(0, 2, 80)
        knows = rng.random(80) < right
        # Three times in four the second order repeats the first; else it is asked afresh.
        again = np.where(rng.random(80) < 0.75, knows, rng.random(80) < right)
        (found,) = calibrate(
            one(at, tuple(str(int(label == hit)) for hit in (a, b)), str(label))
            for at, (label, a, b) in enumerate(zip(labels, knows, again, strict=True))
        )
        held += found.low <= kappa <= found.high
    # The standard error of 95 % of 400 is 1.1 points.
    assert 0.92 <= held / 400 <= 0.98


def test_order_consistency_is_the_share_of_items_that_the_same_answer_won_twice() -> None:
    ones = [one(0, ("a", "a"), "a"), one(1, ("a", "b"), "a"), one(2, ("b", "b"), "a"), one(3, ("b", None), "b")]
    (found,) = calibrate([*ones, one(4, ("a",), None)])
    assert (found.pairs, found.order_consistency) == (3, pytest.approx(2 / 3))
    assert found.order_low < 2 / 3 < found.order_high
    assert (found.n, found.not_judged, found.unlabelled) == (7, 1, 1)


def test_the_same_items_under_more_strategies_are_no_more_evidence() -> None:
    rng = random.Random(5)
    said = [("a" if rng.random() < 0.5 else "b") for _ in range(60)]
    rows = [one(at, (word,), word if at % 4 else "a", strategy="plain") for at, word in enumerate(said)]
    copies = [
        Judgement(judge=row.judge, strategy=f"s{n}", item=row.item, said=row.said, label=row.label)
        for n in range(8) for row in rows
    ]  # fmt: skip
    alone, whole = calibrate(rows)[0], calibrate(copies)[0]
    assert (whole.n, whole.items) == (480, 60)
    assert whole.kappa == pytest.approx(alone.kappa)
    assert whole.high - whole.low == pytest.approx(alone.high - alone.low, rel=0.02)


def test_the_order_of_the_rows_has_no_say() -> None:
    rng = random.Random(1)
    rows = [
        one(at % 30, (rng.choice("ab"), rng.choice("ab")), rng.choice("ab"), judge=judge, strategy=strategy)
        for at, (judge, strategy) in enumerate([("GPT-4", "x"), ("GPT-4", "y"), ("llama-2", "x")] * 30)
    ]
    assert calibrate(rng.sample(rows, len(rows))) == calibrate(rows)
    assert [(found.judge, found.strategy) for found in calibrate(rows)] == [
        ("GPT-4", None), ("GPT-4", "x"), ("GPT-4", "y"), ("llama-2", None), ("llama-2", "x"),
    ]  # fmt: skip
    assert {found.family for found in calibrate(rows)} == {"openai-gpt", "meta-llama"}


def test_a_judge_that_said_nothing_and_one_label_throughout_have_no_kappa() -> None:
    (silent,) = calibrate([one(0, (None, None), "a")])
    assert (silent.kappa, silent.accuracy, silent.order_consistency, silent.not_judged) == (None, None, None, 2)
    (uniform,) = calibrate([one(at, ("a",), "a") for at in range(5)])
    assert (uniform.kappa, uniform.accuracy) == (None, 1.0)
    assert calibrate([]) == []


def test_every_row_of_a_file_of_pairs_is_accounted_for(tmp_path) -> None:
    rows = [
        {"judge": "GPT-4", "item": 1, "label": 1, "ab": "1", "ba": "1"},
        {"judge": "GPT-4", "item": 2, "label": 2, "ab": None, "ba": None},
        {"judge": "GPT-4", "item": 1, "label": 1, "ab": "2", "ba": "2"},
        {"judge": "", "item": 3, "label": 1, "ab": "1", "ba": "1"},
    ]
    path = tmp_path / "pairs.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows) + "{broken\n", encoding="utf-8")
    found = read_pairs(path, mapping={"order_ab": "ab", "order_ba": "ba"})
    assert (found.read, found.kept, found.without_judgement, len(found.refused)) == (5, 1, 1, 3)
    assert found.read == found.kept + found.without_judgement + len(found.refused)
    with pytest.raises((InputError, UsageError)):
        read_pairs(path, mapping={"order_ab": "nowhere"})
    path.write_text(json.dumps(rows[3]) + "\n", encoding="utf-8")
    with pytest.raises(NothingKeptError, match="no judge pairs kept of 1 rows"):
        read_pairs(path, mapping={"order_ab": "ab", "order_ba": "ba"})


def test_the_majority_of_graders_is_the_label_and_a_later_grade_replaces_the_earlier() -> None:
    def row(case: str, passed: bool | None) -> Result:
        scores = (Score(evaluator="rubric@1", passed=passed),)
        return Result(run="q_1", case=case, content=f"x{case}", target="bot", version="1", scores=scores)

    def grade(case: str, who: str, passed: bool, at: int = 0, content: str | None = None) -> Grade:
        return Grade(run="q_1", case=case, content=content or f"x{case}", target="bot", repeat=0, reviewer=who,
                     passed=passed, at=f"2026-11-20T10:00:0{at}Z")  # fmt: skip

    grades = [
        grade("a", "kim", False), grade("a", "kim", True, at=5), grade("b", "kim", True), grade("b", "lee", False),
        grade("c", "kim", True, content="of another text"), grade("d", "kim", False),
    ]  # fmt: skip
    rows = [row("a", True), row("b", True), row("c", True), row("d", None)]
    found = graded(rows, grades[::-1], evaluator="rubric@1", judge="GPT-4")
    assert [(one.item, one.said, one.label) for one in found] == [
        ("a", ("passed",), "passed"), ("b", ("passed",), None), ("d", (None,), "failed"),
    ]  # fmt: skip


def test_llmbar_has_judges_under_and_over_the_line_and_every_row_is_accounted_for(data) -> None:
    found = read_pairs(data / "llmbar" / "judge_results_everyday.jsonl", mapping=LLMBAR)
    assert found.read == 12_480
    assert found.read == found.kept + found.without_judgement + len(found.refused)
    whole = [one for one in calibrate(found.judgements) if one.strategy is None]
    for one_ in whole:
        mine = [row for row in found.judgements if row.judge == one_.judge]
        # Recounted plainly: the item alone, whatever the strategy, is what is independent.
        pairs = [row for row in mine if None not in row.said]
        assert one_.order_consistency == pytest.approx(np.mean([row.said[0] == row.said[1] for row in pairs]))
        words = [(word, row.label) for row in mine for word in row.said if word is not None]
        agree = np.mean([word == label for word, label in words])
        chance = sum(
            np.mean([w == side for w, _ in words]) * np.mean([label == side for _, label in words]) for side in "12"
        )
        assert one_.kappa == pytest.approx((agree - chance) / (1 - chance), abs=0.01)
    assert any(one_.low < 0.4 for one_ in whole)
    assert any(one_.low >= 0.4 for one_ in calibrate(found.judgements))


def test_people_agree_as_far_as_alpha_says(tmp_path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("a,b,c\n1,1,1\n1,1,2\n2,2,2\n1,2,\n2,,\n", encoding="utf-8")
    found = people_agree(path, raters=["a", "b", "c"])
    assert (found.items, found.without_majority) == (4, 1)
    # Krippendorff by hand: D_o = (0 + 2 + 0 + 2) / 11, D_e = 2 · 6 · 5 / (11 · 10).
    assert found.alpha == pytest.approx(1 - (4 / 11) / (60 / 110))
    with pytest.raises(InputError, match="two people or more"):
        people_agree(path, raters=["a"])
