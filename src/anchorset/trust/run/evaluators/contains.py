"""`contains`: the answer holds a text.

What this module does not know: where in the answer it stands.
"""

from __future__ import annotations

import unicodedata
from typing import ClassVar, Literal, Self

from anchorset.core.case import Case
from anchorset.core.errors import ConfigError
from anchorset.core.inert import short
from anchorset.core.noun import Names
from anchorset.core.run import Score
from anchorset.trust.run.answer import Answer
from anchorset.trust.run.evaluators.evaluator import NOTHING_EXPECTED, Evaluator, Means, words


class Contains(Evaluator):
    """The answer holds the expected text, or given ones.

    What it looks at: the texts of the setting `text`, else the expected answer; a list is several texts.
    Why it matters: a sentence may say the right thing in many ways around the word that decides.
    Example that fails: `Let me check that for you.` where `approved` is expected.
    How to fix it: `mode: any` for synonyms, `ignore_case: true`, `regex` for forms of a word.
    """

    code: ClassVar[str] = "contains"
    version: ClassVar[int] = 1

    text: str | Names | None = None
    """What to look for; None: the expected answer."""
    mode: Literal["all", "any"] = "all"
    """Of several texts: all of them, or any."""
    ignore_case: bool = False

    def resolved(self, means: Means) -> Self:
        if self.text is not None and not all(self._texts(None)):
            raise ConfigError(
                "`evaluators.contains.text` is empty, which every answer contains; write what to look for."
            )
        return self

    async def judge(self, case: Case, answer: Answer, means: Means) -> Score:
        wanted = [text for text in self._texts(case) if text]
        if not wanted:
            return self.said(None, NOTHING_EXPECTED)
        found = self._form(words(answer.output))
        missing = [text for text in wanted if self._form(text) not in found]
        passed = not missing if self.mode == "all" else len(missing) < len(wanted)
        return self.said(passed, None if passed else f"missing {short(', '.join(map(repr, missing)), 120)}")

    def _texts(self, case: Case | None) -> list[str]:
        if self.text is not None:
            return [self.text] if isinstance(self.text, str) else list(self.text) or [""]
        expected = case.expected if case else None
        return [words(one) for one in expected] if isinstance(expected, list) else [words(expected)]

    def _form(self, text: str) -> str:
        text = unicodedata.normalize("NFC", text)
        return text.casefold() if self.ignore_case else text
