"""A workspace on disk: where everything lies, and the texts that are read whole.

What this module does not know: what lies in a mirror.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from anchorset.core.config import Config
from anchorset.core.dataset import parse_version
from anchorset.core.errors import InputError, MachineError
from anchorset.core.noun import Noun
from anchorset.core.persona import Persona
from anchorset.infra.folder.config_file import NAME, ConfigFile, read_config, read_noun

N = TypeVar("N", bound=Noun)

MIRRORS = ("seeds", "candidates", "reviews", "runs")
"""Folders of append-only JSONL, in the order in which they build on one another."""


@dataclass(frozen=True)
class Folder:
    """The paths and small files of one workspace."""

    path: Path

    @cached_property
    def file(self) -> ConfigFile:
        return read_config(self.path / NAME)

    def read(self) -> ConfigFile:
        """The configuration, read now. Raises ConfigError."""
        return self.file

    @property
    def config(self) -> Config:
        return self.file.config

    @property
    def hidden(self) -> Path:
        """What git does not keep: the store and what can be made again."""
        return self.path / ".anchorset"

    @property
    def store(self) -> Path:
        return self.hidden / "store.sqlite"

    @property
    def datasets(self) -> Path:
        return self.path / "datasets"

    def mirrors(self) -> Iterator[str]:
        """Names of all mirrors, `seeds/logs.jsonl`, in the order in which they build on one another."""
        for folder in MIRRORS:
            yield from sorted(f"{folder}/{path.name}" for path in (self.path / folder).glob("*.jsonl"))

    def versions(self, name: str = "*") -> list[str]:
        """`name@version` of the dataset versions there are, by name, oldest first."""
        found = [(path.parent.name, path.name) for path in self.datasets.glob(f"{name}/*.*.*") if path.is_dir()]
        found = [one for one in found if re.fullmatch(r"\d+\.\d+\.\d+", one[1])]
        return [f"{name}@{version}" for name, version in sorted(found, key=lambda one: (one[0], parse_version(one[1])))]

    @cached_property
    def personas(self) -> dict[str, Persona]:
        """Name -> persona, from `personas/*.yaml`; the file's name is the default name."""
        found: dict[str, Persona] = {}
        for path in sorted((self.path / "personas").glob("*.y*ml")):
            persona, _ = read_noun(path, Persona, {"name": path.stem})
            found[persona.name] = persona
        return found

    @cached_property
    def rubric(self) -> str:
        """The text that reviewers and judges go by; empty when there is none."""
        return _text(self.path / "rubric.md")

    def prompts(self) -> dict[str, str]:
        """Name -> text of the prompt files of this workspace, which stand in place of the built-in ones."""
        return {path.stem: _text(path) for path in sorted((self.path / "prompts").glob("*.md"))}

    def redteam(self, noun: type[N]) -> list[N]:
        """The policies in `redteam/*.yaml`, in the order of their files; the file's name is the default name."""
        return [
            read_noun(path, noun, {"name": path.stem})[0] for path in sorted((self.path / "redteam").glob("*.y*ml"))
        ]

    def texts(self, pattern: str) -> dict[str, str]:
        """File name relative to the workspace -> sha256 of its bytes, for the files that match."""
        return {
            str(path.relative_to(self.path)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(self.path.glob(pattern))
            if path.is_file()
        }


def find(start: Path) -> Path | None:
    """The nearest folder at or above `start` that has an `anchorset.yaml`; None when there is none."""
    here = start.resolve()
    return next((folder for folder in (here, *here.parents) if (folder / NAME).is_file()), None)


def open_folder(start: Path) -> Folder:
    """The workspace at or above `start`. Raises InputError (no workspace) and ConfigError."""
    found = find(start)
    if found is None:
        raise InputError(
            f"no workspace here: neither {start.resolve()} nor a folder above it has an {NAME}. "
            "Make one with `anchorset init`, or name one with `-w DIR`."
        )
    return Folder(found)


def file_name(text: str) -> str:
    """`text` as a file name that is safe everywhere, and still tells different texts apart."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip(".-")[:60]
    return plain if plain == text else f"{plain or 'x'}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig", errors="replace")
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise MachineError(f"{path} cannot be read: {error.strerror}. Check its permissions.") from None
