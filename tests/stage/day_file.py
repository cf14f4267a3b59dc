"""The file of the day alone, without a station around it."""

from pathlib import Path

from kiosk.ballot.box import Box
from kiosk.ballot.envelopes import Envelopes
from kiosk.day.folder import SCHEMA
from kiosk.roll.register import Register
from kiosk.storage.commit import Mirrored, open_mirrored
from kiosk.storage.mirror import Mirror

KEY = b"d" * 32


def open_day(path: Path, mirror: Mirror | None = None) -> Mirrored:
    """The file at `path`, made if it is not there."""
    return open_mirrored(path, KEY, SCHEMA, "write" if path.exists() else "create", mirror=mirror)


def open_register(path: Path) -> Register:
    return Register(open_day(path))


def open_envelopes(path: Path, definition_hash: str) -> Envelopes:
    return Envelopes(open_day(path), definition_hash)


def open_box(path: Path, definition_hash: str, station: int, *, slots: int = 0) -> Box:
    """With that many slots, if it has none yet."""
    box = Box(open_day(path), definition_hash, station)
    if slots and not box.made:
        box.make(slots)
    return box
