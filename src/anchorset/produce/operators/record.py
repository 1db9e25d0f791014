"""What goes wrong with a record on its way: fields missing, empty, of another type, or too many.

The order of keys is no operator: the identity of a case is canonical, so it would be the same case again.
What this module does not know: what a field means.
"""

from __future__ import annotations

from typing import Any

from anchorset.produce.dice import Dice
from anchorset.produce.operators.operator import Record, RecordOperator

Changed = tuple[Record, str | None]

_EXTRA: tuple[tuple[str, Any], ...] = (
    ("source", "web"), ("client_version", "4.2.1"), ("debug", False), ("utm_campaign", "spring"),
    ("locale", "en_GB"), ("retry", 1), ("tags", []), ("session", "s-0419"),
)  # fmt: skip


def drop(record: Record, dice: Dice) -> Changed | None:
    """A field is missing.

    >>> drop({"item": "lamp", "count": 2}, Dice(1))
    ({'count': 2}, 'item')
    """
    if len(record) < 2:
        return None
    name = dice.pick(sorted(record))
    return {key: value for key, value in record.items() if key != name}, name


def null(record: Record, dice: Dice) -> Changed | None:
    """A field is null.

    >>> null({"item": "lamp", "count": 2}, Dice(1))
    ({'item': None, 'count': 2}, 'item')
    """
    return _with(record, dice, lambda value: None, lambda value: value is not None)


def empty(record: Record, dice: Dice) -> Changed | None:
    """A text is empty.

    >>> empty({"item": "lamp", "count": 2}, Dice(1))
    ({'item': '', 'count': 2}, 'item')
    """
    return _with(record, dice, lambda value: "", lambda value: isinstance(value, str) and value != "")


def retype(record: Record, dice: Dice) -> Changed | None:
    """A number as text, a text of digits as number, yes and no as words.

    >>> retype({"item": "lamp", "count": 2}, Dice(1))
    ({'item': 'lamp', 'count': '2'}, 'count')
    """
    return _with(record, dice, _other_type, lambda value: _other_type(value) is not value)


def extra(record: Record, dice: Dice) -> Changed | None:
    """A field that nobody asked for.

    >>> extra({"item": "lamp", "count": 2}, Dice(1))
    ({'item': 'lamp', 'count': 2, 'tags': []}, 'tags')
    """
    for name, value in dice.rotated(_EXTRA):
        if name not in record:
            return {**record, name: value}, name
    return None


def reorder(record: Record, dice: Dice) -> Changed | None:
    """A list in another order.

    >>> reorder({"items": ["lamp", "chair", "desk"]}, Dice(1))
    ({'items': ['chair', 'desk', 'lamp']}, 'items')
    """

    def turned(value: Any) -> Any:
        at = 1 + dice.below(len(value) - 1)
        return [*value[at:], *value[:at]]

    return _with(
        record, dice, turned, lambda value: isinstance(value, list) and any(item != value[0] for item in value[1:])
    )


def _with(record: Record, dice: Dice, change: Any, wanted: Any) -> Changed | None:
    names = [name for name in sorted(record) if wanted(record[name])]
    if not names:
        return None
    name = dice.pick(names)
    new = change(record[name])
    return None if new == record[name] and type(new) is type(record[name]) else ({**record, name: new}, name)


def _other_type(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16 and str(int(value)) == value:
        return int(value)
    return value


OPERATORS = (
    RecordOperator(name="field.extra", level="record", relation="invariant", apply=extra),
    RecordOperator(name="field.drop", level="record", relation="unknown", apply=drop),
    RecordOperator(name="field.null", level="record", relation="unknown", apply=null),
    RecordOperator(name="field.empty", level="record", relation="unknown", apply=empty),
    RecordOperator(name="field.retype", level="record", relation="unknown", apply=retype),
    RecordOperator(name="field.reorder", level="record", relation="unknown", apply=reorder),
)
