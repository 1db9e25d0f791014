"""The careful second: all-MiniLM-L6-v2 through onnxruntime, some fifty times slower than the static vectors.

It reads an exported folder (`tools/export_minilm.py` makes one) or a copy that the hub's own tools left in their local
cache. What this module does not know: how to download anything.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anchorset.core.errors import MachineError, MissingExtraError

HUB_NAME = "sentence-transformers/all-MiniLM-L6-v2"

MAX_TOKENS = 256
"""The length the model was trained for; what lies beyond is not read."""

_MAX_CHARACTERS = 8192
_BATCH = 64
_DIM = 384


class MiniLMEmbedder:
    """An `Embedder` over an ONNX export of all-MiniLM-L6-v2; without a folder, the hub's local cache is looked up.

    A folder holds `tokenizer.json` and one `.onnx` file, here or in `onnx/`; of several, an int8 one is preferred.
    `name` is `minilm-384@` and the first 8 hex digits of the SHA-256 of the weights.
    Raises MissingExtraError without onnxruntime, MachineError when the files are not there.
    """

    def __init__(self, folder: Path | None = None) -> None:
        try:
            import onnxruntime
        except ImportError as error:
            raise MissingExtraError("The embedder 'minilm'", "minilm") from error
        from tokenizers import Tokenizer

        folder = folder or _cached_folder()
        weights = _weights_file(folder)
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.enable_padding()
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        self._session: Any = onnxruntime.InferenceSession(
            str(weights), sess_options=options, providers=["CPUExecutionProvider"]
        )
        self._inputs = {tensor.name for tensor in self._session.get_inputs()}
        self._name = f"minilm-{_DIM}@{hashlib.sha256(weights.read_bytes()).hexdigest()[:8]}"

    @property
    def name(self) -> str:
        """Model and version, e.g. `minilm-384@5b3d7f10`."""
        return self._name

    @property
    def dim(self) -> int:
        """Columns of every vector: 384."""
        return _DIM

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, 384) float32, rows of unit length; a zero row for a text without a token."""
        clean = [text[:_MAX_CHARACTERS].encode("utf-8", "ignore").decode("utf-8") for text in texts]
        out = np.zeros((len(clean), _DIM), dtype=np.float32)
        # Texts of one length share a batch, so that little is spent on padding.
        order = sorted(range(len(clean)), key=lambda i: (len(clean[i]), i))
        for start in range(0, len(order), _BATCH):
            rows = order[start : start + _BATCH]
            out[rows] = self._mean_states([clean[i] for i in rows])
        return out

    def _mean_states(self, texts: list[str]) -> NDArray[np.float32]:
        encodings = self._tokenizer.encode_batch_fast(texts)
        mask = np.array([e.attention_mask for e in encodings], dtype=np.int64)
        feeds = {
            "input_ids": np.array([e.ids for e in encodings], dtype=np.int64),
            "attention_mask": mask,
            "token_type_ids": np.zeros_like(mask),
        }
        states = self._session.run(None, {k: v for k, v in feeds.items() if k in self._inputs})[0]
        vectors: NDArray[np.float32] = np.einsum("btd,bt->bd", states, mask.astype(np.float32))
        # Two tokens are the frame ([CLS], [SEP]): a text of none of its own says nothing.
        vectors[mask.sum(axis=1) <= 2] = 0.0
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit: NDArray[np.float32] = np.divide(vectors, norms, out=np.zeros_like(vectors), where=norms > 0)
        return unit


def _weights_file(folder: Path) -> Path:
    found = sorted([*folder.glob("*.onnx"), *folder.glob("onnx/*.onnx")]) if folder.is_dir() else []
    if not found or not (folder / "tokenizer.json").is_file():
        raise MachineError(
            f"No model in {str(folder)!r}: `tokenizer.json` and one `.onnx` file are expected there. "
            "Export one with `tools/export_minilm.py`, or use `--embedder static`."
        )
    return next((path for path in found if "int8" in path.name), found[0])


def _cached_folder() -> Path:
    home = Path(os.environ.get("HF_HOME") or Path.home() / ".cache" / "huggingface")
    hub = Path(os.environ.get("HF_HUB_CACHE") or home / "hub")
    snapshots = hub / ("models--" + HUB_NAME.replace("/", "--")) / "snapshots"
    found = sorted(snapshots.glob("*/tokenizer.json"))
    if not found:
        raise MachineError(
            f"No copy of {HUB_NAME!r} in the local cache {str(hub)!r}. Fetch it once with the hub's own tools, "
            "name an exported folder with `minilm:FOLDER`, or use `--embedder static`."
        )
    return found[-1].parent
