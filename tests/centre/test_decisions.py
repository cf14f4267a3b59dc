"""Versions and decisions; packets in any order and in any portions."""

from collections import Counter
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.centre.steps import decisions, squash
from kiosk.centre.steps.anonymous import count, unseal
from kiosk.centre.steps.decisions import Decisions, Strike
from kiosk.centre.tables import Tables
from kiosk.election.definition import AGAINST_ALL, INVALID
from kiosk.errors import IntegrityError, ProblemsError
from tests.centre.test_tally import squashed, votes
from tests.stage.country import Country
from tests.stage.world import AWAY, HOME, NEIGHBOUR, REMOTE_ONLY, World, example_source

# -- versions and decisions ---------------------------------------------------------------------------------


def test_the_same_packets_make_no_new_version_and_a_decision_makes_one(evening: Country) -> None:
    first = evening.tally()
    again = evening.tally()
    assert first.new_version and not again.new_version and again.folder == first.folder
    before = {p.name: p.read_bytes() for p in first.folder.rglob("*.*")}
    decided = evening.tally(decisions='[[annul]]\nstation = 102\npart = "all"\nreason = "№ 7"\n')
    assert decided.new_version and decided.result.version == 2
    assert votes(decided, 1) == {1: 5, 2: 4, 4: 1}
    assert {p.name: p.read_bytes() for p in first.folder.rglob("*.*")} == before
    outside = evening.tally(decisions='[[annul]]\nstation = 102\npart = "outside"\nreason = "№ 8"\n')
    assert votes(outside, 1) == {1: 5, 2: 4, 4: 4} and outside.result.version == 3


def test_a_strike_flips_a_seat_through_the_sex_rule() -> None:
    """Two men lead; the third seat is a woman's. Without the second man the third man has a seat, she keeps hers."""
    definition = example_source().definition
    district = definition.districts[0]
    men = [x.number for x in district.standing if x.sex == "m"][:3]
    women = [x.number for x in district.standing if x.sex == "f"][:2]
    legal = dict(zip([*men, *women], (100, 90, 80, 20, 10), strict=True))
    station = next(s.number for s in definition.stations if s.district == district.number)
    lines = dict.fromkeys((x.id for x in definition.lines), 0)
    given: dict[int, count.StationVotes] = {
        station: count.StationVotes(
            station=station, district=district.number, legal=legal, electronic=legal, lines=lines
        )
    }
    nothing = unseal.Opened(Counter(), Counter())

    def seats(*struck: int) -> list[int]:
        decided = Decisions((), tuple(Strike(district.number, n, "x") for n in struck))
        return [int(s.candidate) for s in count.count(definition, given, nothing, decided)[0].outcome.seats]

    assert seats() == [men[0], men[1], women[0]]
    assert seats(men[1]) == [men[0], men[2], women[0]]
    assert seats(women[0]) == [men[0], men[1], women[1]]


def test_a_strike_that_leaves_too_few_of_one_sex_leaves_a_seat_vacant(evening: Country) -> None:
    first = evening.tally()
    assert [s.candidate for s in first.result.districts[0].outcome.seats] == ["1", "4", "2"]
    made = evening.tally(decisions='[[strike]]\ndistrict = 1\ncandidate = 1\nreason = "court"\n')
    [change] = made.result.changed
    assert (change.district, change.lost, change.won) == (1, ("1",), ())
    assert made.result.districts[0].outcome.flags == ("vacant_seat",)  # two women are left for three seats
    assert "court" in (made.folder / "report.html").read_text("utf-8")


def test_an_annulled_station_s_envelopes_do_not_count_but_its_voters_had_their_vote(evening: Country) -> None:
    made = evening.tally(decisions='[[annul]]\nstation = 201\npart = "all"\nreason = "x"\n')
    assert votes(made, 1)[4] == 4 and "station_annulled" in {why for _t, _s, why in squashed(made)}
    evening.send(REMOTE_ONLY, [evening.remote(REMOTE_ONLY, AWAY, 0, 2)])
    assert votes(evening.tally(decisions='[[annul]]\nstation = 201\npart = "all"\nreason = "x"\n'), 2) == {}


