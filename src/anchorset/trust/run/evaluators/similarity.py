"""`similarity`: the answer means about what the expected one means.

What this module does not know: which embedder measures it.
"""

from __future__ import annotations

from typing import ClassVar, Self

from pydantic import Field, JsonValue

from anchorset.core.case import Case
from anchorset.core.errors import ConfigError
from anchorset.core.run import Score
from anchorset.trust.run.answer import Answer
from anchorset.trust.run.evaluators.evaluator import NOTHING_EXPECTED, Evaluator, Means, words

LONGEST = 4_000
"""Characters of each text that are looked at; `why` says when there were more."""


class Similarity(Evaluator):
    """The answer means about what the expected answer means.

    What it looks at: the cosine of the two texts' vectors (0-1), from the embedder of the workspace.
    Why it matters: a paraphrase is not wrong. But a vector hardly sees a negation or a number: hold those with
    `contains` or `numeric` beside it.
    Example that fails: `Have a nice day!` where `refund approved` is expected.
    How to fix it: lower `threshold` after looking at scores of answers you call right and wrong; it is not calibrated.
    """

    code: ClassVar[str] = "similarity"
    version: ClassVar[int] = 1

    threshold: float = Field(default=0.8, ge=0, le=1)
    """The least cosine that passes."""

    def resolved(self, means: Means) -> Self:
        if means.embedder is None:
            raise ConfigError("`evaluators.similarity` needs an embedder and none was opened; set `embedder: static`.")
        return self

    def rests_on(self, means: Means) -> JsonValue:
        return means.embedder.name if means.embedder else None

    async def judge(self, case: Case, answer: Answer, means: Means) -> Score:
        if case.expected is None:
            return self.said(None, NOTHING_EXPECTED)
        assert means.embedder is not None  # resolved
        texts = [words(case.expected), words(answer.output)]
        pair = means.embedder.embed([text[:LONGEST] for text in texts])
        if not pair.any(axis=1).all():
            return self.said(None, "one of the two texts has no token that the embedder knows")
        score = min(1.0, max(0.0, float(pair[0] @ pair[1])))
        cut = f" (of the first {LONGEST:,} characters)" if max(map(len, texts)) > LONGEST else ""
        return self.said(score >= self.threshold, f"cosine {score:.2f}, threshold {self.threshold:g}{cut}", score)
