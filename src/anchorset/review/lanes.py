"""Which answers of a run a person grades: a blind sample in which what evaluators said yes and no to both occur.

What this module does not know: what evaluators are, and who grades.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from anchorset.core.hashing import draw
from anchorset.core.run import Result


def answers_to_grade(results: Sequence[Result], *, n: int, graded: Collection[tuple[str, int]] = ()) -> list[Result]:
    """Up to `n` answers that are not graded yet, as many passed as failed ones where there are.

    `graded`: (content, repeat). Rows without an answer are left out. The choice hangs on run and content alone, so that
    it never depends on the order of rows or on what is asked for first.
    """
    waiting = [
        row
        for row in results
        if row.output is not None and row.cause in (None, "not_judged") and (row.content, row.repeat) not in graded
    ]
    order = sorted(waiting, key=lambda row: draw("grade", row.run, row.content, row.repeat))
    yes = [row for row in order if row.passed]
    no = [row for row in order if not row.passed]
    chosen = no[: n // 2]
    chosen += yes[: n - len(chosen)]
    chosen += no[n // 2 : n // 2 + n - len(chosen)]
    return sorted(chosen, key=lambda row: draw("shuffled", row.run, row.content, row.repeat))
