"""What reviewers disagree about, listed, and settled by somebody's word that stands alone.

What this module does not know: who may settle, and how anything is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anchorset.core.decision import Decision, standing
from anchorset.core.errors import UsageError
from anchorset.core.said import Verdict
from anchorset.infra.db import cases as case_rows
from anchorset.infra.db import words as word_rows
from anchorset.pipeline.cases import reviews_file
from anchorset.pipeline.workspace import Workspace
from anchorset.review.decide import Word, guideline_of
from anchorset.review.decide import decide as decided


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """One content on which as many say yes as no."""

    lane: str
    case: str
    content: str
    key: str
    bucket: str
    cell: str
    text: str
    words: tuple[Decision, ...]
    """The last word of each reviewer, in the order in which they were given."""

    def said(self, who: str) -> bool:
        return any(one.reviewer == who for one in self.words)

    @property
    def since(self) -> str:
        return max(one.at for one in self.words)


def disagreements(workspace: Workspace, *, content: str | None = None) -> list[Disagreement]:
    """What is undecided because reviewers disagree, the oldest first. `content`: only this one."""
    found = []
    with workspace.store.reading() as connection:
        rated = word_rows.rated_twice(connection, contents=None if content is None else [content])
        there = word_rows.judged(connection, [one.content for one in rated])
    for one in rated:
        last: dict[str, Decision] = {}
        for word in one.words:
            last.pop(word.reviewer, None)
            last[word.reviewer] = word
        line = there.get(one.content)
        if line is None or standing(last.values()) != "passed":
            continue
        found.append(
            Disagreement(
                lane=one.lane, case=line.id, content=one.content, key=line.key, bucket=line.bucket, cell=line.cell,
                text=line.text, words=tuple(last.values()),
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: (one.since, one.case))


def settle(
    workspace: Workspace, content: str, decision: Word, *, reviewer: str, reason: str | None = None,
    changes: Mapping[str, Any] | None = None,
) -> Verdict:  # fmt: skip
    """A word that ends a disagreement, kept: it stands whatever the others said. Raises UsageError for no such one."""
    there = disagreements(workspace, content=content)
    if not there:
        raise UsageError(
            f"nobody disagrees (any more) about the content {content!r}; `anchorset review disagreements` lists what "
            "is open"
        )
    with workspace.store.reading() as connection:
        (case,) = case_rows.undecided(connection, [there[0].key])
    verdict = decided(
        case, decision, lane="seeds" if there[0].lane == "seeds" else "candidates", reviewer=reviewer,
        at=workspace.now(), reason=reason, changes=changes, guideline=guideline_of(workspace.folder.rubric),
        settles=True,
    )  # fmt: skip
    workspace.append(reviews_file(reviewer), [verdict])
    return verdict
