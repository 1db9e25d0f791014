"""Opening templates: cases that begin with the same words.

What this module does not know: the page it is drawn on.
"""

from __future__ import annotations

from anchorset.trust.audit.features import matrix
from anchorset.trust.audit.features import openings as first_words
from anchorset.trust.audit.ground import Ground
from anchorset.trust.audit.leaked import measured
from anchorset.trust.audit.null import Measured
from anchorset.trust.audit.over_use import OverUse, over_use


def openings(ground: Ground) -> tuple[Measured, OverUse]:
    """`openings.template`: the largest weighted log-odds z of the first two, three or four words."""
    features = matrix((first_words(said) for said in ground.said), at_least=3)
    found = over_use(features, ground.labels)
    return measured("openings.template", ground, features, found, "opening"), found
