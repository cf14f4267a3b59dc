"""Counting: stations' legal votes and the opened remote ballots, by district; then the seats. Sees no tag."""

from collections import defaultdict
from collections.abc import Mapping

import msgspec

from kiosk.centre.steps.anonymous.unseal import Opened
from kiosk.centre.steps.decisions import Decisions
from kiosk.election.definition import AGAINST_ALL, INVALID, Definition, District, Sex
from kiosk.election.seats import Outcome, Votes, allot


class StationVotes(msgspec.Struct, frozen=True, kw_only=True):
    """The legal figures of one station, and the electronic ones where it has them: number → votes."""

    station: int
    district: int
    legal: Mapping[int, int]
    electronic: Mapping[int, int | None]
    lines: Mapping[str, int]


class CandidateTotal(msgspec.Struct, frozen=True, kw_only=True):
    number: int
    name_ky: str
    name_ru: str
    sex: Sex
    filed: int
    stations: int
    remote: int
    struck: bool = False

    @property
    def votes(self) -> int:
        return self.stations + self.remote


class DistrictTotal(msgspec.Struct, frozen=True, kw_only=True):
    """`given`: ballots given in and outside the stations; `remote`, `*_remote`: cast elsewhere by voters of this
    district and counted, invalid ones too; `unreadable_remote`: could not be opened."""

    number: int
    name_ky: str
    name_ru: str
    seats: int
    candidates: tuple[CandidateTotal, ...]
    against_stations: int
    against_remote: int
    invalid_stations: int
    invalid_remote: int
    unreadable_remote: int
    roll: int
    given: int
    stations: int
    counted: int
    outcome: Outcome

    @property
    def remote(self) -> int:
        return sum(c.remote for c in self.candidates) + self.against_remote + self.invalid_remote

    @property
    def valid(self) -> int:
        """The base of every share: votes for those who stand and against all. Who was struck off is in no base."""
        return sum(c.votes for c in self.candidates if not c.struck) + self.against_stations + self.against_remote

    @property
    def struck_votes(self) -> int:
        return sum(c.votes for c in self.candidates if c.struck)

    @property
    def participated(self) -> int:
        """Of the rolls of the counted stations: ballots given there, and remote ballots that count."""
        return self.given + self.remote


def count(
    definition: Definition, votes: Mapping[int, StationVotes], opened: Opened, decisions: Decisions
) -> tuple[DistrictTotal, ...]:
    """`votes`: by station, of the packets that count, without what was annulled. Struck-off candidates win no seat."""
    by_district: dict[int, list[StationVotes]] = defaultdict(list)
    for station in definition.stations:
        if station.number in votes:
            by_district[station.district].append(votes[station.number])
    expected: dict[int, int] = defaultdict(int)
    for station in definition.stations:
        expected[station.district] += 1
    return tuple(
        _district(district, by_district[district.number], expected[district.number], opened, decisions=decisions)
        for district in definition.districts
    )


def outside_is_apart(station: StationVotes) -> bool:
    """Whether what the hand count has more than the electronic one is the portable box and nothing else."""
    more = [legal - (station.electronic.get(number) or 0) for number, legal in station.legal.items()]
    return min(more) >= 0 and sum(more) == station.lines["portable"]


def without_outside(station: StationVotes) -> StationVotes:
    """Votes of the portable box are on paper only: without them the electronic figures are what is left."""
    left = {n: electronic or 0 for n, electronic in station.electronic.items()}
    lines = {**station.lines, "given_outside": 0}
    return msgspec.structs.replace(station, legal=left, lines=lines)


def _district(
    district: District, stations: list[StationVotes], expected: int, opened: Opened, *, decisions: Decisions
) -> DistrictTotal:
    number = district.number
    struck = decisions.struck(number)

    def at_stations(choice: int) -> int:
        return sum(s.legal.get(choice, 0) for s in stations)

    candidates = tuple(
        CandidateTotal(
            number=x.number,
            name_ky=x.name_ky,
            name_ru=x.name_ru,
            sex=x.sex,
            filed=x.filed,
            stations=at_stations(x.number),
            remote=opened.choices[number, x.number],
            struck=x.number in struck,
        )
        for x in district.standing
    )
    ranked = [Votes(str(c.number), c.sex, c.votes, c.filed) for c in candidates if not c.struck]
    against_stations, against_remote = at_stations(AGAINST_ALL), opened.choices[number, AGAINST_ALL]
    lines: dict[str, int] = defaultdict(int)
    for station in stations:
        for name, value in station.lines.items():
            lines[name] += value
    return DistrictTotal(
        number=number,
        name_ky=district.name_ky,
        name_ru=district.name_ru,
        seats=district.seats,
        candidates=candidates,
        against_stations=against_stations,
        against_remote=against_remote,
        invalid_stations=at_stations(INVALID),
        invalid_remote=opened.choices[number, INVALID],
        unreadable_remote=sum(n for (where, _why), n in opened.unreadable.items() if where == number),
        roll=lines["roll"],
        given=lines["given_inside"] + lines["given_outside"],
        stations=expected,
        counted=len(stations),
        outcome=allot(ranked, against_stations + against_remote, district.seats) if stations else Outcome((), ()),
    )
