"""The filters that `cases`, `review` and exports share.

What this module does not know: how cases are looked up.
"""

from __future__ import annotations

from typing import Annotated, Any

import typer

Bucket = Annotated[str | None, typer.Option(help="seed, regression, golden, or a technique.")]
CellName = Annotated[str | None, typer.Option("--cell", help="axis=value,axis=value")]
StatusName = Annotated[
    str | None, typer.Option("--status", help="pending, passed, rejected, approved, edited, sampled or shipped.")
]
CheckCode = Annotated[str | None, typer.Option("--check", help="Code of a check that flagged or rejected it.")]
PersonaName = Annotated[str | None, typer.Option("--persona", help="Who speaks.")]
DifficultyName = Annotated[str | None, typer.Option("--difficulty", help="easy, medium, hard or adversarial.")]
RunName = Annotated[str | None, typer.Option("--run", help="Production run: r_…")]
Words = Annotated[str | None, typer.Option("--text", help="Words that the user wrote.")]


def wanted(**given: Any) -> Any:
    """The filter of these options. Raises UsageError for a name that cannot be one."""
    from typing import get_args

    from anchorset.core.case import Difficulty, Status
    from anchorset.core.errors import UsageError, nearest
    from anchorset.core.filter import Filter
    from anchorset.core.provenance import Bucket

    for name, closed in (("bucket", Bucket), ("status", Status), ("difficulty", Difficulty)):
        known = get_args(closed)
        value = given.get(name)
        if value is not None and value not in known:
            raise UsageError(f"`--{name}` is {value!r}; {nearest(value, known)}")
    return Filter(**given)
