"""How often an observed case was said.

What this module does not know: which cases are duplicates.
"""

from __future__ import annotations

from anchorset.core.case import Case
from anchorset.core.provenance import Observed


def with_count(case: Case, again: Case) -> Case:
    """The case, its count raised by that of an exact duplicate; a case that was not observed has none."""
    if isinstance(case.provenance, Observed) and isinstance(again.provenance, Observed):
        return counted(case, case.provenance.count + again.provenance.count)
    return case


def counted(case: Case, count: int) -> Case:
    """The case, said `count` times by the source."""
    if isinstance(case.provenance, Observed) and case.provenance.count != count:
        return case.model_copy(update={"provenance": case.provenance.model_copy(update={"count": count})})
    return case
