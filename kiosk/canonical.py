"""The one canonical form of what is hashed and signed (RFC 8785), and the one strict way to read it back."""

from types import NoneType
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

_ENCODER = msgspec.json.Encoder(order="sorted")
_LEAVES = (str, int, bool, NoneType)


class MalformedError(ValueError):
    """Not of the kind that was asked for; the message says where."""


class NotCanonicalError(MalformedError):
    """Of that kind, but written in another way than ours."""

    def __init__(self) -> None:
        super().__init__("not canonical")


def write(value: Any) -> bytes:
    """RFC 8785 bytes of a record, or of a value made of dicts with ASCII keys, lists, strings, ints, bools and None.

    Floats are refused: nothing that is signed here is one, and their canonical form is the hard part of the RFC.
    A test compares this with the `rfc8785` library.
    """
    _refuse_others(value)
    return _ENCODER.encode(value)


def write_record(record: Any) -> bytes:
    """The same for what our own code made of typed records, which have no floats and no free keys: not looked through
    again, a tenth of the time."""
    return _ENCODER.encode(record)


def write_lines(records: list[Any]) -> bytes:
    """The same for many at once, each on a line that ends."""
    return _ENCODER.encode_lines(records)


def read(untrusted: bytes, kind: type[T]) -> T:
    """The record that these bytes are the canonical form of. MalformedError, NotCanonicalError."""
    try:
        record = msgspec.json.decode(untrusted, type=kind)
        again = write(record)
    except (msgspec.DecodeError, ValueError, TypeError, RecursionError) as error:
        raise MalformedError(str(error)) from error
    if again != untrusted:
        raise NotCanonicalError
    return record


def _refuse_others(value: Any) -> None:
    """TypeError for a float or a key that is not ASCII, wherever it stands. A loop: it sees all of a packet."""
    waiting = [value]
    while waiting:
        found = waiting.pop()
        kind = type(found)
        if kind is dict:
            for key, inner in found.items():
                if type(key) is not str or not key.isascii():
                    raise TypeError("canonical JSON has ASCII string keys here")
                if type(inner) is not str:
                    waiting.append(inner)
        elif kind is list or kind is tuple:
            waiting += [inner for inner in found if type(inner) is not str]
        elif isinstance(found, msgspec.Struct):
            waiting += [getattr(found, name) for name in found.__struct_fields__]
        elif kind not in _LEAVES:
            raise TypeError("canonical JSON has no floats here")
