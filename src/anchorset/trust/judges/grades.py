"""A judge's marks beside people's blind grades of the same answers: what calibrates the judge of a run.

What this module does not know: how answers were drawn for grading.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from anchorset.core.run import Result
from anchorset.core.said import Grade
from anchorset.trust.judges.pairs import Judgement


def graded(
    results: Iterable[Result], grades: Iterable[Grade], *, evaluator: str, judge: str | None = None
) -> list[Judgement]:
    """One judgement a graded answer: what `evaluator` said of it, and what most graders said.

    evaluator: as in `Score.evaluator`; `judge` is the model's name behind it (None: the evaluator's). A person's later
    grade of an answer replaces the earlier one. Grades of another content say nothing; a case is one item.
    An answer that the evaluator did not judge, or on which graders are divided, is counted by `calibrate`, not dropped.
    """
    marks: dict[tuple[str, str, str, str, int], dict[str, bool]] = {}
    for grade in sorted(grades, key=lambda grade: grade.at):
        answer = (grade.run, grade.case, grade.content, grade.target, grade.repeat)
        marks.setdefault(answer, {})[grade.reviewer] = grade.passed
    found = []
    for row in results:
        people = marks.get((row.run, row.case, row.content, row.target, row.repeat))
        if people is None:
            continue
        said = next((score.passed for score in row.scores if score.evaluator == evaluator), None)
        votes = Counter(people.values())
        majority = None if votes[True] == votes[False] else votes[True] > votes[False]
        found.append(
            Judgement(
                judge=judge or evaluator, strategy=None, item=row.case, said=(_word(said),), label=_word(majority)
            )
        )
    return found


def _word(passed: bool | None) -> str | None:
    return None if passed is None else "passed" if passed else "failed"
