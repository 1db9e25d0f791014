"""Parquet, through pyarrow (the extra `parquet`). Values become what JSON can say.

What this module does not know: what the columns mean.
"""

from __future__ import annotations

import datetime
import decimal
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from anchorset.core.errors import InputError, MissingExtraError
from anchorset.infra.formats.row import BadRow, Row, Table
from anchorset.infra.formats.source import Source

_BATCH = 4096
"""Rows that are held at once."""


def read(source: Source) -> Table:
    """Raises MissingExtraError without pyarrow, InputError for a broken file."""
    try:
        from pyarrow import ArrowException, parquet
    except ImportError:
        raise MissingExtraError("Reading Parquet", "parquet") from None
    data = source.open_bytes()
    try:
        file = parquet.ParquetFile(data)
    except (ArrowException, OSError) as error:
        data.close()
        raise InputError(f"{source.path}: not a readable Parquet file ({error}). Write the file again.") from None
    columns = tuple(str(name) for name in file.schema_arrow.names)

    def rows() -> Iterator[Row | BadRow]:
        number = 0
        try:
            for batch in file.iter_batches(batch_size=_BATCH):
                for record in batch.to_pylist():
                    number += 1
                    yield Row(number, {str(key): _json(value) for key, value in record.items()})
        except (ArrowException, OSError) as error:
            yield BadRow(number + 1, f"the file cannot be read from here on ({error})", "")
        finally:
            data.close()

    return Table(rows=rows(), columns=columns, unit="row")


def write(rows: Sequence[Mapping[str, str]], file: BinaryIO) -> None:
    """The rows as columns of text, in the order in which they first come; what a row lacks is empty.

    Raises MissingExtraError without pyarrow.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise MissingExtraError("Writing Parquet", "parquet") from None
    columns = list(dict.fromkeys(key for row in rows for key in row))
    table = {name: pyarrow.array([row.get(name, "") for row in rows], pyarrow.string()) for name in columns}
    parquet.write_table(pyarrow.table(table), file)


def _json(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, dict):
        return {str(key): _json(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_json(inner) for inner in value]
    return str(value) if isinstance(value, (decimal.Decimal, datetime.timedelta)) else value
