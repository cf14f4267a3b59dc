"""What can go wrong, as values and as exceptions.

A `Refusal` is expected: the caller shows it and goes on. A `Problem` is one line of a report about somebody's
file. Exceptions are for broken devices, broken data and bugs.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

Fact = str | int
T = TypeVar("T")


class Refusal(msgspec.Struct, frozen=True):
    """A "no" with a stable code. `kiosk.messages` has its sentence and next step in each language."""

    code: str
    facts: Mapping[str, Fact] = {}


class Problem(msgspec.Struct, frozen=True, order=True):
    """One thing wrong in a file from outside: where, what, and what to do."""

    file: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}"


class KioskError(Exception):
    """Base of all errors with a stable code; the message never holds a person, a PIN or a choice."""

    def __init__(self, code: str, **facts: Fact) -> None:
        super().__init__(code)
        self.code = code
        self.facts: dict[str, Any] = facts


class DeviceError(KioskError):
    """A printer, stick, token or disk does not do what it was asked."""


class IntegrityError(KioskError):
    """Stored or received data is not what was written: a bad signature, hash, schema or count."""


class ProblemsError(KioskError):
    """A file from outside has problems; all of them are listed."""

    def __init__(self, problems: list[Problem], total: int | None = None) -> None:
        super().__init__("problems", count=total or len(problems))
        self.problems = problems
        self.total = total or len(problems)


def must(value: T | Refusal) -> T:
    """The value, or a `KioskError` for callers to whom a refusal would be a bug."""
    if isinstance(value, Refusal):
        raise KioskError(value.code, **value.facts)
    return value
