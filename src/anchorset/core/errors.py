"""The error family. Every message is a sentence with four parts: what was wrong, where, the values, the way out.

    AnchorsetError                 exit code
    ├── UsageError                 2   an option or name we do not know, options that contradict
    ├── ConfigError                2   a configuration value that cannot be used
    ├── InputError                 2   a file or row that cannot be read
    │   ├── RecordError            2   one row that is no case record
    │   └── PairingError           2   result rows that cannot be compared
    ├── NothingKeptError           2   the input was read and no usable row was left
    ├── LedgerError                2   counts that do not add up: a bug, said aloud
    └── MachineError               4   network, key, disk, permission, lock, a missing extra
        ├── MissingExtraError      4   an optional package that is not installed
        ├── ModelError             4   one call of a language model that gave no answer
        └── PendingError           4   answers of a language model that this run will not get any more

What this module does not know: how a message is shown, and who shows it.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Literal


class AnchorsetError(Exception):
    """The base of everything we raise on purpose. `exit_code` is what the command line leaves with."""

    exit_code = 2


class UsageError(AnchorsetError):
    """An option, operator, technique or format that we do not know, or options that contradict each other."""


class ConfigError(AnchorsetError):
    """A configuration value that cannot be used."""


class InputError(AnchorsetError):
    """A file or row that cannot be read."""


class RecordError(InputError):
    """One row that is not a case record."""


class PairingError(InputError):
    """Result rows that cannot be paired: missing, duplicate, NaN or differently versioned."""


class NothingKeptError(AnchorsetError):
    """The input was read, and no usable row was left."""


class LedgerError(AnchorsetError):
    """Counts that do not add up. Never the user's fault."""


class MachineError(AnchorsetError):
    """The machine refused: network, key, disk, permission, lock."""

    exit_code = 4


class MissingExtraError(MachineError):
    """An optional package that is not installed; the message has the command that installs it."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(
            f"{what} needs an optional package that is not installed. Install it: `pip install 'anchorset[{extra}]'`."
        )


ModelTrouble = Literal[
    "rate", "overloaded", "timeout", "transport", "auth", "refused", "malformed", "request", "batch"
]  # fmt: skip
"""overloaded: 5xx. malformed: no answer of the wire's form. request: the vendor says the question itself is wrong.

batch: nobody is asked now, the question waits for a batch; asking again is pointless until it was answered there."""


class ModelError(MachineError):
    """One call of a language model that gave no answer. `retry_after`: seconds the vendor asked for; None: not said."""

    def __init__(self, message: str, *, trouble: ModelTrouble, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.trouble: ModelTrouble = trouble
        self.retry_after = retry_after


class PendingError(MachineError):
    """Work that waits for answers which this run will not get: the budget is used up, or Ctrl-C came.

    Nothing is wrong with the work: the same command again goes on with what was answered.
    """

    def __init__(self, message: str, *, cause: Literal["budget", "interrupted", "batch"]) -> None:
        super().__init__(message)
        self.cause: Literal["budget", "interrupted", "batch"] = cause


def nearest(name: str, known: Iterable[str]) -> str:
    """A clause that names the nearest known name, or lists all of them: `did you mean 'input'?`."""
    names = sorted(known)
    close = get_close_matches(name, names, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]!r}?"
    return "known: " + ", ".join(names)
