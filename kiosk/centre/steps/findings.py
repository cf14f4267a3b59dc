"""What the commission must look at besides the votes: missing stations, refused packets, broken equations, outliers."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from statistics import median

import msgspec

from kiosk.centre.steps.anonymous.count import StationVotes
from kiosk.centre.steps.squash import Selected, Squashed
from kiosk.centre.tables import Tables
from kiosk.election.definition import Definition
from kiosk.errors import Fact

_FAR = 3.5  # robust standard deviations from the median of the district (Iglewicz and Hoaglin),
_POINTS = 15.0  # and at least so many percentage points
_MAD = 1.4826


class Rejected(msgspec.Struct, frozen=True):
    file: str
    code: str
    facts: Mapping[str, Fact]


class Broken(msgspec.Struct, frozen=True):
    station: int
    equation: str
    explained: bool


class Outlier(msgspec.Struct, frozen=True):
    station: int
    district: int
    turnout: float  # per cent of the roll
    median: float  # of the district's stations


class Region(msgspec.Struct, frozen=True, kw_only=True):
    """The place that an address begins with."""

    name_ky: str
    name_ru: str
    stations: int
    roll: int
    given: int


class Twice(msgspec.Struct, frozen=True):
    """Voters to whom the same stations each say they gave a home ballot."""

    stations: tuple[int, ...]
    voters: int


class Findings(msgspec.Struct, frozen=True, kw_only=True):
    packets: int  # that count: accepted, and their station not annulled
    missing: tuple[int, ...]
    rejected: tuple[Rejected, ...]
    unopened: tuple[tuple[int, int], ...]  # station, version: taken in without the key
    replayed: tuple[str, ...]  # files that repeat a packet under another name
    superseded: tuple[tuple[int, int], ...]  # station, version
    ambiguous: tuple[tuple[int, int], ...]
    forked: tuple[tuple[int, int], ...]  # of terminals that went on after a spare had taken over
    broken: tuple[Broken, ...]
    outliers: tuple[Outlier, ...]
    regions: tuple[Region, ...]
    hours: Mapping[int, int]  # local hour → ballots given
    complaints: Mapping[str, int]  # status → number
    dropped: Mapping[str, int]  # why → envelopes
    twice_at_home: tuple[Twice, ...]
    strange: int


def station_votes(tables: Tables, selected: Selected, definition: Definition) -> dict[int, StationVotes]:
    """The figures of the packets that count, by station."""
    stations = {sha: station for station, sha in selected.packets.items()}
    legal: dict[str, dict[int, int]] = defaultdict(dict)
    electronic: dict[str, dict[int, int | None]] = defaultdict(dict)
    lines: dict[str, dict[str, int]] = defaultdict(dict)
    for sha, number, screen, paper in tables.rows("SELECT sha256, number, electronic, legal FROM vote"):
        legal[sha][number], electronic[sha][number] = paper, screen
    for sha, name, value in tables.rows("SELECT sha256, id, value FROM line"):
        lines[sha][name] = value
    return {
        n: StationVotes(
            station=n,
            district=definition.station(n).district,
            legal=legal[sha],
            electronic=electronic[sha],
            lines=lines[sha],
        )
        for sha, n in stations.items()
    }


def collect(
    tables: Tables,
    selected: Selected,
    squashed: Squashed,
    votes: Mapping[int, StationVotes],
    *,
    definition: Definition,
) -> Findings:
    counted = {sha: station for station, sha in selected.packets.items() if station in votes}  # none that is annulled
    refused, replayed = _files(tables)
    broken = [
        Broken(counted[sha], equation, explained)
        for sha, equation, explained in tables.rows("SELECT sha256, equation, explained FROM broken ORDER BY 1, 2")
        if sha in counted
    ]
    complaints: Counter[str] = Counter()
    for sha, status in tables.rows("SELECT sha256, status FROM complaint"):
        if sha in counted:
            complaints[status] += 1
    hours = dict(
        tables.rows(
            "SELECT s.hour, count(*) FROM served s JOIN chosen c ON c.sha256 = s.sha256 WHERE NOT c.annulled"
            " GROUP BY 1 ORDER BY 1"
        )
    )
    present = {*selected.packets, *(station for station, _v, _sha in selected.ambiguous)}
    return Findings(
        packets=len(votes),
        missing=tuple(s.number for s in definition.stations if s.number not in present),
        rejected=refused,
        unopened=selected.unopened,
        replayed=replayed,
        superseded=tuple((station, version) for station, version, _sha in selected.superseded),
        ambiguous=tuple((station, version) for station, version, _sha in selected.ambiguous),
        forked=tuple((station, version) for station, version, _sha in selected.forked),
        broken=tuple(sorted(broken, key=lambda b: (b.station, b.equation))),
        outliers=_outliers(votes, definition),
        regions=_regions(votes, definition),
        hours=hours,
        complaints=dict(sorted(complaints.items())),
        dropped=dict(sorted(Counter(d.why for d in squashed.dropped).items())),
        twice_at_home=tuple(
            Twice(*pair) for pair in sorted(Counter(at for _tag, at in squashed.twice_at_home).items())
        ),
        strange=len(squashed.strange),
    )


def _files(tables: Tables) -> tuple[tuple[Rejected, ...], tuple[str, ...]]:
    """(refused, replayed). Sorted here: a server sorts as its language does, and the result must not depend on that."""
    arrived: dict[str, list[str]] = defaultdict(list)
    for sha, file in tables.rows("SELECT sha256, file FROM arrival"):
        arrived[sha].append(file)
    good = {file for (sha,) in tables.rows("SELECT sha256 FROM packet WHERE code = ''") for file in arrived[sha]}
    refused = sorted(
        (min(arrived[sha]), code, facts)
        for sha, code, facts in tables.rows("SELECT sha256, code, facts FROM packet WHERE code <> ''")
        if not good.issuperset(arrived[sha])  # a copy that was whole the second time
    )
    replayed = sorted(file for files in arrived.values() for file in sorted(files)[1:])
    return tuple(Rejected(file, code, json.loads(facts)) for file, code, facts in refused), tuple(replayed)


def _given(votes: StationVotes) -> int:
    return votes.lines["given_inside"] + votes.lines["given_outside"]


def _outliers(votes: Mapping[int, StationVotes], definition: Definition) -> tuple[Outlier, ...]:
    by_district: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for station, found in votes.items():
        if roll := found.lines["roll"]:
            by_district[definition.station(station).district].append((station, 100 * _given(found) / roll))
    outliers = []
    for district, turnouts in by_district.items():
        middle = median(t for _s, t in turnouts)
        spread = _MAD * median(abs(t - middle) for _s, t in turnouts)
        for station, turnout in turnouts:
            if turnout > 100 or (abs(turnout - middle) > max(_FAR * spread, _POINTS)):
                outliers.append(Outlier(station, district, round(turnout, 1), round(middle, 1)))
    return tuple(sorted(outliers, key=lambda o: o.station))


def _regions(votes: Mapping[int, StationVotes], definition: Definition) -> tuple[Region, ...]:
    found: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for station in definition.stations:
        if station.number in votes:
            row = found[station.address_ky.partition(",")[0], station.address_ru.partition(",")[0]]
            lines = votes[station.number].lines
            for place, value in enumerate((1, lines["roll"], _given(votes[station.number]))):
                row[place] += value
    return tuple(
        Region(name_ky=ky, name_ru=ru, stations=stations, roll=roll, given=given)
        for (ky, ru), (stations, roll, given) in sorted(found.items())
    )
