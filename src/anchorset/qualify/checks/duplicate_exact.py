from __future__ import annotations

from anchorset.core.case import Case
from anchorset.core.finding import Finding, OnHit
from anchorset.core.provenance import Synthetic
from anchorset.qualify.batch import found
from anchorset.qualify.known import Known, plain


class DuplicateExact:
    """Nobody has said exactly this yet.

    What it looks at: the words, case, punctuation and white space aside, against all seeds and everything that passed.
    A mutation that is about case, punctuation or white space is compared character by character.
    Why it matters: a case that is there twice counts twice.
    Example that fails: `Where is it` after `where is it?`.
    How to fix it: nothing to fix by hand; the candidate is replaced by another.
    """

    code = "duplicate.exact"
    version = 1
    on_hit: OnHit = "reject"

    def look_at(self, case: Case, text: str, known: Known) -> Finding:
        other = known.by_words.get(plain(text))
        origin = case.provenance
        if other is not None and isinstance(origin, Synthetic) and origin.technique == "mutation":
            kin = known.kin.get(known.crowd.group(origin.roots[0]), []) if origin.roots else []
            parents = [
                known.crowd.texts[known.crowd.position[id]] for id in origin.parents if id in known.crowd.position
            ]
            if (other in origin.parents or other in origin.roots) and text not in parents and text not in kin:
                other = None
        return found(self, other is not None, evidence=f"the same words as {other}")
