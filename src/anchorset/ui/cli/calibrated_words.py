"""How far a judge of candidates agrees with people, in words and as the machine form.

What this module does not know: how it was measured.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from anchorset.infra.text.table import aligned

if TYPE_CHECKING:
    from anchorset.core.config import Config
    from anchorset.core.judge import JudgeCalibration
    from anchorset.pipeline.produce.calibrating import Calibrated


def lines(done: Calibrated, config: Config) -> list[str]:
    """One line a check: kappa with people, and whether the judge may reject by it."""
    from anchorset.core.judge import MIN_KAPPA
    from anchorset.ui.cli.made_words import spent_lines

    rows = [
        (
            code, f"{one.n:,}", f"{one.unlabelled:,}", f"{one.not_judged:,}",
            "-" if one.accuracy is None else f"{one.accuracy:.0%}", _kappa(one), _may(done, code, config),
        )
        for code, one in done.checks.items()
    ]  # fmt: skip
    header = ("check", "labelled", "unlabelled", "no answer", "accuracy", "kappa with people", "the judge")
    free = [code for code in done.checks if done.may_reject(code)]
    return [
        *(f"note: {note}" for note in done.notes),
        f"{done.judge} ({done.prompt}) on {done.asked:,} of {done.decided:,} candidates that people decided:",
        *(f"  {line}" for line in aligned([header, *rows])),
        f"  it may reject where the lower limit of kappa is {MIN_KAPPA} or more: {', '.join(free) or 'nowhere yet'}",
        *spent_lines(done.spent),
    ]


def report(done: Calibrated) -> dict[str, Any]:
    """The machine form."""
    return {
        "judge": done.judge, "prompt": done.prompt, "family": done.family, "decided": done.decided,
        "asked": done.asked, "usd": done.spent.usd, "answers": done.spent.answers,
        "checks": {
            code: {
                "kappa": one.kappa, "low": one.low, "high": one.high, "accuracy": one.accuracy, "n": one.n,
                "unlabelled": one.unlabelled, "not_judged": one.not_judged, "may_reject": done.may_reject(code),
            }
            for code, one in done.checks.items()
        },
    }  # fmt: skip


def _may(done: Calibrated, code: str, config: Config) -> str:
    setting = config.checks.get(code)
    wanted = setting is not None and setting.on_hit == "reject"
    if done.may_reject(code):
        return "rejects" if wanted else f"may reject (`checks.{code}.on_hit`)"
    return "flags only, though `on_hit` is reject" if wanted else "flags only"


def _kappa(one: JudgeCalibration) -> str:
    if one.kappa is None or one.low is None or one.high is None:
        return "-"
    return f"{one.kappa:.2f} ({one.low:.2f} to {one.high:.2f})"
