"""Which cases are meant: the filters that list, review, tag and export share. All that are given must hold.

What this module does not know: how they are looked up.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """None: any."""

    ids: tuple[str, ...] | None = None
    """Case ids; a beginning that fits one case alone will do."""
    real: bool | None = None
    """True: seeds, regressions, goldens. False: candidates."""
    bucket: str | None = None
    cell: str | None = None
    status: str | None = None
    check: str | None = None
    """Code of a check that flagged or rejected it."""
    persona: str | None = None
    difficulty: str | None = None
    run: str | None = None
    """Production run."""
    text: str | None = None
    """Words that stand in what the user wrote, whatever their case."""
    answered: bool | None = None
    """Whether it has an expected answer or criteria."""
    redteam: bool | None = None
    """True: attacks alone. False: everything but them."""
    counting: bool | None = None
    """True: only what is neither quarantined, stale, nor replaced by an edit."""

    def narrowed(self, other: Filter) -> Filter:
        """This filter with whatever `other` asks for."""
        given = {one.name: getattr(other, one.name) for one in fields(other)}
        return replace(self, **{name: value for name, value in given.items() if value is not None})
