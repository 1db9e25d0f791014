"""Language models that judge the answers of a run: who they are, what they are told, and what they took.

What this module does not know: criteria, and how an opinion becomes a score.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from anchorset.core.ask import Answer, Ask, Spent
from anchorset.core.case import Case
from anchorset.core.config import ModelSpec
from anchorset.pipeline.produce.judge import Awaited, Consent, asker_for, settled_judge
from anchorset.pipeline.workspace import Workspace
from anchorset.trust.run.answer import Answer as TargetAnswer
from anchorset.trust.run.evaluators.catalogue import judge_specs
from anchorset.trust.run.evaluators.judge_model import JudgeModel
from anchorset.trust.run.evaluators.rubric import Rubric
from anchorset.trust.run.evaluators.rubric_prompt import ask_for


@dataclass(slots=True)
class Panel:
    """The judges of a run. They answer while it is `opened`."""

    workspace: Workspace
    specs: tuple[ModelSpec, ...]
    lent: JudgeModel = field(init=False)
    """What evaluators are lent."""
    notes: tuple[str, ...] = ()
    spent: Spent = field(default_factory=Spent)
    """What they took, once it is closed again."""
    _asker: Awaited | None = None

    async def ask(self, ask: Ask) -> Answer:
        assert self._asker is not None  # evaluators judge while a run goes on
        return await self._asker.answer(ask)

    @contextmanager
    def opened(
        self, run: str, missing: Sequence[tuple[Case, TargetAnswer | None]], judges: Mapping[str, Rubric],
        consent: Consent,
    ) -> Iterator[None]:  # fmt: skip
        """Within it they answer. `missing`: what will be judged; an answer that is not known yet is None.

        Raises UsageError when nobody agrees that texts leave the machine.
        """

        def asks() -> list[Ask]:
            every = (self._like(*one, rubric) for rubric in judges.values() for one in missing)
            return [ask for ask in every if ask is not None]

        with asker_for(
            self.workspace, self.specs, run=run, consent=consent, asks=asks,
            what="every case with the answer of the target to the judge",
        ) as asker:  # fmt: skip
            self._asker = asker
            yield
        self._asker = None
        self.spent = asker.spent

    def _like(self, case: Case, answer: TargetAnswer | None, rubric: Rubric) -> Ask | None:
        """The question, or one like it for what it costs: with the expected answer where the target's is not there."""
        criteria = rubric.wanted(case)
        if not criteria or rubric.model is None:
            return None
        return ask_for(case, answer or TargetAnswer(output=case.expected), criteria, model=self.lent, spec=rubric.model)


def panel_of(workspace: Workspace) -> Panel | None:
    """The judges that the evaluators of the configuration ask; None when they ask none.

    Raises MachineError when `auto` finds nothing.
    """
    config, folder = workspace.config, workspace.folder
    judge, notes = config.models.judge, tuple[str, ...]()
    specs = judge_specs(config.evaluators, judge)
    if any(spec.model == "auto" for spec in specs):
        judge, notes = settled_judge(workspace)
        specs = judge_specs(config.evaluators, judge)
    specs = tuple(spec for spec in specs if spec.model not in ("none", "auto"))
    if not specs:
        return None
    panel = Panel(workspace, specs, notes=notes)
    panel.lent = JudgeModel(
        ask=panel.ask, spec=judge, product=config.context, rubric=folder.rubric, prompts=folder.prompts()
    )
    return panel
