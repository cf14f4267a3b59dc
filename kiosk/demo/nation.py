"""A synthetic roll of the whole country with exactly the figures of the example election.

Every station's people follow from the seed and the station alone, so one station's roll is the same whether it
is made by itself or with the other 2,491.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from kiosk.demo.people import alphabetical, draw, vocabulary
from kiosk.election.definition import Definition, Sex

COLUMNS = "pin,surname,given_name,patronymic,birth_date,sex,station,line,address,document"
Row = tuple[str, str, str, str, str, str, int, int, str, str]

_OLDEST, _YOUNGEST = 95, 18
_SCRAMBLE = 7919  # coprime to 100,000: turns 0, 1, 2, … into serials that look unordered and never repeat


@cache
def _birth_days(voting_day: str) -> tuple[tuple[date, int], ...]:
    """Birth dates of adults, shuffled; a date stands up to three times so that the young are more. (date, copy)."""
    last = date.fromisoformat(voting_day)
    last = last.replace(year=last.year - _YOUNGEST)
    days = []
    for back in range((_OLDEST - _YOUNGEST) * 365):
        age = _YOUNGEST + back // 365
        copies = 3 if age < 40 else 2 if age < 62 else 1
        day = last - timedelta(days=back)
        days += [(day, copy) for copy in range(copies)]
    random.Random(voting_day).shuffle(days)
    return tuple(days)


def pin(sex: Sex, person: int, voting_day: str) -> tuple[str, date]:
    """The 14-digit number and birth date of the `person`-th man or woman of the country; never the same twice."""
    days = _birth_days(voting_day)
    round_, place = divmod(person, len(days))
    day, copy = days[place]
    serial = ((round_ * 3 + copy) * _SCRAMBLE + day.toordinal() * 31) % 100_000
    return f"{2 if sex == 'm' else 1}{day:%d%m%Y}{serial:05d}", day


def station_rows(definition: Definition, station: int, seed: int = 7) -> Iterator[Row]:
    """The roll of one station in the order of its list."""
    before_m = before_f = 0
    for s in definition.stations:
        if s.number == station:
            yield from _people(definition, station, seed, before_m, before_f=before_f)
            return
        before_m, before_f = before_m + s.voters_m, before_f + s.voters_f
    raise KeyError(station)


def all_rows(definition: Definition, stations: int | None = None, seed: int = 7) -> Iterator[Row]:
    """The rolls of the first `stations` stations, or of all."""
    before_m = before_f = 0
    for s in definition.stations[:stations]:
        yield from _people(definition, s.number, seed, before_m, before_f=before_f)
        before_m, before_f = before_m + s.voters_m, before_f + s.voters_f


def _people(definition: Definition, station: int, seed: int, before_m: int, *, before_f: int) -> Iterator[Row]:
    dice = random.Random(f"{seed}:{station}")
    here = definition.station(station)
    day = definition.calendar.voting_day
    place = here.address_ky.split(",")[0]
    streets = [f"{place}, {street} көч. " for street in vocabulary()["streets"]]
    people: list[tuple[tuple[str, str, str], Sex, str, date]] = []
    for sex, before, count in (("m", before_m, here.voters_m), ("f", before_f, here.voters_f)):
        s: Sex = "m" if sex == "m" else "f"
        people += [(draw(dice, s), s, *pin(s, before + i, day)) for i in range(count)]
    people.sort(key=lambda person: (alphabetical(person[0]), person[2]))
    for line, (name, sex, number, birth) in enumerate(people, 1):
        address = f"{dice.choice(streets)}{dice.randint(1, 140)}"
        document = f"{'ID' if dice.random() < 0.8 else 'AC'}{dice.randint(0, 9_999_999):07d}"
        yield (number, *name, birth.isoformat(), sex, station, line, address, document)
