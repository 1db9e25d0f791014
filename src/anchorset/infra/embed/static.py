"""The embedder that is always there: token vectors fitted to a sentence model, shipped with the package.

A text's vector is the weighted mean of its tokens' vectors, so it costs microseconds and knows no word order.
What this module does not know: how the vectors were made (see `model/MODEL.md`), and what the vectors are used for.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tokenizers import Tokenizer

MODEL_FOLDER = Path(__file__).parent / "model"

MAX_CHARACTERS = 8192
"""Only the first 8,192 characters of a text are read: about 2,000 tokens, beyond which a mean says little."""

_BATCH = 512


class StaticEmbedder:
    """An `Embedder` over a model2vec folder; without a folder, the one shipped with the package.

    `name` is `static-DIM@` and the first 8 hex digits of the SHA-256 of weights and tokenizer, so a finding's score can
    always be traced to the vectors that gave it. One instance may be used from several threads.
    """

    def __init__(self, folder: Path = MODEL_FOLDER) -> None:
        # Threads share the work here; the tokenizer's own pool would warn, or hang, in a forked child.
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        from model2vec import StaticModel

        model = StaticModel.from_pretrained(folder)
        vectors = model.embedding.astype(np.float32)
        if model.token_mapping is not None:
            vectors = vectors[model.token_mapping]
        if model.weights is not None:
            vectors = vectors * model.weights.astype(np.float32)[:, None]
        if model.unk_token_id is not None:
            vectors[model.unk_token_id] = 0.0
        self._vectors: NDArray[np.float32] = np.ascontiguousarray(vectors, dtype=np.float32)
        self._tokenizer: Tokenizer = model.tokenizer
        self._tokenizer.no_truncation()
        self._scripts = np.array([_script(token) for token in model.tokens], dtype=np.int64)
        self._name = f"static-{self._vectors.shape[1]}@{_digest(folder)}"

    @property
    def name(self) -> str:
        """Model and version, e.g. `static-256@0f31c2aa`."""
        return self._name

    @property
    def dim(self) -> int:
        """Columns of every vector."""
        return int(self._vectors.shape[1])

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, dim) float32, rows of unit length; a zero row for a text without a known token.

        A text mostly in another script than Latin gets a zero row too: its words fall apart into letters, and any two
        such texts would have a cosine above 0.9. Such texts are compared by their letters only.
        Never fails on a text: what lies beyond `MAX_CHARACTERS` is not read, NUL and other control characters are
        skipped by the tokenizer, and lone surrogates are left out. A row does not depend on the other texts.
        """
        clean = [_encodable(text[:MAX_CHARACTERS]) for text in texts]
        out = np.zeros((len(clean), self.dim), dtype=np.float32)
        starts = range(0, len(clean), _BATCH)

        def fill(start: int) -> None:
            out[start : start + _BATCH] = self._mean_vectors(clean[start : start + _BATCH])

        if len(starts) == 1:
            fill(0)
        else:
            with ThreadPoolExecutor(min(os.cpu_count() or 1, 8)) as pool:
                list(pool.map(fill, starts))
        return out

    def _mean_vectors(self, texts: list[str]) -> NDArray[np.float32]:
        rows = [encoding.ids for encoding in self._tokenizer.encode_batch_fast(texts, add_special_tokens=False)]
        lengths = np.fromiter(map(len, rows), dtype=np.intp, count=len(rows))
        out = np.zeros((len(rows), self.dim), dtype=np.float32)
        filled = np.flatnonzero(lengths)
        if filled.size == 0:
            return out
        ids = np.fromiter(chain.from_iterable(rows), dtype=np.intp, count=int(lengths.sum()))
        starts = (np.cumsum(lengths) - lengths)[filled]
        readable = np.add.reduceat(self._scripts[ids], starts) >= 0
        # reduceat adds row after row in order, so a sum never depends on the batch it was computed in.
        sums = np.add.reduceat(self._vectors[ids], starts, axis=0)
        norms = np.sqrt(np.einsum("ij,ij->i", sums, sums))[:, None]
        out[filled] = np.divide(sums, norms, out=np.zeros_like(sums), where=(norms > 0) & readable[:, None])
        return out


def _script(token: str) -> int:
    """1 for a token of Latin letters, -1 for letters of another script, 0 for what has no letters and the unknown."""
    letters = [c for c in token.removeprefix("##") if c.isalpha()]
    if not letters or token.startswith("["):
        return 0
    return 1 if all(c < "\u0250" for c in letters) else -1


def _encodable(text: str) -> str:
    if text.isascii():
        return text
    return text.encode("utf-8", "ignore").decode("utf-8")


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for name in ("model.safetensors", "tokenizer.json"):
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()[:8]
