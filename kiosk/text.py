"""Sentences in the reader's language."""

import gettext
import os
from collections.abc import Iterator
from contextlib import contextmanager

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
