"""`python`: a function of the workspace judges.

What this module does not know: processes and their ends.
"""

from __future__ import annotations

import math
from typing import Any, ClassVar

from pydantic import Field, JsonValue

from anchorset.core.case import Case
from anchorset.core.inert import short
from anchorset.core.run import Score
from anchorset.trust.run.answer import Answer, CallError
from anchorset.trust.run.evaluators.evaluator import Evaluator, Means
from anchorset.trust.run.seen import hashes_of
from anchorset.trust.run.workers.named import function_job


class Python(Evaluator):
    """A function of the workspace judges: `judge(case, answer)`.

    What it looks at: the case record and the answer (`output`, `tools`, `usd`, `seconds`), both as dicts. It returns
    true or false, a score (0-1), or `{"passed": …, "score": …, "why": …}`; None: it could not judge.
    Why it matters: nobody knows your product's rules better than your code.
    Example that fails: a function that raises; the row is then not judged, and the sentence says why.
    How to fix it: call the function by hand with the row's output.
    """

    code: ClassVar[str] = "python"
    version: ClassVar[int] = 1

    function: str
    """`module:function`, importable from the workspace; sync or async."""
    threshold: float = Field(default=0.5, ge=0, le=1)
    """The least score that passes, where the function gives a score and no `passed`."""
    timeout_seconds: float = Field(default=30, gt=0)

    def rests_on(self, means: Means) -> JsonValue:
        where = "`evaluators.python.function`"
        _, files = function_job(self.function, where, folder=means.folder, environ=means.environ)
        return [[name, digest] for name, digest in hashes_of(files, means.folder)]

    async def judge(self, case: Case, answer: Answer, means: Means) -> Score:
        told = {"output": answer.output, "tools": answer.tools, "usd": answer.usd, "seconds": answer.seconds}
        arguments = [case.model_dump(mode="json", by_alias=True), told]
        try:
            said = await means.guarded(self.function, arguments, self.timeout_seconds, of_workspace=True)
        except CallError as error:
            return self.said(None, short(f"{self.function} could not judge: {error.error}", 200))
        return self._read(said)

    def _read(self, said: Any) -> Score:
        given = said if isinstance(said, dict) else {"score": said} if _is_number(said) else {"passed": said}
        passed, score, why = given.get("passed"), given.get("score"), given.get("why")
        fits = (passed is None or isinstance(passed, bool)) and (score is None or _is_number(score))
        if not fits or not set(given) <= {"passed", "score", "why"} or (score is not None and not 0 <= score <= 1):
            found = short(repr(said), 80)
            return self.said(
                None, f"{self.function} returned {found}; return a bool, a score 0-1 or passed, score, why"
            )
        if passed is None and score is not None:
            passed = score >= self.threshold
        return self.said(passed, None if why is None else short(str(why), 400), None if score is None else float(score))


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
