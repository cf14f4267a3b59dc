"""The synthetic country: exact figures, no PIN twice, the same for a seed; the example as committed."""

from collections import Counter
from itertools import islice

import pytest

from kiosk.demo import example as example_writer
from kiosk.demo import nation, people
from kiosk.election.source import Source
from kiosk.roll.person import Pin, pin_agrees
from tests.stage.world import EXAMPLE, voter_of


def test_the_example_election_is_what_its_writer_writes() -> None:
    for name, content in example_writer.files().items():
        assert (EXAMPLE / name).read_bytes() == content, f"{name}: run python -m kiosk.demo.example"


def test_the_writer_writes_where_it_is_told(tmp_path) -> None:  # type: ignore[no-untyped-def]
    example_writer.main(tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(example_writer.files())


def test_a_station_s_roll_has_the_figures_of_the_definition(example: Source) -> None:
    for number in (1021, 9001, 3392):
        rows = list(nation.station_rows(example.definition, number))
        station = example.definition.station(number)
        assert Counter(row[5] for row in rows) == {"m": station.voters_m, "f": station.voters_f}
        assert [row[7] for row in rows] == list(range(1, station.voters + 1))
        assert rows == sorted(rows, key=lambda r: people.alphabetical(r[1:4]))
        assert all(pin_agrees(voter_of((Pin(row[0]), *row[1:]))) for row in rows)


def test_a_station_alone_is_the_same_as_with_the_others(example: Source) -> None:
    together = [row for row in nation.all_rows(example.definition, 3) if row[6] == 1003]
    assert together == list(nation.station_rows(example.definition, 1003))
    assert list(nation.station_rows(example.definition, 1003, seed=8)) != together
    with pytest.raises(KeyError):
        next(nation.station_rows(example.definition, 1))


def test_no_pin_is_given_twice_in_the_country(example: Source) -> None:
    """All 4,297,040, by the rule that makes them and not by drawing them."""
    day = example.definition.calendar.voting_day
    for sex, count in (("m", 2_082_263), ("f", 2_214_777)):
        step = 97
        seen = {nation.pin(sex, i, day)[0] for i in range(0, count, step)}  # type: ignore[arg-type]
        assert len(seen) == len(range(0, count, step))
    days = nation._birth_days(day)
    rounds = 2_214_777 // len(days) + 1
    assert rounds * 3 < 100_000  # serials of one date never wrap round
    assert len(set(days)) == len(days)


@pytest.mark.long
def test_the_whole_country_row_by_row(example: Source) -> None:
    sexes: Counter[str] = Counter()
    pins: set[int] = set()
    for row in nation.all_rows(example.definition):
        sexes[row[5]] += 1
        pins.add(int(row[0]))
    assert sexes == {"m": 2_082_263, "f": 2_214_777}
    assert len(pins) == 4_297_040


def test_names_read_like_the_country(example: Source) -> None:
    rows = list(islice(nation.all_rows(example.definition), 20_000))
    surnames = {row[1] for row in rows}
    assert len(surnames) > 300
    for form in ("уулу", "кызы", "ова", "ов", "Дж", "Ө", "ү"):
        assert any(form in surname for surname in surnames), form
    assert sorted(["Ээ", "Өмүр", "Осмон", "Пак"], key=lambda n: people.alphabetical((n, "", ""))) == [
        "Осмон", "Өмүр", "Пак", "Ээ",
    ]  # fmt: skip
    assert people.russian("Төрөбекова Жаңыл Гүл") == "Торобекова Жаныл Гул"
