"""Which questions there are, in the order in which they are asked.

What this module does not know: what any of them asks.
"""

from __future__ import annotations

from anchorset.qualify.judging.question import Question
from anchorset.qualify.judging.questions.cell_judge import CellJudge
from anchorset.qualify.judging.questions.context_sufficient import ContextSufficient
from anchorset.qualify.judging.questions.difficulty_judge import DifficultyJudge
from anchorset.qualify.judging.questions.expected_unambiguous import ExpectedUnambiguous
from anchorset.qualify.judging.questions.grounding_answer import GroundingAnswer
from anchorset.qualify.judging.questions.persona_match import PersonaMatch
from anchorset.qualify.judging.questions.plausible_judge import PlausibleJudge

DIFFICULTY = DifficultyJudge()
"""Never asked alone: it rejects nobody, and a question costs money."""

YES_NO: tuple[Question, ...] = (
    PlausibleJudge(), PersonaMatch(), CellJudge(), ContextSufficient(), ExpectedUnambiguous(), GroundingAnswer(),
)  # fmt: skip
EVERY: tuple[Question, ...] = (*YES_NO, DIFFICULTY)
CODES = tuple(question.code for question in EVERY)
