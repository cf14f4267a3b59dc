"""Sentences in the reader's language, and the one canonical way to write JSON."""

import gettext
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import NoneType
from typing import Any

import msgspec

from kiosk.settings import LANGUAGES, RESOURCES

_catalogue: gettext.NullTranslations = gettext.NullTranslations()
_language = "en"


def use_language(chosen: str) -> None:
    """Choose the language of all sentences from here on: ky, ru or en; anything else means English."""
    global _catalogue, _language
    _language = chosen if chosen in LANGUAGES else "en"
    _catalogue = gettext.translation("kiosk", RESOURCES / "locale", [_language], fallback=True)
    # Libraries that translate through the process's own catalogue (click) find theirs in ours.
    os.environ["LANGUAGE"] = _language
    gettext.bindtextdomain("kiosk", RESOURCES / "locale")
    gettext.textdomain("kiosk")


def language() -> str:
    """ky, ru or en."""
    return _language


@contextmanager
def speaking(chosen: str) -> Iterator[None]:
    """Another language for a while: the voter's, beside the staff's."""
    before = _language
    use_language(chosen)
    try:
        yield
    finally:
        use_language(before)


def _(sentence: str, /, **facts: object) -> str:
    """`sentence` in the chosen language, its {placeholders} filled."""
    return _catalogue.gettext(sentence).format(**facts) if facts else _catalogue.gettext(sentence)


def N_(sentence: str) -> str:  # noqa: N802 (the name gettext tools look for)
    """Mark a sentence for the catalogues; it is translated where it is shown."""
    return sentence


_ENCODER = msgspec.json.Encoder(order="sorted")
_LEAVES = (str, int, bool, NoneType)


def canonical_json(value: Any) -> bytes:
    """RFC 8785 bytes of a value made of dicts with ASCII keys, lists, strings, ints, bools and None.

    Floats are refused: nothing that is signed here is one, and their canonical form is the hard part of the RFC.
    A test compares this with the `rfc8785` library.
    """
    _refuse_others(value)
    return _encode(value)


def canonical_record(record: Any) -> bytes:
    """The same for what our own code made of typed records, which have no floats and no free keys: not looked through
    again, a tenth of the time."""
    return _encode(record)


def canonical_lines(records: list[Any]) -> bytes:
    """The same for many at once, each on a line that ends."""
    return _encode(records, _ENCODER.encode_lines)


def _encode(value: Any, encode: Callable[[Any], bytes] = _ENCODER.encode) -> bytes:
    try:
        return encode(value)
    except OverflowError as error:
        raise TypeError("canonical JSON has no such large number here") from error


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
        elif kind not in _LEAVES:
            raise TypeError("canonical JSON has no floats here")
