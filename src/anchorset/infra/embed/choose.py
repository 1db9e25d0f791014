"""From the name in a configuration to an embedder.

What this module does not know: how any of them works.
"""

from __future__ import annotations

from pathlib import Path

from anchorset.core.errors import ConfigError
from anchorset.core.ports import Embedder


def open_embedder(name: str = "static") -> Embedder:
    """The embedder of that name: `static`, `minilm` (from the hub's local cache) or `minilm:FOLDER`.

    Raises ConfigError for an unknown name, MissingExtraError when the name needs a package that is not installed, and
    MachineError when a model's files are not on this machine.
    """
    if name == "static":
        from anchorset.infra.embed.static import StaticEmbedder

        return StaticEmbedder()
    if name == "minilm" or name.startswith("minilm:"):
        from anchorset.infra.embed.minilm import MiniLMEmbedder

        folder = name.removeprefix("minilm").removeprefix(":")
        return MiniLMEmbedder(Path(folder) if folder else None)
    raise ConfigError(f"`embedder` is {name!r}, which is not known; write 'static', 'minilm' or 'minilm:FOLDER'.")
