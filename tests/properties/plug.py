"""Pulling the plug before or after any commit of the station."""

from typing import Any

import pytest

from kiosk.ballot.box import Box
from kiosk.ballot.envelopes import Envelopes
from kiosk.journal.book import Journal
from kiosk.roll.register import Register


class PlugPulledError(Exception):
    """The power is gone."""


class Plug:
    """Counts commits and pulls the plug before or after the one it is set to."""

    def __init__(self) -> None:
        self.patch = pytest.MonkeyPatch()
        self.left: int | None = None
        self.after = False

    def install(self) -> None:
        commits: list[tuple[type, str]] = [
            (Register, "add"), (Journal, "write"), (Box, "put"), (Envelopes, "put"),
        ]  # fmt: skip
        for owner, name in commits:
            self.patch.setattr(owner, name, self._wrapped(getattr(owner, name)))

    def _wrapped(self, real: Any) -> Any:
        def commit(*args: Any, **more: Any) -> Any:
            if self.left == 0 and not self.after:
                raise PlugPulledError
            found = real(*args, **more)
            if self.left == 0:
                raise PlugPulledError
            if self.left is not None:
                self.left -= 1
            return found

        return commit

    def remove(self) -> None:
        self.patch.undo()
