"""`anchorset review disagreements` and `settle`: what reviewers disagree about, and the word that ends it.

What this module does not know: who may settle; on this machine it is whoever has it.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import typer

from anchorset.ui.cli.options import Json, Reviewer, WorkspaceDir, opened, reviewer_name
from anchorset.ui.cli.review_changes import Criteria, Expected, Input, Metadata, changes_of


def disagreements(
    words: Annotated[bool, typer.Option("--words", help="Show who said what, not only what it is about.")] = False,
    workspace: WorkspaceDir = None,
    json: Json = False,
) -> None:
    """What is undecided because reviewers disagree: as many keep it as reject it.

    A third reviewer gets it blind, in `review next`; or `review settle` ends it. Without --words nothing is told that a
    third should not know.

    Example: anchorset review disagreements --words
    """
    from anchorset.pipeline.review.adjudicating import disagreements as listed
    from anchorset.ui.cli.review_words import disagreement_lines
    from anchorset.ui.cli.terminal import answer, say

    found = listed(opened(workspace))
    say(*(disagreement_lines(found, words=words) or ["reviewers disagree about nothing"]), machine=json)
    if json:
        answer({"disagreements": [
            {"case": one.case, "content": one.content, "lane": one.lane, "bucket": one.bucket, "cell": one.cell,
             "since": one.since, "text": one.text,
             "words": [word.model_dump() for word in one.words] if words else None}
            for one in found
        ]})  # fmt: skip


def settle(
    id: Annotated[str, typer.Argument(help="Case id, or a beginning that fits one case.")],
    keep: Annotated[bool | None, typer.Option("--keep/--reject", help="What stands from now on.")] = None,
    reason: Annotated[str | None, typer.Option(help="Why it is rejected: unrealistic, off_policy …")] = None,
    input: Input = None,
    expected: Expected = None,
    criterion: Criteria = None,
    metadata: Metadata = None,
    reviewer: Reviewer = None,
    workspace: WorkspaceDir = None,
    json: Json = False,
) -> None:
    """Ends a disagreement: your word stands alone, whatever the others said, and is no evidence of agreement.

    What is changed is kept so.

    Example: anchorset review settle c_9f2c --reject --reason unrealistic
    """
    from anchorset.core.errors import UsageError
    from anchorset.pipeline.review.adjudicating import disagreements as listed
    from anchorset.pipeline.review.adjudicating import settle as end
    from anchorset.ui.cli.terminal import answer, say

    room = opened(workspace)
    found = [one for one in listed(room) if one.case.startswith(id)]
    if len(found) != 1:
        what = "no case that reviewers disagree about begins" if not found else f"{len(found):,} such cases begin"
        raise UsageError(f"{what} with {id!r}; `anchorset review disagreements` lists them")
    changes = changes_of(input, expected, criterion, metadata)
    if keep is None and not changes:
        raise UsageError("nothing says what shall stand; give `--keep`, `--reject --reason …`, or what to change")
    if keep is False and changes:
        raise UsageError(f"`--reject` and {', '.join(changes)} to change: a case is kept as you change it or it goes")
    if reason and keep is not False:
        raise UsageError(f"`--reason {reason}` is for a rejection; give `--reject`, or drop it")
    decision: Literal["approve", "edit", "reject"] = "reject" if keep is False else "edit" if changes else "approve"
    given: dict[str, Any] = {"reason": reason, "changes": changes or None}
    verdict = end(room, found[0].content, decision, reviewer=reviewer_name(reviewer), **given)
    why = f": {verdict.decision.reason}" if verdict.decision.reason else ""
    say(f"{verdict.case}: {verdict.decision.decision} by {verdict.decision.reviewer}{why}, which settles it",
        machine=json)  # fmt: skip
    if json:
        answer({"decided": verdict.model_dump(mode="json", by_alias=True)})
