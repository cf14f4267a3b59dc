"""P2: of everything that bears one voter's tag, at most one ballot is counted (docs/trust.md, "The centre").

A ballot given at the home station (the one on whose roll the voter is: what another says of strangers beats nothing)
beats an envelope; of several envelopes the earliest given counts. Stations are
offline, so only here is a second vote seen; what was found is listed, tag by tag, for an auditor to repeat.
"""

from collections.abc import Collection
from pathlib import Path
from typing import Any, Literal

import msgspec

from kiosk.centre.tables import Tables
from kiosk.election.definition import Definition
from kiosk.journal.chain import Course
from kiosk.packet import package
from kiosk.roll.nation import Nation

Why = Literal[
    "beaten_by_home", "beaten_by_earlier", "not_on_roll", "other_district", "own_district", "not_genuine", "copied",
    "station_annulled",
]  # fmt: skip

_CHUNK = 200_000


class Selected(msgspec.Struct, frozen=True, kw_only=True):
    """The one packet of each station that counts, and what became of the others. Only packets whose sealed parts were
    opened: without the list of those served, a second vote elsewhere would not be seen."""

    packets: dict[int, str]  # station → hash
    unopened: tuple[tuple[int, int], ...]  # station, version: taken in without the key, and its file is not here
    superseded: tuple[tuple[int, int, str], ...]  # station, version, hash
    ambiguous: tuple[tuple[int, int, str], ...]  # two valid packets of one station and version: none counts
    forked: tuple[tuple[int, int, str], ...] = ()  # the terminal from which a spare took over went on all the same


class Dropped(msgspec.Struct, frozen=True, order=True, kw_only=True):
    """An envelope that is not opened. `other`: the station where the voter's counted ballot was given, or the copy."""

    tag: str
    district: int
    station: int
    why: Why
    other: int | None = None


class Squashed(msgspec.Struct, frozen=True, kw_only=True):
    """`twice_at_home`: tags that two stations say they gave a home ballot: (tag, stations); neither can be taken out of
    its box. `strange`: given as home ballots to voters of another roll: (tag, station)."""

    envelopes: int
    kept: int
    dropped: tuple[Dropped, ...]
    twice_at_home: tuple[tuple[str, tuple[int, ...]], ...]
    strange: tuple[tuple[str, int], ...]


NOTHING = Squashed(
    envelopes=0, kept=0, dropped=(), twice_at_home=(), strange=()
)  # without the key, who was served is not known


def select(tables: Tables, keyed: bool = True) -> Selected:
    """The latest valid version per station; with the key at hand, of packets whose sealed parts were opened."""
    accepted = "FROM packet WHERE code = '' AND {} ORDER BY station, version, sha256"
    rows = tables.rows("SELECT station, version, sha256 " + accepted.format("opened" if keyed else "TRUE"))
    unopened = tables.rows("SELECT station, version " + accepted.format("NOT opened")) if keyed else []
    by_station: dict[int, dict[int, list[str]]] = {}
    for station, version, sha in rows:
        by_station.setdefault(station, {}).setdefault(version, []).append(sha)
    forked = _forked(tables, by_station)
    beaten = {sha for _station, _version, sha in forked}
    packets, superseded, ambiguous = {}, [], []
    for station, versions in by_station.items():
        left = {v: kept for v, found in versions.items() if (kept := [sha for sha in found if sha not in beaten])}
        newest = max(left)
        for version, hashes in left.items():
            if version < newest:
                superseded += [(station, version, sha) for sha in hashes]
            elif len(hashes) > 1:
                ambiguous += [(station, version, sha) for sha in hashes]
            else:
                packets[station] = hashes[0]
    return Selected(
        packets=packets,
        unopened=tuple(unopened),
        superseded=tuple(superseded),
        ambiguous=tuple(ambiguous),
        forked=tuple(forked),
    )


def _forked(tables: Tables, by_station: dict[int, dict[int, list[str]]]) -> list[tuple[int, int, str]]:
    """Packets of a terminal that went on after a spare had taken over from it: the spare's epoch is higher, its journal
    is theirs up to the take-over, and theirs tells something else after it. Whose epoch is higher, counts."""
    found = []
    for station, versions in by_station.items():
        packets = [(version, sha) for version, hashes in versions.items() for sha in hashes]
        if len(packets) < 2:
            continue
        courses = {sha: _course(tables, sha) for _version, sha in packets}
        for version, sha in packets:
            own = courses[sha]
            if own and any(other and other.forks_from(own) for other in courses.values()):
                found.append((station, version, sha))
    return found


def _course(tables: Tables, sha: str) -> Course | None:
    """None for a packet that was taken in before take-overs were told apart."""
    rows = tables.rows("SELECT taken, marks FROM course WHERE sha256 = $1", sha)
    return Course(msgspec.json.decode(rows[0][0], type=tuple[int, ...]), bytes(rows[0][1])) if rows else None


def load_roll(tables: Tables, nation: Path, nation_key: bytes) -> None:
    """The nation index beside the packets: whose tag it is, not who."""
    index = Nation.open_file(nation, nation_key, package.nation_file_key(nation_key))
    kinds = {"tag": "bytes", "station": "int", "district": "int"}
    tables.temporary("roll", kinds)
    tags: list[bytes] = []
    stations: list[int] = []
    districts: list[int] = []

    def flush() -> None:
        tables.add("roll", {"tag": tags, "station": stations, "district": districts}, kinds)
        for column in (tags, stations, districts):
            column.clear()

    for tag, station, district in index.homes():
        tags.append(tag)
        stations.append(station)
        districts.append(district)
        if len(tags) == _CHUNK:
            flush()
    flush()
    index.close()