@pytest.mark.parametrize(
    "text",
    [
        "[[annul]]\nstation = 999\npart = 'all'\nreason = 'x'",
        "[[annul]]\nstation = 101\npart = 'all'\nreason = ' '",
        "[[annul]]\nstation = 101\npart = 'half'\nreason = 'x'",
        "[[strike]]\ndistrict = 1\ncandidate = 3\nreason = 'x'",
        "[[annul]]\nstation = 101\npart = 'all'\nreason = 'x'\n" * 2,
        "nonsense",
        "[[other]]\nx = 1",
    ],
)
def test_a_decision_that_cannot_be_meant_changes_nothing(evening: Country, text: str) -> None:
    with pytest.raises(ProblemsError) as caught:
        evening.tally(decisions=text)
    assert caught.value.problems[0].what
    assert not (evening.folder / "out").exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[annul]]\nstation = 101\npart = 'all'\nreason = “x”", "4: the quotes of “reason = “x”” are curly"),
        ("[[annul]]\nstation = \"101\"\npart = 'all'\nreason = 'x'", "2: station must be a whole number"),
        ("[[annul]]\nstation = 0101\npart = 'all'\nreason = 'x'", "2: the number of “station = 0101” begins with 0"),
        ("[[annul]]\nstation = 101\npart = 'half'\nreason = 'x'", '3: part must be one of: "all", "outside"'),
        ("[[annul]]\nstation = 101\npart = 'all'\nreason = ' '", "4: the reason is missing"),
        ("[[annul]]\nstation = 101\npart = 'all'\nreason = '김'", "4: no form can print “김”"),
        ("[[annul]]\nstation = 999\npart = 'all'\nreason = 'x'", "2: there is no station 999"),
        ("[[annul]]\nstation = 101\npart = 'all'\nreason = 'x'\n" * 2, "6: station 101 is annulled twice"),
        ("# one\n[[strike]]\ndistrict = 1\ncandidate = 9\nreason = 'x'", "4: nobody stands in district 1 as number 9"),
        ("[[strike]]\ndistrict = 1\ncandidate = 1\nraeson = 'x'", "4: raeson is no setting"),
        ("[[strike]]\ndistrict = 1\ncandidate = 1", "1: reason is missing"),
        ("[[other]]\nx = 1", "1: other is no setting"),
        ("annul = 3", "1: write annul as blocks"),
        ("x = [" + "[" * 5000, "1: this is not TOML: too many brackets"),
    ],
)
def test_what_is_wrong_is_told_at_its_line_in_words(evening: Country, text: str, said: str) -> None:
    with pytest.raises(ProblemsError) as caught:
        decisions.read(text.encode(), evening.world.source.definition)
    assert f"{caught.value.problems[0].line}: {caught.value.problems[0].what}".startswith(said)


@pytest.mark.parametrize(("page", "name"), [("cp1251", "Windows-1251"), ("cp866", "DOS 866"), ("utf-16", "UTF-16")])
def test_a_file_in_another_code_page_is_named_as_that(evening: Country, page: str, name: str) -> None:
    with pytest.raises(ProblemsError) as caught:
        decisions.read("# решение\nreason = 'по решению суда города'".encode(page), evening.world.source.definition)
    assert name in caught.value.problems[0].what


def test_a_damaged_version_stops_the_next(evening: Country) -> None:
    made = evening.tally()
    (made.folder / "version.json").write_bytes(b"{")
    with pytest.raises(IntegrityError, match="version_malformed"):
        evening.tally()


# -- any order, any portions ----------------------------------------------------------------------------------


_VISITS = st.lists(
    st.tuples(
        st.sampled_from((HOME, NEIGHBOUR, AWAY, REMOTE_ONLY)), st.sampled_from((HOME, AWAY)), st.integers(0, 3),
        st.sampled_from((1, 2, AGAINST_ALL, INVALID)), st.integers(0, 719),
    ),
    max_size=14,
)  # fmt: skip


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(visits=_VISITS, order=st.permutations(range(4)), cuts=st.integers(0, 3))
def test_packets_in_any_order_and_portions_give_the_same_result(
    world: World, tmp_path_factory: pytest.TempPathFactory, visits: list[tuple[int, int, int, int, int]],
    order: list[int], cuts: int,
) -> None:  # fmt: skip
    country = Country(world, tmp_path_factory.mktemp("country"))
    days: dict[int, dict[bytes, object]] = {HOME: {}, NEIGHBOUR: {}, AWAY: {}, REMOTE_ONLY: {}}
    for station, home, n, choice, minute in visits:
        made = (
            country.home(station, n, choice, minute)
            if station == home
            else country.remote(station, home, n, choice, minute)
        )
        days[station].setdefault(made.tag, made)
    paths = [country.send(station, list(day.values())) for station, day in days.items()]  # type: ignore[arg-type]
    at_once = country.tally(out="at once")
    tables = Tables.open()
    kept = [path.read_bytes() for path in paths]
    for path in paths:
        path.unlink()
    for place, number in enumerate(order):
        paths[number].write_bytes(kept[number])
        if place >= cuts:
            portions = country.tally(tables, out="portions")
    tables.close()
    assert portions.result.content == at_once.result.content
    counted = sum(sum(votes(at_once, d).values()) for d in (1, 2))
    voters = {tag for day in days.values() for tag in day}
    assert counted <= len(voters)  # nobody twice


def test_select_is_free_of_order() -> None:
    rows = [(1, 1, "a"), (1, 2, "b"), (2, 1, "c"), (2, 1, "d")]
    for order in permutations(rows):
        tables = Tables.open()
        for station, version, sha in order:
            tables.run("INSERT INTO packet VALUES ($1, $2, $3, 'test', '', 0, '', '{}', TRUE)", sha, station, version)
        found = squash.select(tables)
        tables.close()
        assert found.packets == {1: "b"} and found.superseded == ((1, 1, "a"),)
        assert found.ambiguous == ((2, 1, "c"), (2, 1, "d"))
