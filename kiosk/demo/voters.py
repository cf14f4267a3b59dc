"""Synthetic voters of one rehearsed day: who comes, in which order, and what goes wrong with whom."""

import csv
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import msgspec

from kiosk.demo.nation import COLUMNS, Row, station_rows
from kiosk.election.definition import Definition, Station
from kiosk.roll.person import check_digit

Story = Literal[
    "votes", "against_all", "invalid", "leaves", "wrong_person", "again", "other_station", "unknown", "under_age",
    "struck_off", "asked_home_vote", "mistyped",
]  # fmt: skip


class Visit(msgspec.Struct, frozen=True):
    """One person at the desk. `scan`: what the scanner types, or the PIN as typed by the clerk."""

    story: Story
    pin: str
    scan: str
    remote: bool

    def __repr__(self) -> str:
        return f"Visit({self.story})"


class Cast(msgspec.Struct, frozen=True):
    """The whole cast of the day, and the roll they come from."""

    visits: tuple[Visit, ...]
    struck_off: str  # PINs
    asked_home_vote: str
    stays_home: str


def neighbours(definition: Definition, station: Station, elsewhere: int) -> tuple[list[Station], list[Station]]:
    """Two stations of the same district and `elsewhere` of others, with voters: enough to send people on to."""
    near = [
        s for s in definition.stations if s.district == station.district and s.number != station.number and s.voters
    ]
    step = max(1, len(definition.stations) // (elsewhere + 1))
    far = [s for s in definition.stations[::step] if s.district != station.district and s.voters]
    return near[:2], far[:elsewhere]


def write_roll(path: Path, definition: Definition, station: Station, seed: int, *, voters: int, remote: int) -> Cast:
    """The roll of the station and its neighbours as CSV, and who of them comes when."""
    dice = random.Random(f"rehearsal {seed}")
    near, far = neighbours(definition, station, 6)
    here = list(station_rows(definition, station.number, seed))
    rows = {s.number: list(station_rows(definition, s.number, seed)) for s in (*near, *far)}
    if len(here) < voters + 8 or sum(len(rows[s.number]) for s in far) < remote:
        raise ValueError("more voters are asked for than the roll has")
    order = dice.sample(range(len(here)), len(here))
    child = order[-1]
    here[child] = (*here[child][:4], f"{int(definition.calendar.voting_day[:4]) - 17}-06-15", *here[child][5:])
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(COLUMNS + "\n")
        writer = csv.writer(file, lineterminator="\n")
        for number in sorted((station.number, *rows)):
            writer.writerows(here if number == station.number else rows[number])
    visits = [_visit(dice, here[i], dice.choices(_USUAL, _WEIGHTS)[0]) for i in order[:voters]]
    away = [row for s in far for row in rows[s.number]]
    visits += [_visit(dice, row, "votes", remote=True) for row in dice.sample(away, remote)]
    visits += [_visit(dice, here[i], "again") for i in order[:3]]
    visits += [_visit(dice, dice.choice(rows[s.number]), "other_station") for s in near]
    visits += [
        _visit(dice, here[child], "under_age"),
        _visit(dice, here[order[-2]], "struck_off"),
        _visit(dice, here[order[-3]], "asked_home_vote"),
        Visit("unknown", "20101190099999", "20101190099999", False),
        Visit("mistyped", "", "2010119", False),
    ]
    dice.shuffle(visits)
    visits.sort(key=lambda visit: visit.story == "again")  # a second visit comes after the first
    return Cast(tuple(visits), here[order[-2]][0], here[order[-3]][0], here[order[-4]][0])


_USUAL: Sequence[Story] = ("votes", "against_all", "invalid", "leaves", "wrong_person")
_WEIGHTS = (0.93, 0.04, 0.015, 0.0075, 0.0075)


def _visit(dice: random.Random, row: Row, story: Story, remote: bool = False) -> Visit:
    pin = row[0]
    typed = dice.random() < 0.3
    return Visit(story, pin, pin if typed else td3(row), remote)


def td3(row: Row) -> str:
    """The machine-readable zone of a synthetic passport, as a scanner types it."""
    pin, born, sex, document = row[0], row[4].replace("-", "")[2:], row[5].upper(), row[9][:9].ljust(9, "<")
    expires = "351231"
    first = "P<KGZ" + "SYNTHETIC<<PERSON".ljust(39, "<")
    second = f"{document}{check_digit(document)}KGZ{born}{check_digit(born)}{sex}{expires}{check_digit(expires)}"
    second += pin + check_digit(pin)
    whole = second[0:10] + second[13:20] + second[21:43]
    return f"{first}\n{second}{check_digit(whole)}"
