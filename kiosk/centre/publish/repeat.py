"""An auditor repeats the later steps of a result, each from what the step before left, and compares.

The first two need the packets and the key: a tally of the same packets into another folder must come to the same
fingerprint. What can be repeated from the folder of a version alone is done here; opening needs the key too.
"""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any, Literal

import msgspec

from kiosk import canonical
from kiosk.centre.publish import audit, nist, versions
from kiosk.centre.steps import decisions as d
from kiosk.centre.steps.anonymous import count
from kiosk.centre.steps.anonymous.anonymise import SealedBallot
from kiosk.centre.steps.anonymous.unseal import Opened, open_ballots
from kiosk.election.definition import Definition
from kiosk.election.seats import Votes, allot
from kiosk.errors import IntegrityError


class Repeated(msgspec.Struct, frozen=True):
    """`line`: of `file`, the first that differs; 0 where none does."""

    step: Literal["anonymise", "open", "count", "seats", "results"]
    file: str
    found: Literal["equal", "differs", "key_missing"]
    line: int = 0


def repeat(folder: Path, definition: Definition, sealing_seed: bytes = b"") -> list[Repeated]:
    """The steps in their order. IntegrityError `audit_unreadable` names a file that is missing or not what it was."""
    try:
        return [
            _anonymised(folder),
            _opened(folder, definition, sealing_seed),
            _compared("count", folder, audit.COUNT_FILE, audit.as_csv(audit.COUNT, _counted(folder, definition))),
            _compared("seats", folder, audit.SEATS_FILE, audit.as_csv(audit.SEATS, _seated(folder, definition))),
            _published(folder),
        ]
    except (ValueError, KeyError, IndexError) as error:  # a figure that is none, a district that is not there
        raise IntegrityError("audit_unreadable", file=folder.name) from error


def _rows(folder: Path, name: str) -> list[list[str]]:
    """Without the header."""
    try:
        with (folder / name).open(encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file))[1:]
    except (OSError, ValueError, csv.Error) as error:
        raise IntegrityError("audit_unreadable", file=name) from error


def _compared(step: Any, folder: Path, name: str, again: str) -> Repeated:
    try:
        written = (folder / name).read_text("utf-8-sig")
    except (OSError, ValueError) as error:
        raise IntegrityError("audit_unreadable", file=name) from error
    if written == again:
        return Repeated(step, name, "equal")
    pairs = zip_longest(io.StringIO(written), io.StringIO(again))
    line = next(n for n, (one, other) in enumerate(pairs, 1) if one != other)
    return Repeated(step, name, "differs", line)


def _ballots(folder: Path) -> list[SealedBallot]:
    import pyarrow
    import pyarrow.parquet

    try:
        table = pyarrow.parquet.read_table(folder / audit.ANONYMOUS_FILE)
        pairs = zip(table["district"].to_pylist(), table["sealed"].to_pylist(), strict=True)
        return [SealedBallot(district, sealed) for district, sealed in pairs]
    except (OSError, KeyError, pyarrow.ArrowException) as error:
        raise IntegrityError("audit_unreadable", file=audit.ANONYMOUS_FILE) from error


def _anonymised(folder: Path) -> Repeated:
    """As many of each district as the squash kept, and in the order of their own bytes."""
    ballots = _ballots(folder)
    if ballots != sorted(ballots):
        return Repeated("anonymise", audit.ANONYMOUS_FILE, "differs")
    found = Counter(ballot.district for ballot in ballots)
    before = _rows(folder, audit.SQUASH_FILE)
    rows = [(district, envelopes, found[int(district)]) for district, envelopes, _kept in before]
    return _compared("anonymise", folder, audit.SQUASH_FILE, audit.as_csv(audit.SQUASH, rows))


def _opened(folder: Path, definition: Definition, sealing_seed: bytes) -> Repeated:
    if not sealing_seed:
        return Repeated("open", audit.OPEN_FILE, "key_missing")
    again = open_ballots(_ballots(folder), sealing_seed, definition)
    return _compared("open", folder, audit.OPEN_FILE, audit.as_csv(audit.OPEN, audit.opened_rows(again)))


def _counted(folder: Path, definition: Definition) -> Iterable[Sequence[Any]]:
    """From the stations' votes, what was opened, and the decisions."""
    opened = Opened(Counter(), Counter())
    for district, choice, n in _rows(folder, audit.OPEN_FILE):
        if choice.lstrip("-").isdigit():
            opened.choices[int(district), int(choice)] += int(n)
        else:
            opened.unreadable[int(district), choice] += int(n)
    legal: dict[int, dict[int, int]] = defaultdict(dict)
    for _district, station, number, _electronic, counted in _rows(folder, audit.RESULTS_FILE):
        legal[int(station)][int(number)] = int(counted)
    votes = {
        n: count.StationVotes(station=n, district=definition.station(n).district, legal=found, electronic={}, lines={})
        for n, found in legal.items()
    }
    return audit.counted_rows(count.count(definition, votes, opened, _decided(folder, definition)))


def _decided(folder: Path, definition: Definition) -> d.Decisions:
    path = folder / d.FILE
    return d.read(path.read_bytes() if path.exists() else b"", definition, d.FILE)


def _seated(folder: Path, definition: Definition) -> Iterable[Sequence[Any]]:
    """From the count alone."""
    votes = {(int(r[0]), int(r[1])): (int(r[6]), r[7] == "1") for r in _rows(folder, audit.COUNT_FILE)}
    counted = {definition.station(int(r[1])).district for r in _rows(folder, audit.RESULTS_FILE)}
    for district in definition.districts:
        names = {x.number: x for x in district.standing}
        standing = [
            Votes(str(n), x.sex, votes[district.number, n][0], x.filed)
            for n, x in names.items()
            if not votes[district.number, n][1]
        ]
        outcome = allot(standing, votes[district.number, 0][0], district.seats)
        for place, seat in enumerate(outcome.seats if district.number in counted else (), 1):
            who = names[int(seat.candidate)]
            yield district.number, place, who.number, who.name_ky, who.name_ru, who.sex, seat.votes, seat.reason


def _published(folder: Path) -> Repeated:
    """What is published is what was counted: `results.json` and the count, both of the version's own record."""
    result = versions.read(folder.parent, int(folder.name.rpartition("-")[2]))
    counted = _compared(
        "results", folder, audit.COUNT_FILE, audit.as_csv(audit.COUNT, audit.counted_rows(result.districts))
    )
    if counted.found != "equal":
        return counted
    return _compared("results", folder, audit.NIST_FILE, canonical.write(nist.report(result)).decode())
