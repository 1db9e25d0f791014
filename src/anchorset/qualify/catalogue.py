"""Which checks there are, in the order they look.

What this module does not know: what any of them looks at.
"""

from __future__ import annotations

from collections.abc import Mapping

from anchorset.core.errors import ConfigError, nearest
from anchorset.core.finding import OnHit
from anchorset.qualify.batch import Check, Named
from anchorset.qualify.checks.cell_match import CellMatch
from anchorset.qualify.checks.costume_opening import CostumeOpening
from anchorset.qualify.checks.costume_signature_words import CostumeSignatureWords
from anchorset.qualify.checks.distance_band import DistanceBand
from anchorset.qualify.checks.distance_novelty import DistanceNovelty
from anchorset.qualify.checks.duplicate_exact import DuplicateExact
from anchorset.qualify.checks.duplicate_near import DuplicateNear
from anchorset.qualify.checks.format_length import FormatLength
from anchorset.qualify.checks.format_schema import FormatSchema
from anchorset.qualify.checks.grounding_quote import GroundingQuote
from anchorset.qualify.checks.language_expected import LanguageExpected
from anchorset.qualify.checks.privacy_pii import PrivacyPii
from anchorset.qualify.checks.privacy_seed_copy import PrivacySeedCopy
from anchorset.qualify.checks.relation_holds import RelationHolds
from anchorset.qualify.checks.safety_offensive import SafetyOffensive
from anchorset.qualify.checks.topic_forbidden import TopicForbidden
from anchorset.qualify.judging import catalogue as judges

ALONE: tuple[Check, ...] = (
    FormatSchema(), FormatLength(), LanguageExpected(), PrivacyPii(), PrivacySeedCopy(), SafetyOffensive(),
    TopicForbidden(), GroundingQuote(), RelationHolds(), CellMatch(), DistanceBand(),
)  # fmt: skip
"""Checks that judge a candidate by itself and the seeds."""

EXACT, NEAR, OPENING, SIGNATURES = DuplicateExact(), DuplicateNear(), CostumeOpening(), CostumeSignatureWords()
"""Checks that judge a candidate by what passed before it, in this order."""

NOVELTY = DistanceNovelty()
"""Looks only where a run asks for it."""

EVERY: tuple[Named, ...] = (*ALONE, EXACT, NEAR, OPENING, SIGNATURES, NOVELTY)
CODES = tuple(check.code for check in EVERY)
"""Without a model."""

JUDGED: tuple[Named, ...] = judges.EVERY
"""What a language model is asked, where there is one."""
KNOWN = (*CODES, *judges.CODES)


def checked_on_hit(on_hit: Mapping[str, str]) -> dict[str, OnHit]:
    """The owner's consequences. Raises ConfigError for a check or a consequence we do not know."""
    checked: dict[str, OnHit] = {}
    for code, consequence in on_hit.items():
        if code not in KNOWN:
            raise ConfigError(f"`checks` names {code!r}, which is no check here; {nearest(code, KNOWN)}")
        if consequence not in ("reject", "flag"):
            raise ConfigError(f"`checks.{code}.on_hit` is {consequence!r}; it is `reject` or `flag`")
        checked[code] = "reject" if consequence == "reject" else "flag"
    return checked
