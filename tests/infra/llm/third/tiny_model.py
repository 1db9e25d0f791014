"""Writes a llama of random weights that a real server loads: `python tiny_model.py FILE`. Half a MB, says nonsense.

Run with the packages `gguf` and `numpy` importable; byte tokens and single characters are its whole vocabulary.
"""

from __future__ import annotations

import sys

import gguf
import numpy as np

DIM, WIDE, LAYERS, HEADS, CONTEXT = 64, 128, 2, 4, 4096

rng = np.random.default_rng(7)
writer = gguf.GGUFWriter(sys.argv[1], "llama")
writer.add_name("tiny")
writer.add_context_length(CONTEXT)
writer.add_embedding_length(DIM)
writer.add_block_count(LAYERS)
writer.add_feed_forward_length(WIDE)
writer.add_head_count(HEADS)
writer.add_head_count_kv(HEADS)
writer.add_layer_norm_rms_eps(1e-5)
writer.add_rope_dimension_count(DIM // HEADS)
writer.add_file_type(0)
tokens = [b"<unk>", b"<s>", b"</s>", *(f"<0x{byte:02X}>".encode() for byte in range(256)), "▁".encode()]
tokens += [bytes([char]) for char in range(33, 127)]
letters = len(tokens) - 259
writer.add_vocab_size(len(tokens))
writer.add_tokenizer_model("llama")
writer.add_token_list(tokens)
writer.add_token_scores([0.0] * 3 + [-1000.0] * 256 + [-float(at + 1) for at in range(letters)])
writer.add_token_types([2, 3, 3] + [6] * 256 + [1] * letters)
writer.add_bos_token_id(1)
writer.add_eos_token_id(2)
writer.add_unk_token_id(0)
writer.add_chat_template(
    "{% for m in messages %}{{ m['role'] }}: {{ m['content'] }}\n{% endfor %}assistant:"  # The plainest there is.
)


def weights(*shape: int) -> np.ndarray:
    return (rng.standard_normal(shape) * 0.1).astype(np.float32)


writer.add_tensor("token_embd.weight", weights(len(tokens), DIM))
writer.add_tensor("output.weight", weights(len(tokens), DIM))
writer.add_tensor("output_norm.weight", np.ones(DIM, np.float32))
for layer in range(LAYERS):
    block = f"blk.{layer}."
    for norm in ("attn_norm", "ffn_norm"):
        writer.add_tensor(f"{block}{norm}.weight", np.ones(DIM, np.float32))
    for part in ("q", "k", "v", "output"):
        writer.add_tensor(f"{block}attn_{part}.weight", weights(DIM, DIM))
    for part in ("gate", "up"):
        writer.add_tensor(f"{block}ffn_{part}.weight", weights(WIDE, DIM))
    writer.add_tensor(f"{block}ffn_down.weight", weights(DIM, WIDE))
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()
