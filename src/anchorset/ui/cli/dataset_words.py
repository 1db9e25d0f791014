"""A dataset version in words.

What this module does not know: files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from anchorset.core.config import GENERATED
from anchorset.core.numbers import share as told
from anchorset.infra.text.table import aligned

if TYPE_CHECKING:
    from anchorset.core.dataset import Manifest


def version_lines(manifest: Manifest) -> list[str]:
    """Rows by bucket and split, what is special, the digest."""
    total = max(1, len(manifest.rows))
    rows = [
        (name, f"{n:,}", told(n / total), _wanted(manifest, name)) for name, n in sorted(manifest.by_bucket.items())
    ]
    lines = [f"  {line}" for line in aligned([("bucket", "rows", "share", "declared"), *rows])]
    splits = ", ".join(f"{name} {n:,}" for name, n in manifest.by_split.items())
    lines.append(
        f"  {len(manifest.rows):,} rows in {manifest.clusters:,} clusters; splits: {splits}; "
        f"{manifest.seed_groups:,} groups of seeds"
    )
    lines += [f"  {warning}" for warning in manifest.warnings]
    return [*lines, f"  digest {manifest.digest}"]


def _wanted(manifest: Manifest, bucket: str) -> str:
    of = bucket if bucket in manifest.mix or bucket not in GENERATED else "generated"
    share = manifest.mix.get(of)
    if share is None or share.wanted is None:
        return "-"
    return told(share.wanted) if of == bucket else f"{told(share.wanted)} (all of {of})"
