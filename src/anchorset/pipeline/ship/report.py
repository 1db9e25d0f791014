"""A dataset version as `anchorset datasets … --json` and the review page say it.

What this module does not know: how a version is made or proved, and how anything is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from anchorset.core.case import Case
from anchorset.core.dataset import Manifest
from anchorset.pipeline.ship.shipping import Verified


def report(manifest: Manifest) -> dict[str, Any]:
    """The machine form of a version."""
    return {
        "name": manifest.name, "version": manifest.version, "digest": manifest.digest, "rows": len(manifest.rows),
        "by_bucket": manifest.by_bucket, "by_split": manifest.by_split, "by_cell": manifest.by_cell,
        "unreviewed": manifest.unreviewed, "sampled": manifest.sampled, "clusters": manifest.clusters,
        "seed_groups": manifest.seed_groups, "warnings": list(manifest.warnings), "why": manifest.why,
        "bump": manifest.bump, "previous": manifest.previous, "made_at": manifest.made_at,
        "mix": {name: share.model_dump() for name, share in manifest.mix.items()},
    }  # fmt: skip


def verified(found: Verified) -> dict[str, Any]:
    """The machine form of a verification."""
    problems = [one._asdict() for one in found.problems]
    return {"ok": not found.problems, "ref": found.ref, "problems": problems, "stale": found.stale}


def crossed(cases: Sequence[Case]) -> dict[str, dict[str, int]]:
    """Bucket -> split -> rows; a row without a split stands under the empty name."""
    found: dict[str, Counter[str]] = {}
    for case in cases:
        found.setdefault(str(case.bucket), Counter())[case.split or ""] += 1
    return {bucket: dict(sorted(splits.items())) for bucket, splits in sorted(found.items())}
