"""code → what happened, and what to do next, in the reader's language.

The table is resources/messages.toml. A test demands an entry for every code in the program, and every entry in
every language.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from kiosk.settings import RESOURCES
from kiosk.text import _


class Message(NamedTuple):
    sentence: str
    next_step: str


@cache
def codes() -> dict[str, dict[str, str]]:
    """code → {"says", "next"}, English, placeholders unfilled."""
    return tomllib.loads((RESOURCES / "messages.toml").read_text("utf-8"))


class _Facts(dict[str, object]):
    def __missing__(self, name: str) -> str:
        return "…"  # a sentence with a gap beats a traceback in front of a queue


def message(code: str, facts: Mapping[str, object]) -> Message:
    """The message of a code, filled with its facts; an unknown code is a bug, but still gets a sentence."""
    entry = codes().get(code, codes()["unknown"])
    known = _Facts({**facts, "code": code})
    return Message(_(entry["says"]).format_map(known), _(entry["next"]).format_map(known))
