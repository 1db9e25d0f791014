"""How far each mirror has been read into the store.

What this module does not know: files.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from anchorset.infra.db import schema
from anchorset.infra.db.open import put


def marks(connection: Connection) -> dict[str, dict[str, Any]]:
    """File -> offset, lines, crc, mtime_ns."""
    found = connection.execute(select(schema.mirrors)).mappings()
    return {row["file"]: {name: row[name] for name in row if name != "file"} for row in found}


def put_mark(connection: Connection, file: str, mark: dict[str, Any]) -> None:
    put(connection, schema.mirrors, [{"file": file} | mark], on=["file"])
