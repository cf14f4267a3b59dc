"""Who votes where in the simulated country, and what goes wrong: everything follows from the seed.

A voter is (station, sex, n): the n-th man or woman of a station's roll. Nobody's choice is known here.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

import msgspec

from kiosk.demo import nation
from kiosk.election.definition import Definition, Sex, Station
from kiosk.election.source import Source

REMOTE = 0.1  # of those who vote, away from home
_DOUBLE = 0.004  # of the remote voters, each kind
_FAULTY = 0.004  # of the stations, each kind, at least one

Voter = tuple[int, Sex, int]


class Guest(msgspec.Struct, frozen=True):
    """A remote voter at one station."""

    voter: Voter
    district: int
    minute: int  # since the station opened


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """`home`: station → how many of its own vote there. `doubles`: kind → voters planted."""

    seed: int
    home: dict[int, int]
    guests: dict[int, list[Guest]]
    home_and_away: dict[Voter, int]  # the station where the envelope is
    twice_away: dict[Voter, tuple[int, ...]]
    faults: dict[str, list[int]]  # kind → stations

    def fault(self, station: int) -> str:
        return next((kind for kind, stations in self.faults.items() if station in stations), "")


FAULTS = ("missing", "damaged", "truncated", "replayed", "corrected", "equation", "outlier")
_TO_COMPARE = 4  # stations, the outlier among them
LOST = ("missing", "damaged", "truncated")


def scaled(source: Source, scale: float) -> Source:
    """Every n-th station of each district, at least one, so that all seats can be filled."""
    if scale >= 1:
        return source
    by_district: dict[int, list[int]] = defaultdict(list)
    for station in source.definition.stations:
        by_district[station.district].append(station.number)
    chosen: set[int] = set()
    for numbers in by_district.values():
        count = max(1, round(len(numbers) * scale))
        chosen |= {numbers[n * len(numbers) // count] for n in range(count)}
    stations = tuple(s for s in source.definition.stations if s.number in chosen)
    definition = msgspec.structs.replace(source.definition, stations=stations)
    return Source(definition, tuple(o for o in source.officials if o.station in chosen))


def voters_of(definition: Definition, station: int, seed: int) -> list[Voter]:
    """The station's roll in an order of its own: the first ones vote at home, those after them go away."""
    here = definition.station(station)
    men: list[Voter] = [(station, "m", n) for n in range(here.voters_m)]
    women: list[Voter] = [(station, "f", n) for n in range(here.voters_f)]
    everybody = men + women
    random.Random(f"{seed} order {station}").shuffle(everybody)
    return everybody


class Pins:
    """The number of a voter, for any station of the country."""

    def __init__(self, definition: Definition) -> None:
        self._before: dict[tuple[int, Sex], int] = {}
        self._day = definition.calendar.voting_day
        men = women = 0
        for station in definition.stations:
            self._before[station.number, "m"], self._before[station.number, "f"] = men, women
            men, women = men + station.voters_m, women + station.voters_f

    def of(self, voter: Voter) -> str:
        station, sex, n = voter
        return nation.pin(sex, self._before[station, sex] + n, self._day)[0]


def draw(definition: Definition, seed: int) -> Plan:
    dice = random.Random(f"{seed} plan")
    stations = list(definition.stations)
    faults = _faults(dice, [s for s in stations if s.voters > 200])
    lost = {n for kind in LOST for n in faults[kind]}
    mood = {d.number: dice.uniform(0.30, 0.48) for d in definition.districts}
    home: dict[int, int] = {}
    guests: dict[int, list[Guest]] = defaultdict(list)
    together, apart = {}, {}
    hosts = _Hosts(definition, dice)
    for station in stations:
        turnout = mood[station.district] + dice.gauss(0, 0.03)
        if station.number in faults["outlier"]:
            turnout = 0.93
        home[station.number] = round(station.voters * min(max(turnout, 0.05), 0.98))
        everybody = voters_of(definition, station.number, seed)
        away = round(home[station.number] * REMOTE)
        leaving = everybody[home[station.number] : home[station.number] + away]
        for voter in leaving:
            places = hosts.draw(station.district, 2 if dice.random() < _DOUBLE else 1)
            if len(places) > 1 and not lost.intersection(places):
                apart[voter] = places
            else:
                places = places[:1]
            for place in places:
                guests[place].append(Guest(voter, station.district, dice.randrange(5, 715)))
        if station.number not in lost:
            for voter in everybody[: home[station.number]]:
                if dice.random() < _DOUBLE * REMOTE:
                    [place] = hosts.draw(station.district, 1)
                    if place not in lost:
                        together[voter] = place
                        guests[place].append(Guest(voter, station.district, dice.randrange(5, 715)))
    return Plan(seed=seed, home=home, guests=dict(guests), home_and_away=together, twice_away=apart, faults=faults)


def _faults(dice: random.Random, stations: Sequence[Station]) -> dict[str, list[int]]:
    """An outlier only where the district has enough others to be seen from; nothing is planted that can't be found."""
    each = max(1, round(len(stations) * _FAULTY))
    kinds = [kind for kind in FAULTS if kind != "outlier"]
    chosen = iter(dice.sample([s.number for s in stations], min(len(stations), each * len(kinds))))
    faults: dict[str, list[int]] = {kind: [n for _n, n in zip(range(each), chosen)] for kind in kinds}  # noqa: B905
    taken = {n for numbers in faults.values() for n in numbers}
    free = [s for s in stations if s.number not in taken]
    neighbours = Counter(s.district for s in free)
    fit = [s.number for s in free if neighbours[s.district] >= _TO_COMPARE]
    return {**faults, "outlier": dice.sample(fit, min(each, len(fit)))}


class _Hosts:
    """Stations where a voter of a district can vote away from home."""

    def __init__(self, definition: Definition, dice: random.Random) -> None:
        self._dice = dice
        self._stations = [(s.number, s.district) for s in definition.stations]

    def draw(self, district: int, count: int) -> tuple[int, ...]:
        found: list[int] = []
        while len(found) < count:
            number, where = self._stations[self._dice.randrange(len(self._stations))]
            if where != district and number not in found:
                found.append(number)
        return tuple(found)


def planted(plan: Plan) -> Iterator[tuple[Voter, str]]:
    for voter in plan.home_and_away:
        yield voter, "beaten_by_home"
    for voter in plan.twice_away:
        yield voter, "beaten_by_earlier"
