"""What was planted and cast in the simulated country, against what the tally found and counted."""

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec

from kiosk.centre.publish.audit import PRIVATE
from kiosk.centre.tally import Tally
from kiosk.demo.plan import LOST, Plan, Voter
from kiosk.election.definition import AGAINST_ALL, INVALID, Definition


class Cast(msgspec.Struct, frozen=True):
    """What one station's voters did: own ballots by choice, and each guest's tag, instant (µs) and mark."""

    station: int
    own: dict[int, int]
    guests: list[tuple[Voter, bytes, int, int, int]]  # voter, tag, at, district, choice; only those who cast
    packets: int


def check(definition: Definition, plan: Plan, cast: list[Cast], made: Tally) -> Iterator[str]:
    """Everything that was planted and nothing else was found; every ballot that counts is counted."""
    lost = {n for kind in LOST for n in plan.faults[kind]}
    good = {c.station: c for c in cast if c.station not in lost}
    found = made.result.findings
    yield from _compare("missing", sorted(lost), sorted(found.missing))
    bent = sorted(f"{definition.purpose} {n}" for n in (*plan.faults["damaged"], *plan.faults["truncated"]))
    refused = sorted(_sender(x.file) for x in found.rejected)
    yield from _compare("refused", bent, refused)
    yield from _compare("superseded", [(n, 1) for n in sorted(plan.faults["corrected"])], sorted(found.superseded))
    yield from _compare("replayed", len(plan.faults["replayed"]), len(found.replayed))
    yield from _compare("equations", sorted(plan.faults["equation"]), sorted({b.station for b in found.broken}))
    outliers = {o.station for o in found.outliers}
    if not set(plan.faults["outlier"]) <= outliers:
        yield f"outliers: {plan.faults['outlier']} were planted, {sorted(outliers)} found"
    kept, dropped = _envelopes(plan, good)
    listed = dropped_in(made.folder)
    yield from _compare("double votes", dropped, listed)
    expected: Counter[tuple[int, int]] = Counter(kept)
    for station, votes in good.items():
        for choice, n in votes.own.items():
            expected[definition.station(station).district, choice] += n
    counted: Counter[tuple[int, int]] = Counter()
    for d in made.result.districts:
        counted.update({(d.number, c.number): c.votes for c in d.candidates})
        counted[d.number, AGAINST_ALL] += d.against_stations + d.against_remote
        counted[d.number, INVALID] += d.invalid_stations + d.invalid_remote
    yield from _compare("votes", +expected, +counted)


def _sender(file: str) -> str:
    """`1021-demo-1.packet.zip` → demo 1021"""
    station, purpose, *_version = file.split("-")
    return f"{purpose} {station}"


def _compare(what: str, planted: object, found: object) -> Iterator[str]:
    if planted != found:
        yield f"{what}: {str(planted)[:300]} were planted, {str(found)[:300]} found"


def _envelopes(plan: Plan, good: dict[int, Cast]) -> tuple[Counter[tuple[int, int]], set[tuple[str, int, str]]]:
    """(district, choice) → envelopes that count, and (tag, station, why) of those that must not."""
    by_voter: dict[Voter, list[tuple[int, int, bytes, int, int]]] = {}
    for station, cast in good.items():
        for voter, person, at, district, choice in cast.guests:
            by_voter.setdefault(voter, []).append((at, station, person, district, choice))
    kept: Counter[tuple[int, int]] = Counter()
    dropped: set[tuple[str, int, str]] = set()
    for voter, envelopes in by_voter.items():
        envelopes.sort()
        if voter in plan.home_and_away:
            dropped |= {(person.hex(), station, "beaten_by_home") for _at, station, person, _d, _c in envelopes}
            continue
        _at, _station, _person, district, choice = envelopes[0]
        kept[district, choice] += 1
        dropped |= {(person.hex(), station, "beaten_by_earlier") for _at, station, person, _d, _c in envelopes[1:]}
    return kept, dropped


def dropped_in(folder: Path) -> set[tuple[str, int, str]]:
    with (folder / PRIVATE / "2-squash.csv").open(encoding="utf-8", newline="") as file:
        return {(row["tag"], int(row["station"]), row["why"]) for row in csv.DictReader(file)}
