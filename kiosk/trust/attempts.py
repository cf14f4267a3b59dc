"""Wrong badge PINs at this station: five tries, then a wait that doubles, then the badge is blocked.

Kept in a small file outside the encrypted store, because the store is still locked when the first badge is shown.
It holds badge ids, counts and times; everything in it also goes into the journal. It is there from set-up on: where it
is gone or bent, somebody took it away, and then no badge has free tries until the journal has heard of that. Whoever
can write it can also copy the disk and try PINs elsewhere; against that stands the cost of one (kiosk.trust.badges).
"""

import secrets
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import msgspec

from kiosk.errors import DeviceError, Refusal
from kiosk.settings import PIN_BLOCK_AFTER, PIN_BLOCK_MINUTES, PIN_FIRST_WAIT_SECONDS, PIN_FREE_TRIES
from kiosk.storage.files import is_plain, read_small, write_file

Count = Annotated[int, msgspec.Meta(ge=0, le=1 << 31)]


class Tries(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    wrong: Count  # in a row
    last: Annotated[datetime, msgspec.Meta(tz=True)]
    unreported: Count  # wrong tries the journal has not heard of


_MOST_BYTES = 1 << 16
EMPTY = b"{}"  # the file as it is set up
LOST = ""  # in the place of a badge: there was no file, and what it said holds for all


def refusal(tries: Tries | None, now: datetime) -> Refusal | None:
    """Why a PIN may not be tried now: `badge_wait` with the seconds left, or `badge_blocked` with the minutes."""
    if tries is None or tries.wrong < PIN_FREE_TRIES:
        return None
    blocked = tries.wrong >= PIN_BLOCK_AFTER
    wait = timedelta(minutes=PIN_BLOCK_MINUTES) if blocked else _wait(tries.wrong)
    left = min(wait, wait - (now - tries.last))  # a clock that was put right must not lock anybody out for a year
    if left <= timedelta():
        return None
    if blocked:
        return Refusal("badge_blocked", {"minutes": -int(-left.total_seconds() // 60)})
    return Refusal("badge_wait", {"seconds": -int(-left.total_seconds() // 1)})


def _wait(wrong: int) -> timedelta:
    return timedelta(seconds=PIN_FIRST_WAIT_SECONDS * 2 ** (wrong - PIN_FREE_TRIES))


class Attempts:
    """The file of tries. Every change is on the disk before the call returns."""

    def __init__(self, path: Path, now: datetime) -> None:
        self._path = path
        # Written whole or not at all; should a dying disk (or somebody) damage it all the same, a station that opens
        # a little later matters more. Whatever else has its name makes way.
        if is_plain(path):
            with suppress(msgspec.DecodeError, OSError):
                self._tries = msgspec.json.decode(read_small(path, _MOST_BYTES), type=dict[str, Tries])
                return
        elif path.is_dir() and not path.is_symlink():
            with suppress(OSError):
                path.rename(path.with_name(f"{path.name}.{secrets.token_hex(4)}"))
        self._tries = {LOST: Tries(PIN_FREE_TRIES, now, 1)}
        with suppress(DeviceError):
            self._write()

    def _of(self, badge: str) -> Tries | None:
        return self._tries.get(badge, self._tries.get(LOST))

    def refusal(self, badge: str, now: datetime) -> Refusal | None:
        return refusal(self._of(badge), now)

    def wrong(self, badge: str, now: datetime) -> int:
        """Count a wrong PIN *before* the answer is shown, so that pulling the plug gains nothing."""
        before, old = self._of(badge), self._tries.get(badge)
        wrong = (before.wrong if before else 0) + 1
        self._tries[badge] = Tries(wrong, now, (old.unreported if old else 0) + 1)
        self._write()
        return wrong

    def right(self, badge: str) -> int:
        """Forget the tries of a badge that was opened; how many the journal still has to hear of."""
        old = self._tries.pop(badge, None)
        if old:
            self._write()
        return old.unreported if old else 0

    def blocked(self, now: datetime) -> tuple[str, ...]:
        """Badges that are shut out now."""
        refused = {badge: refusal(tries, now) for badge, tries in self._tries.items()}
        return tuple(sorted(badge for badge, why in refused.items() if why and why.code == "badge_blocked"))

    def reported(self, badge: str) -> None:
        """The journal has heard of every wrong try so far; or that the file was gone."""
        old = self._tries.pop(badge)
        if badge != LOST:
            self._tries[badge] = Tries(old.wrong, old.last, 0)
        self._write()

    def unreported(self) -> dict[str, int]:
        return {badge: tries.unreported for badge, tries in self._tries.items() if tries.unreported}

    def _write(self) -> None:
        write_file(self._path, msgspec.json.encode(self._tries, order="sorted"))