def choose(tables: Tables, selected: Selected, definition: Definition, annulled: Collection[int] = ()) -> None:
    """Fills the temporary table `chosen` (sha256, station, district, annulled).

    `annulled`: stations none of whose ballots counts; that they gave somebody a ballot of their own still beats an
    envelope elsewhere.
    """
    kinds = {"sha256": "text", "station": "int", "district": "int", "annulled": "bool"}
    tables.temporary("chosen", kinds)
    stations = sorted(selected.packets)
    columns: dict[str, list[Any]] = {
        "sha256": [selected.packets[n] for n in stations],
        "station": stations,
        "district": [definition.station(n).district for n in stations],
        "annulled": [n in annulled for n in stations],
    }
    tables.add("chosen", columns, kinds)


def squash(tables: Tables) -> Squashed:
    """Of what was chosen, against the roll. Fills the temporary table `verdict` (tag, district, station, why, other):
    why is empty for an envelope that counts."""
    tables.drop_temporary("verdict")
    tables.run(f"CREATE TEMPORARY TABLE verdict AS {_VERDICT}")
    counts = dict(tables.rows("SELECT why = '', count(*) FROM verdict GROUP BY 1"))
    dropped = [
        Dropped(tag=bytes(tag).hex(), district=district, station=station, why=why, other=other)
        for tag, district, station, why, other in tables.rows(
            "SELECT tag, district, station, why, other FROM verdict WHERE why <> '' ORDER BY tag, station"
        )
    ]
    twice: dict[str, list[int]] = {}
    for tag, station in tables.rows(_TWICE_AT_HOME):
        twice.setdefault(bytes(tag).hex(), []).append(station)
    strange = tuple((bytes(tag).hex(), station) for tag, station in tables.rows(_STRANGE))
    return Squashed(
        envelopes=sum(counts.values()),
        kept=counts.get(True, 0),
        dropped=tuple(dropped),
        twice_at_home=tuple((tag, tuple(found)) for tag, found in sorted(twice.items())),
        strange=strange,
    )


# One row for each envelope of a chosen packet. The order of the reasons is the order in which an auditor would ask.
_VERDICT = """
WITH home AS (
  SELECT s.tag, min(c.station) AS station
  FROM served s JOIN chosen c ON c.sha256 = s.sha256 JOIN roll r ON r.tag = s.tag AND r.station = c.station
  WHERE s.kind IN ('home', 'outside') GROUP BY s.tag
), envelopes AS (
  SELECT e.tag, e.district, e.genuine, count(*) OVER (PARTITION BY e.sealed) AS copies,
    min(c.station) OVER (PARTITION BY e.sealed) AS lowest, max(c.station) OVER (PARTITION BY e.sealed) AS highest,
    c.station, c.district AS here, c.annulled, s.given_at
  FROM envelope e
  JOIN chosen c ON c.sha256 = e.sha256
  JOIN served s ON s.sha256 = e.sha256 AND s.tag = e.tag AND s.kind = 'remote'
), judged AS (
  SELECT e.tag, e.district, e.station, e.given_at, h.station AS home_station,
    CASE WHEN e.station = e.lowest THEN e.highest ELSE e.lowest END AS copy_at,
    CASE
      WHEN NOT e.genuine THEN 'not_genuine'
      WHEN e.copies > 1 THEN 'copied'
      WHEN r.tag IS NULL THEN 'not_on_roll'
      WHEN r.district <> e.district THEN 'other_district'
      WHEN r.district = e.here THEN 'own_district'
      WHEN e.annulled THEN 'station_annulled'
      WHEN h.tag IS NOT NULL THEN 'beaten_by_home'
      ELSE ''
    END AS why
  FROM envelopes e LEFT JOIN roll r ON r.tag = e.tag LEFT JOIN home h ON h.tag = e.tag
), ranked AS (
  SELECT tag, district, station, home_station, copy_at, why,
    row_number() OVER (PARTITION BY tag, why ORDER BY given_at, station) AS place,
    first_value(station) OVER (PARTITION BY tag, why ORDER BY given_at, station) AS first_at
  FROM judged
)
SELECT tag, district, station,
  CASE WHEN why = '' AND place > 1 THEN 'beaten_by_earlier' ELSE why END AS why,
  CASE
    WHEN why = 'beaten_by_home' THEN home_station
    WHEN why = 'copied' THEN copy_at
    WHEN why = '' AND place > 1 THEN first_at
  END AS other
FROM ranked
"""

_TWICE_AT_HOME = """
SELECT s.tag, c.station FROM served s JOIN chosen c ON c.sha256 = s.sha256
WHERE s.kind IN ('home', 'outside') AND s.tag IN (
  SELECT s.tag FROM served s JOIN chosen c ON c.sha256 = s.sha256
  WHERE s.kind IN ('home', 'outside') GROUP BY s.tag HAVING count(*) > 1)
ORDER BY s.tag, c.station
"""

_STRANGE = """
SELECT s.tag, c.station FROM served s
JOIN chosen c ON c.sha256 = s.sha256 LEFT JOIN roll r ON r.tag = s.tag
WHERE s.kind IN ('home', 'outside') AND (r.tag IS NULL OR r.station <> c.station)
ORDER BY s.tag, c.station
"""
