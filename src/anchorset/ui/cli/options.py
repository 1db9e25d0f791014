"""The options that several verbs share, so that they mean and say the same everywhere.

What this module does not know: any verb.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

Json = Annotated[bool, typer.Option("--json", help="One JSON object on stdout; everything else goes to stderr.")]
RandomSeed = Annotated[int, typer.Option("--random-seed", help="Same input and same number: same bytes.")]
Html = Annotated[Path | None, typer.Option("--html", help="Also write a self-contained page to this file.")]
Map = Annotated[
    str,
    typer.Option(
        "--map",
        help="Which column is what: input=text,expected=answer,metadata.intent=category,id=…",
        metavar="FIELD=COLUMN,…",
    ),
]
Yes = Annotated[bool, typer.Option("--yes", help="Send texts to the models that are named without asking first.")]
Budget = Annotated[float | None, typer.Option("--budget", min=0, help="USD for the run; default: `budget_usd`.")]
FromFailures = Annotated[
    str | None,
    typer.Option(
        "--from-failures", metavar="RUN", help="More of what failed in this run; --count then says how many of it."
    ),
]
Format = Annotated[str, typer.Option("--format", help="Format of the file; `auto` looks at its content and suffix.")]
Out = Annotated[Path | None, typer.Option("-o", "--out", help="Where to write.")]
EmbedderName = Annotated[str, typer.Option("--embedder", help="`static` (bundled) or `minilm[:FOLDER]` (extra).")]


def number(option: str, text: str) -> float:
    """The number that an option was given. Raises UsageError naming the option and the value."""
    from anchorset.core.errors import UsageError

    try:
        return float(text)
    except ValueError:
        raise UsageError(f"`{option}` is {text!r}; a number is expected") from None


def shares(option: str, text: str, *, even: bool = False) -> dict[str, float]:
    """`a=60,b=40` as names and numbers. `even`: names alone share alike. Raises UsageError naming the faulty part."""
    from anchorset.core.errors import UsageError

    found = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        name, _, value = part.replace(":", "=").partition("=")
        value = value or ("1" if even else "")
        if not name or not value:
            raise UsageError(f"`{option}` has the part {part!r}; write `name=share,name=share`")
        found[name.strip()] = number(option, value)
    return found


def listed(text: str) -> tuple[str, ...]:
    """`a, b` as its parts."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def workbench(embedder: str = "static") -> Any:
    """The tools of this run: the embedder by name, and a progress bar when somebody watches."""
    from anchorset.core.workbench import Workbench
    from anchorset.infra.embed.choose import open_embedder
    from anchorset.ui.cli.terminal import Bar

    return Workbench(embedder=open_embedder(embedder), progress=Bar())


def _named_before(ctx: typer.Context, given: Path | None) -> Path:
    """`-w` after the verb, else before it, else this folder."""
    return Path(given or ctx.find_root().params.get("workspace") or ".")


WorkspaceDir = Annotated[
    Path | None,
    typer.Option(
        "-w", "--workspace", help="Workspace; default: this folder or its nearest parent.", callback=_named_before
    ),
]


def opened(given: Path | None, *, database: str | None = None) -> Any:
    """The open workspace at or above this folder; what had to be mended is said. `database`: URL of its store."""
    from anchorset.pipeline.workspace import open_workspace
    from anchorset.ui.cli.terminal import Bar, say

    workspace = open_workspace(given or Path("."), progress=Bar(), database=database)
    say(*(f"note: {note}" for note in workspace.notes), machine=True)
    return workspace


Reviewer = Annotated[str | None, typer.Option(help="Who decides; default: ANCHORSET_REVIEWER, else the login name.")]


def reviewer_name(given: str | None) -> str:
    """Who is speaking. Raises UsageError when nothing says so."""
    import getpass
    import os

    from anchorset.core.errors import UsageError

    try:
        name = given or os.environ.get("ANCHORSET_REVIEWER") or getpass.getuser()
    except (KeyError, OSError):
        raise UsageError("nobody is named as the reviewer; give `--reviewer NAME`") from None
    if not name.strip():
        raise UsageError(f"`--reviewer` is {name!r}; give a name")
    return name.strip()


def technique_name(given: str | None) -> Any:
    """A technique this product has. Raises UsageError that lists them."""
    from anchorset.core.errors import UsageError, nearest
    from anchorset.core.plan import ASKED
    from anchorset.produce.techniques import TECHNIQUES

    known = (*TECHNIQUES, *ASKED)
    if given is not None and given not in known:
        raise UsageError(f"`--technique` is {given!r}, which is no technique here; {nearest(given, known)}")
    return given
