"""The teacher's vectors for the text, computed once and kept: the slow part of the distillation (minutes).

What this file does not know: the student.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

from anchorset.infra.embed.minilm import MiniLMEmbedder

_CHUNK = 20_000


def taught(texts: list[str], teacher: MiniLMEmbedder, cache: Path) -> NDArray[np.float32]:
    """(n, 384) unit rows for `texts`, kept in `cache` under the hash of teacher and texts."""
    key = hashlib.sha256(json.dumps([teacher.name, texts]).encode()).hexdigest()[:16]
    path = cache / f"taught-{key}.npy"
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        rows = []
        for start in range(0, len(texts), _CHUNK):
            rows.append(teacher.embed(texts[start : start + _CHUNK]).astype(np.float16))
            print(f"taught {min(start + _CHUNK, len(texts)):,} of {len(texts):,}", file=sys.stderr, flush=True)
        np.save(path, np.concatenate(rows))
    return np.load(path).astype(np.float32)
