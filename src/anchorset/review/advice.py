"""What to do about a slice whose survival lies outside the band: by the reason that reviewers gave most often.

What this module does not know: where decisions are kept, and how advice is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from anchorset.core.decision import RejectReason
from anchorset.core.inert import short
from anchorset.core.numbers import share
from anchorset.review.survival import Band, Survival

REASONS: Mapping[RejectReason, str] = {
    "duplicate": "ask for more distance (`--min-novelty`), order fewer here, or ingest more messages of it",
    "unrealistic": "give it more to sound like: ingest more messages of it, or move weight to mutation",
    "ambiguous_expected": "say what is expected: fill `expected` or `criteria` of the cell, or write it into rubric.md",
    "not_enough_context": "attach what is needed to answer: files in docs/, or more in `context`",
    "off_policy": "say what the product may and may not do: `context`, rubric.md, and the policies in redteam/",
    "private_data": "find where the data comes from and have it masked: ingest its file again, with the scrubber on",
    "caricature": "tone the persona down: fewer traits and milder words in its file, or a smaller weight",
    "overfit": "cover the situation, not one failure of it: other topics, more axis values, no `--from-failures` here",
    "other": "reviewers gave no reason of the list: read what they rejected (`cases list --status rejected`)",
}
"""Commonest reject reason of a slice under the band -> what mends it."""
EASY: Mapping[str, str] = {
    "technique": "likely too easy: order less of it, or rarer and harder cases with it",
    "cell": "likely too easy: have it attacked, or mutated by operators that change the answer",
    "persona": "likely too easy: make this person less clear, or give the weight to one who is harder to serve",
}
"""By what the slice is of, for those over the band."""
UNDER: tuple[Band, ...] = ("caricature", "low")


@dataclass(frozen=True, slots=True, kw_only=True)
class Advised:
    """A slice outside the band, and what to do."""

    by: str
    """`technique`, `cell` or `persona`."""
    name: str
    survival: Survival
    reason: str | None
    """The commonest of its rejections; None over the band."""
    n: int
    """Rejections for that reason."""
    advice: str

    @property
    def under(self) -> bool:
        """Whether it lies under the band, not over it."""
        return self.survival.band in UNDER

    @property
    def sentence(self) -> str:
        """All of it, without a full stop."""
        one = self.survival
        why = f", mostly {self.reason} ({self.n:,} of {one.rejected:,})" if self.reason else ""
        where = "under" if self.under else "over"
        return (
            f"{self.by} {short(self.name, 72)}: {share(one.rate or 0.0)} of {one.decided:,} survive "
            f"({share(one.low)} to {share(one.high)}), {where} the band{why}: {self.advice}"
        )

    def report(self) -> dict[str, Any]:
        """The machine form."""
        one = self.survival
        return {
            "by": self.by, "name": self.name, "band": one.band, "rate": round(one.rate or 0.0, 4),
            "low": round(one.low, 4), "high": round(one.high, 4), "decided": one.decided, "reason": self.reason,
            "reason_count": self.n, "advice": self.advice,
        }  # fmt: skip


def advised(by: str, slices: Mapping[str, Survival], reasons: Mapping[str, Mapping[str, int]]) -> Iterator[Advised]:
    """Every slice whose whole interval lies outside the band, those under it first, the worst first.

    `reasons`: slice -> reject reason -> how often. Of equally common ones the first by name counts, `other` last.
    """
    out = [(name, one) for name, one in slices.items() if one.band in (*UNDER, "high")]
    for name, one in sorted(out, key=lambda pair: (pair[1].band == "high", pair[1].high, pair[0])):
        given = Counter(reasons.get(name, {}))
        why = min(given, key=lambda reason: (reason == "other", -given[reason], reason), default=None)
        if one.band == "high":
            yield Advised(by=by, name=name, survival=one, reason=None, n=0, advice=EASY.get(by, EASY["cell"]))
        else:
            known = {str(reason): text for reason, text in REASONS.items()}
            yield Advised(
                by=by, name=name, survival=one, reason=why, n=given[why] if why else 0,
                advice=known.get(why or "other", known["other"]),
            )  # fmt: skip
