"""code → title, what happened, and what to do next, in the reader's language.

The table is resources/messages.toml. A test demands an entry for every code in the program, and every entry in
every language.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal, NamedTuple

from kiosk.settings import LANGUAGES, RESOURCES
from kiosk.text import _, language, speaking


class Message(NamedTuple):
    """`title`: a few words for a band or a sheet; then what happened and what it means; then what to do."""

    title: str
    sentence: str
    next_step: str


@cache
def codes() -> dict[str, dict[str, Any]]:
    """code → {"title", "says", "next"}, English, placeholders unfilled; and where it differs "tone", "mistake"."""
    return tomllib.loads((RESOURCES / "messages.toml").read_text("utf-8"))


def tone(code: str) -> Literal["warn", "bad"]:
    """Of a verdict at the desk."""
    found: Literal["warn", "bad"] = codes().get(code, {}).get("tone", "bad")
    return found


def is_mistake(code: str) -> bool:
    """Whether somebody in training did something wrong to see it."""
    return bool(codes().get(code, {}).get("mistake", True))


@cache
def _terms() -> dict[str, Any]:
    return tomllib.loads((RESOURCES / "terms.toml").read_text("utf-8"))


@cache
def terms() -> dict[str, str]:
    """Codes that appear as facts → the words for them, English."""
    return {code: word for code, word in _terms().items() if isinstance(word, str)}


def choices(table: str) -> dict[str, str]:
    """One vocabulary of kiosk.day.vocabulary: code → words, English, in the order in which they are offered."""
    found: dict[str, str] = _terms()["choice"][table]
    return found


class _Facts(dict[str, object]):
    def __missing__(self, name: str) -> str:
        return "…"  # a sentence with a gap beats a traceback in front of a queue


def message(code: str, facts: Mapping[str, object]) -> Message:
    """The message of a code, filled with its facts; an unknown code is a bug, but still gets a sentence."""
    entry = codes().get(code, codes()["unknown"])
    known = _Facts({name: _word(value) for name, value in facts.items()}, code=code)
    if "address_ky" in known:
        here = "ru" if language() == "ru" else "ky"
        directions = known.get(f"directions_{here}")
        known["address"] = f"{known[f'address_{here}']}" + (f" ({directions})" if directions else "")
    return Message(*(_(entry[part]).format_map(known) for part in ("title", "says", "next")))


def _word(value: object) -> object:
    """A fact that is a code of ours (a role, a phase, a field) in words; anything else as it is."""
    word = terms().get(value) if isinstance(value, str) else None
    return _(word) if word else value


def every_language(texts: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """language → key → words: for pages that switch languages by themselves."""
    found = {}
    for chosen in LANGUAGES:
        with speaking(chosen):
            found[chosen] = {key: _(text) for key, text in texts.items()}
    return found
