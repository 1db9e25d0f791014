"""`anchorset qualify`: candidates judged again, and the judge held against people.

What this module does not know: any check.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from anchorset.ui.cli.options import Budget, Json, WorkspaceDir, Yes, opened

if TYPE_CHECKING:
    from anchorset.pipeline.produce.judge import Consent


def qualify(
    all: Annotated[bool, typer.Option("--all", help="Also what checks had rejected.")] = False,
    calibrate: Annotated[
        bool, typer.Option("--calibrate", help="Hold the judge (`models.judge`) against what people decided.")
    ] = False,
    sample: Annotated[
        int | None, typer.Option(min=1, help="With --calibrate: candidates it is asked about; default 200.")
    ] = None,
    budget: Budget = None,
    yes: Yes = False,
    workspace: WorkspaceDir = None,
    json: Json = False,
) -> None:
    """Judges undecided candidates again, with the checks, settings and judge of today.

    `produce` qualifies as it goes; this is for changed settings. What people decided stays. With --calibrate nothing
    is judged again: the judge is asked about what people decided, and may reject only where it agrees with them.

    Example: anchorset qualify --all
    """
    from anchorset.core.errors import UsageError
    from anchorset.pipeline.produce.judge import Consent
    from anchorset.ui.cli.consent import agreement

    if sample is not None and not calibrate:
        raise UsageError("`--sample` says how many candidates a judge is calibrated on; give it with `--calibrate`")
    if all and calibrate:
        raise UsageError("`--all` judges candidates and `--calibrate` the judge; give one of the two")
    room = opened(workspace)
    consent = Consent(agree=agreement(yes), budget_usd=budget)
    if calibrate:
        _calibrate(room, sample, consent, json)
    else:
        _again(room, all, consent, json)


def _again(room: Any, everything: bool, consent: Consent, json: bool) -> None:
    from anchorset.pipeline.produce.requalifying import requalify
    from anchorset.ui.cli.ledger import set_lines
    from anchorset.ui.cli.made_words import spent_lines
    from anchorset.ui.cli.terminal import answer, say

    done = requalify(room, everything=everything, consent=consent)
    say(
        *(f"note: {note}" for note in done.notes),
        f"judged {done.judged:,}: passed {done.status['passed']:,}, rejected {done.status['rejected']:,}; "
        f"{done.changed:,} are judged otherwise than before",
        *spent_lines(done.spent),
        machine=json,
    )
    if done.rejected_by:
        named = ", ".join(f"{code} {n:,}" for code, n in done.rejected_by.most_common())
        say(f"  rejected by {named}", machine=json)
    say(*set_lines(done.set_findings), machine=json)
    if json:
        answer(
            {
                "judged": done.judged, "changed": done.changed, **done.status, "rejected_by": dict(done.rejected_by),
                "stopped": done.stopped.cause if done.stopped else None, "usd": done.spent.usd,
                "set": [finding.model_dump() for finding in done.set_findings],
            }
        )  # fmt: skip
    if done.stopped is not None:
        raise done.stopped


def _calibrate(room: Any, sample: int | None, consent: Consent, json: bool) -> None:
    from anchorset.pipeline.produce.calibrating import SAMPLE, calibrate_judge
    from anchorset.ui.cli.calibrated_words import lines, report
    from anchorset.ui.cli.terminal import answer, say

    done = calibrate_judge(room, n=sample or SAMPLE, consent=consent)
    say(*lines(done, room.config), machine=json)
    if json:
        answer(report(done))
