"""P4 on the raw disk: the order of casting can't be guessed from it, with a badge or without.

More than 200 days on a real ext4. Each is cut short at a random moment, by a plug that is pulled or after everything
was written out; then the thief looks for remnants. The same thief finds the order where the file is written as it was
before (TRUNCATE), so he knows his trade.
"""

import math
import random
import statistics
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kiosk.ballot import ballot as b
from kiosk.ballot.box import Box
from kiosk.journal.book import Happened, Journal
from kiosk.roll.nation import Tag
from kiosk.roll.register import Register
from kiosk.storage import commit, database
from kiosk.storage.commit import transaction
from kiosk.trust import keys
from tests.secrecy.raw_disk import PAGE, journal_headers, page_versions, small_ext4
from tests.stage.day_file import KEY, open_day

DAYS, SLOTS = 220, 24
HASH, STATION = "h" * 64, 101
SEED, STATION_KEY = b"s" * 32, keys.signing_key(b"t" * 32)
PUBLIC = keys.read_sealing_public(keys.sealing_public(SEED))
AT = datetime(2025, 11, 30, 8, tzinfo=UTC)


def vote_until(path: Path, voters: int) -> list[int]:
    """Give and cast as a station does; the slots in the order of casting."""
    day = open_day(path)
    box, register = Box(day, HASH, STATION), Register(day)
    journal = Journal(day, "context", STATION_KEY, lambda: AT)
    box.make(SLOTS)
    order: list[int] = []
    for voter in range(voters):
        with transaction(day):
            register.add(Tag(voter.to_bytes(16)), "given", AT, "clerk", kind="home", district=1)
            journal.write(Happened("ballot_given", "clerk", {"kind": "home"}))
        with transaction(day):
            box.cast(b.Ballot(1, 1), PUBLIC, STATION_KEY.sign)
            journal.write(Happened("ballot_cast", "", {"kind": "home"}))
        [new] = {slot for slot, _, _ in box.contents()} - set(order)
        order.append(new)
    day.close()  # writes nothing: everything is committed
    return order


class Thief:
    """Knows the format, has the image and the file's key."""

    def __init__(self, raw: bytes, file: bytes, dice: random.Random) -> None:
        pages = len(file) // PAGE
        current = {v.number: v.plain for v in page_versions(file, KEY, file[:16], pages)}
        self.versions = page_versions(raw, KEY, file[:16], pages)
        self.old = [v for v in self.versions if v.plain != current[v.number]]
        self._current, self._dice = current, dice

    def order(self, contents: dict[int, bytes]) -> list[int]:
        """The slots as they were filled, as far as he can tell: one that was still empty in a later remnant came later;
        what no remnant tells he guesses."""
        last_empty = {}
        for slot, content in contents.items():
            page = next(n for n, plain in self._current.items() if content[:200] in plain)
            empty = [v.at for v in self.old if v.number == page and content[:200] not in v.plain]
            last_empty[slot] = (max(empty, default=-1), self._dice.random())
        return sorted(contents, key=lambda slot: last_empty[slot])


def agreement(guess: list[int], truth: list[int]) -> float:
    """Kendall's tau: 1 the same order, 0 chance."""
    place = {slot: n for n, slot in enumerate(truth)}
    pairs = [(a, z) for n, a in enumerate(guess) for z in guess[n + 1 :]]
    return sum(1 if place[a] < place[z] else -1 for a, z in pairs) / len(pairs)


def contents_of(path: Path) -> dict[int, bytes]:
    day = open_day(path)
    found = {slot: sealed for slot, sealed, _ in Box(day, HASH, STATION).contents()}
    day.close()
    return found


def steal(base: Path, dice: random.Random, pulled: bool) -> tuple[Thief, list[int], bytes, dict[int, bytes]]:
    with small_ext4(base) as (folder, image):
        truth = vote_until(folder / "day.sqlite", dice.randint(6, SLOTS))
        if not pulled:
            subprocess.run(["sync", "-f", str(folder)], check=True)
        raw = image.read_bytes()
        file = (folder / "day.sqlite").read_bytes()
        copied = base / "day.sqlite"
        copied.write_bytes(file)
        return Thief(raw, file, dice), truth, raw, contents_of(copied)


def test_the_order_is_not_on_the_disk(tmp_path: Path, record_property: Any) -> None:
    dice = random.Random(5)
    agreements, last_right, chance = [], 0, 0.0
    for number in range(DAYS):
        thief, truth, raw, contents = steal(tmp_path / str(number), dice, pulled=number % 2 == 0)
        assert set(contents) == set(truth)
        guess = thief.order(contents)
        agreements.append(agreement(guess, truth))
        last_right += guess[-1] == truth[-1]
        chance += 1 / len(truth)
        assert journal_headers(raw) <= 1  # the one journal, not one of each voter
        (tmp_path / str(number) / "disk.raw").unlink()
    mean, error = statistics.mean(agreements), statistics.stdev(agreements) / math.sqrt(DAYS)
    record_property("tau", f"{mean:.4f} ± {error:.4f}; last ballot right {last_right}, by chance {chance:.1f}")
    assert abs(mean) < 4 * error, (mean, error)
    assert last_right < chance + 4 * math.sqrt(chance), (last_right, chance)


def test_no_older_page_of_the_box_is_left(tmp_path: Path) -> None:
    """The root of it: there is one version of each page with ballots on the medium, whenever the plug is pulled."""
    dice = random.Random(6)
    for number in range(20):
        thief, _, _, contents = steal(tmp_path / str(number), dice, pulled=True)
        assert len(thief.versions) > SLOTS // 3  # he does find pages
        tell = [v for v in thief.old if any(c[:200] in v.plain for c in contents.values())]
        assert not tell


def test_the_thief_knows_his_trade(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Written as before, with a rollback journal that is truncated, the disk tells nearly everything."""
    real = database.connect
    monkeypatch.setattr(commit, "_blank", lambda _path: None)

    def truncating(*arguments: Any, **more: Any) -> Any:
        connection = real(*arguments, **more)
        connection.execute("PRAGMA journal_mode = TRUNCATE").fetchone()
        return connection

    monkeypatch.setattr("kiosk.storage.database.connect", truncating)
    dice = random.Random(7)
    agreements = []
    for number in range(8):
        thief, truth, raw, contents = steal(tmp_path / str(number), dice, pulled=False)
        agreements.append(agreement(thief.order(contents), truth))
        assert journal_headers(raw) > len(truth)
    assert statistics.mean(agreements) > 0.5
