"""The bundled examples, unpacked as a workspace somebody could have made by hand.

What this module does not know: what is done with it.
"""

from __future__ import annotations

import shutil
from importlib.resources import files
from pathlib import Path

from anchorset.core.errors import MachineError, UsageError, nearest
from anchorset.infra.folder.config_file import NAME
from anchorset.infra.folder.scaffold import PERSONAS, RUBRIC

EXAMPLES = {"refund-bot": "anchorset.examples.refund_bot"}
LOGS = "logs.jsonl"
MAPPING = "id=id,input=text,expected=expected,observed_at=at,metadata.user_type=user_type,metadata.policy=policy"
"""How the messages of the example are read."""


def unpack(name: str, path: Path) -> list[str]:
    """Writes the example `name` into the folder `path` and returns the names of its files.

    Raises UsageError for an example we do not have or a workspace that is there already, MachineError.
    """
    if name not in EXAMPLES:
        raise UsageError(f"there is no example {name!r}; {nearest(name, EXAMPLES)}")
    if (path / NAME).exists():
        raise UsageError(f"{path / NAME} is there already; name another folder for the example")
    packed = Path(str(files(EXAMPLES[name])))
    try:
        (path / "personas").mkdir(parents=True, exist_ok=True)
        for source in sorted((packed / "workspace").iterdir()):
            shutil.copyfile(source, path / source.name)
        shutil.copyfile(packed / "seeds.jsonl", path / LOGS)
        shutil.copyfile(packed / "bots.py", path / "bots.py")
        (path / "rubric.md").write_text(RUBRIC, encoding="utf-8")
        (path / ".gitignore").write_text(".anchorset/\n", encoding="utf-8")
        for persona, text in PERSONAS.items():
            (path / "personas" / f"{persona}.yaml").write_text(text, encoding="utf-8")
    except OSError as error:
        raise MachineError(f"{path} cannot be written: {error.strerror}. Name another folder.") from None
    return sorted(str(one.relative_to(path)) for one in path.rglob("*") if one.is_file())
