"""Sentences in the reader's language."""

import gettext
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

from kiosk.settings import LANGUAGES, RESOURCES

_process = "en"  # everybody's, unless somebody else is being spoken to
_speaking: ContextVar[str] = ContextVar("speaking")


def use_language(chosen: str) -> None:
    """Choose the language of all sentences from here on: ky, ru or en; anything else means English."""
    global _process
    _process = _known(chosen)
    # Libraries that translate through the process's own catalogue (click) find theirs in ours.
    os.environ["LANGUAGE"] = _process
    gettext.bindtextdomain("kiosk", RESOURCES / "locale")
    gettext.textdomain("kiosk")


def language() -> str:
    """ky, ru or en."""
    return _speaking.get(_process)


@contextmanager
def speaking(chosen: str) -> Iterator[None]:
    """Another language for a while, here only: the voter's, beside the staff's."""
    before = _speaking.set(_known(chosen))
    try:
        yield
    finally:
        _speaking.reset(before)


@contextmanager
def speaking_to_staff() -> Iterator[None]:
    """The process's own language again, where somebody else is being spoken to."""
    before = _speaking.set(_process)
    try:
        yield
    finally:
        _speaking.reset(before)


def in_every_language(sentence: str) -> list[str]:
    """To somebody whose language nobody knows."""
    return [_catalogue(one).gettext(sentence) for one in LANGUAGES]


def _known(chosen: str) -> str:
    return chosen if chosen in LANGUAGES else "en"


@cache
def _catalogue(of: str) -> gettext.NullTranslations:
    return gettext.translation("kiosk", RESOURCES / "locale", [of], fallback=True)


def _(sentence: str, /, **facts: object) -> str:
    """`sentence` in the chosen language, its {placeholders} filled."""
    said = _catalogue(language()).gettext(sentence)
    return said.format(**facts) if facts else said


def N_(sentence: str) -> str:  # noqa: N802 (the name gettext tools look for)
    """Mark a sentence for the catalogues; it is translated where it is shown."""
    return sentence
