"""Every answer of the desk, and that nobody is given two ballots (P1)."""

from datetime import timedelta

import pytest

from kiosk.day.desk import Eligible
from kiosk.day.station import Station
from kiosk.election.definition import INVALID
from kiosk.errors import Refusal, must
from kiosk.messages import message
from kiosk.roll.person import Pin
from kiosk.text import speaking
from tests.stage.world import AWAY, HOME, NEIGHBOUR, REMOTE_ONLY, World, give, marked, vote


@pytest.fixture
def station(world: World) -> Station:
    return world.opened()


def code(answer: object) -> str | None:
    return answer.code if isinstance(answer, Refusal) else None


def test_a_voter_of_this_roll_is_given_one_ballot_and_never_two(world: World, station: Station) -> None:
    pin = world.pins(HOME)[0]
    answer = station.desk.identify(pin)
    assert isinstance(answer, Eligible)
    assert (answer.kind, answer.district, answer.warnings) == ("home", 1, ())
    assert answer.voter and answer.voter.pin == pin
    given = station.desk.give(answer)
    assert not isinstance(given, Refusal)
    assert (given.kind, given.district) == ("home", 1)
    assert station.desk.identify(pin) == Refusal("already_given", {"at": "08:00"})
    vote(station, given, 1)
    assert station.desk.give(answer) == Refusal("already_given", {"at": "08:00"})  # kept from before
    assert code(station.desk.identify(pin)) == "already_given"


def test_a_remote_voter_gets_the_ballot_of_the_home_district(world: World, station: Station) -> None:
    answer = station.desk.identify(world.pins(AWAY)[0])
    assert isinstance(answer, Eligible)
    assert (answer.kind, answer.district, answer.voter) == ("remote", 2, None)
    vote(station, give(station, world.pins(AWAY)[0]), 2)
    assert (len(station._session.files.envelopes), len(station._session.files.box)) == (1, 0)
    assert code(station.desk.identify(world.pins(AWAY)[0])) == "already_given"


def test_a_remote_only_station_serves_those_from_elsewhere(world: World) -> None:
    world = world.in_folder(world.folder.parent, REMOTE_ONLY)
    station = world.opened()
    vote(station, give(station, world.pins(HOME)[0]), 1)
    assert code(station.desk.identify(world.pins(AWAY)[0])) == "other_station"
    world.closed(station)
    world.attend(station)
    count = station.count()
    assert not isinstance(count, Refusal) and count.records == ()


def test_inside_the_district_one_votes_at_home(world: World, station: Station) -> None:
    assert station.desk.identify(world.pins(NEIGHBOUR)[0]) == Refusal(
        "other_station", {"station": NEIGHBOUR, "address_ky": "Китепкана", "address_ru": "Библиотека"}
    )


def test_a_station_abroad_goes_by_its_own_clock(world: World) -> None:
    """New York opens when it is 19:00 in Bishkek, for its own voters and for guests."""
    folder = world.folder.parent / "abroad"
    folder.mkdir()
    there = world.in_folder(folder, AWAY)
    station = there.opened()
    assert f"{there.clock.now():%H:%M %z}" == "08:00 -0500"
    vote(station, give(station, there.pins(AWAY)[0]), 1)
    vote(station, give(station, world.pins(HOME)[0]), 2)
    there.clock.set(there.closes - timedelta(seconds=1))
    assert isinstance(station.desk.identify(world.pins(HOME)[1]), Eligible)
    there.clock.set(there.closes)
    assert code(station.desk.identify(world.pins(HOME)[1])) == "after_hours"


def test_where_to_go_is_told_with_directions_where_there_are_some() -> None:
    facts = {"station": 102, "address_ky": "Китепкана", "address_ru": "Библиотека", "directions_ky": "короо жактан"}
    with speaking("ky"):
        assert "Китепкана (короо жактан)" in message("other_station", facts).sentence
    with speaking("ru"):
        assert "Библиотека." in message("other_station", facts).sentence


def test_somebody_on_no_roll(station: Station) -> None:
    assert station.desk.identify(Pin("29912199999999")) == Refusal("on_no_roll")


def test_struck_off(world: World, station: Station) -> None:
    pin = world.pins(HOME)[0]
    assert code(station.desk.strike_off(pin, "moved")) == "not_permitted"
    world.sign_in(station, "chair")
    assert station.desk.strike_off(pin, "moved") is None
    assert station.desk.identify(pin) == Refusal("struck_off", {"reason": "moved"})
    other = world.pins(HOME)[1]
    answer = station.desk.identify(other)
    assert isinstance(answer, Eligible)
    assert station.desk.strike_off(other, "died") is None
    assert code(station.desk.give(answer)) == "struck_off"  # though the answer is from before
    world.closed(station)
    assert code(station.desk.strike_off(world.pins(HOME)[2], "moved")) == "wrong_phase"


def test_home_votes(world: World, station: Station) -> None:
    stays, comes, foreign = world.pins(HOME)[0], world.pins(HOME)[1], world.pins(AWAY)[0]
    assert code(station.desk.ask_home_vote(stays)) == "not_permitted"
    assert code(station.desk.settle_home_vote(stays, voted=True)) == "not_permitted"
    world.sign_in(station, "chair")
    assert code(station.desk.ask_home_vote(foreign)) == "on_no_roll"
    for pin in (stays, comes):
        assert station.desk.ask_home_vote(pin) is None
        assert code(station.desk.identify(pin)) == "asked_home_vote"
    assert station.desk.settle_home_vote(stays, voted=True) is None
    assert code(station.desk.identify(stays)) == "voted_at_home"
    assert code(station.desk.settle_home_vote(stays, voted=True)) == "voted_at_home"
    assert code(station.desk.settle_home_vote(world.pins(HOME)[5], voted=True)) == "not_asked"
    assert code(station.desk.settle_home_vote(foreign, voted=True)) == "on_no_roll"
    assert station.desk.settle_home_vote(comes, voted=False) is None
    assert isinstance(station.desk.identify(comes), Eligible)
    assert station._session.files.register.tally()["outside"].given == 1
    assert station.desk.ask_home_vote(comes) is None  # once more, and settled once more
    assert station.desk.settle_home_vote(comes, voted=False) is None


def test_the_portable_box_may_come_back_after_closing(world: World, station: Station) -> None:
    world.sign_in(station, "chair")
    late, struck = world.pins(HOME)[:2]
    for pin in (late, struck):
        assert station.desk.ask_home_vote(pin) is None
    assert station.desk.strike_off(struck, "died") is None
    world.closed(station)
    assert station.desk.settle_home_vote(late, voted=True) is None
    assert station.desk.settle_home_vote(struck, voted=True) is None  # voted in the morning, struck off at noon
    assert station._session.files.register.tally()["outside"].given == 2
    world.attend(station)
    assert not isinstance(station.count(), Refusal)
    assert code(station.desk.settle_home_vote(late, voted=False)) == "wrong_phase"


def test_who_was_struck_off_can_ask_for_nothing(world: World, station: Station) -> None:
    world.sign_in(station, "chair")
    pin = world.pins(HOME)[0]
    assert station.desk.strike_off(pin, "moved") is None
    assert code(station.desk.ask_home_vote(pin)) == "struck_off"


def test_under_age_and_a_pin_that_disagrees(world: World, station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    import msgspec

    pin = world.pins(HOME)[0]
    voter = station._session.files.book.find(pin)
    assert voter
    for born, answer in (("2007-12-01", "under_age"), ("2007-11-30", None)):
        changed = msgspec.structs.replace(voter, birth_date=born)
        monkeypatch.setattr(station._session.files.book, "find", lambda _pin, v=changed: v)
        found = station.desk.identify(pin)
        assert code(found) == answer
    assert isinstance(found, Eligible) and found.warnings == ("pin_disagrees",)


def test_no_ballot_style(world: World, station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    from kiosk.roll.nation import OtherDistrict

    monkeypatch.setattr(station._session.files.nation, "find", lambda _pin: OtherDistrict(9, 999))
    assert station.desk.identify(Pin("29912199999999")) == Refusal("no_ballot_style", {"district": 9})


def test_scans_and_typed_numbers(world: World, station: Station) -> None:
    from kiosk.demo.voters import td3
    from tests.roll.test_person import ICAO_TD3

    row = world.rows(HOME)[0]
    for text in (td3(row), row[0], f" {row[0][:7]} {row[0][7:]} "):
        assert isinstance(station.desk.identify_scan(text), Eligible)
    assert station.desk.identify_scan(ICAO_TD3) == Refusal("document_without_pin", {"country": "UTO"})
    assert code(station.desk.identify_scan(td3(row)[:-1] + "<")) == "mrz_check_digit"
    assert code(station.desk.identify_typed("123")) == "pin_length"
    found = station.desk.search(row[1])
    assert not isinstance(found, Refusal) and row[0] in [v.pin for v in found.voters]


def test_one_voter_in_the_booth_at_a_time(world: World, station: Station) -> None:
    first, second = world.pins(HOME)[:2]
    given = give(station, first)
    answer = station.desk.identify(second)
    assert isinstance(answer, Eligible)
    assert station.desk.give(answer) == Refusal("booth_busy")
    vote(station, given, 1)
    assert not isinstance(station.desk.give(answer), Refusal)


def test_whose_ballot_is_out(world: World, station: Station) -> None:
    pin = world.pins(HOME)[3]
    given = give(station, pin)
    holder = station.desk.holder(given)
    assert holder is not None and holder.pin == pin
    assert station.desk.withdraw(given, "wrong_person") is None
    assert station.desk.holder(give(station, world.pins(AWAY)[0])) is None  # no name of another district is known here


def test_withdrawing_frees_the_voter_and_abandoning_does_not(world: World, station: Station) -> None:
    wrong, left = world.pins(HOME)[:2]
    given = give(station, wrong)
    assert station.desk.withdraw(given, "wrong_person") is None
    assert station.desk.withdraw(given, "wrong_person") == Refusal("not_in_progress")
    vote(station, give(station, wrong), 1)
    gone = give(station, left)
    assert code(station.desk.abandon(gone, "left")) == "not_permitted"
    world.sign_in(station, "chair")
    assert station.desk.abandon(gone, "left") is None
    assert code(station.desk.identify(left)) == "already_given"
    tally = station._session.files.register.tally()["home"]
    assert (tally.given, tally.withdrawn, tally.abandoned) == (3, 1, 1)
    told = [e.event for e in station._session.journal.entries()]
    assert (told.count("ballot_withdrawn"), told.count("ballot_abandoned")) == (1, 1)
    marked(station, gone, INVALID)
    assert station.booth.record() == Refusal("not_in_progress")


def test_an_uzbek_number_of_fourteen_digits_is_no_pin(world: World, station: Station) -> None:
    from kiosk.demo.voters import td3

    first, second = td3(world.rows(HOME)[0]).split("\n")
    foreign = f"{first.replace('KGZ', 'UZB')}\n{second.replace('KGZ', 'UZB')}"
    assert station.desk.identify_scan(foreign) == Refusal("document_without_pin", {"country": "UZB"})


def test_when_the_day_says_no(world: World, station: Station) -> None:
    pin = world.pins(HOME)[0]
    answer = station.desk.identify(pin)
    assert isinstance(answer, Eligible)
    assert station.pause("power") is None
    assert code(station.desk.identify(pin)) == "paused"
    assert code(station.desk.give(answer)) == "paused"
    assert code(station.resume()) == "not_permitted"
    world.sign_in(station, "chair")
    assert station.resume() is None
    world.clock.set(world.closes - timedelta(seconds=1))
    given = give(station, pin)
    world.clock.set(world.closes)
    assert code(station.desk.identify(world.pins(HOME)[1])) == "after_hours"
    vote(station, given, 1)  # whoever holds a ballot may finish
    must(station.attend(*world.card("member-1")))
    assert station.close_polls() is None
    assert station.desk.identify(pin) == Refusal("day_not_open", {"phase": "closed"})


def test_before_opening_nothing_is_given(world: World) -> None:
    world.set_up()
    station = world.unlock("clerk-1")
    assert station.desk.identify(world.pins(HOME)[0]) == Refusal("day_not_open", {"phase": "posting"})
    station.sign_out()
    assert station.desk.identify(world.pins(HOME)[0]) == Refusal("not_signed_in")
    assert station.desk.search("a") == Refusal("not_signed_in")


def test_what_the_desk_holds_never_shows_a_name(world: World, station: Station) -> None:
    row = world.rows(HOME)[0]
    answer = station.desk.identify(Pin(row[0]))
    assert not any(secret in repr(answer) for secret in (row[0], row[1], row[2]))


def test_the_register_itself_refuses_a_second_ballot(
    world: World, station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Should the desk ever not look: nothing is handed out, and it is a refusal, not a fault."""
    pin = world.pins(HOME)[0]
    answer = must(station.desk.identify(pin))
    vote(station, give(station, pin), 1)
    monkeypatch.setattr("kiosk.day.desk._history", lambda _events: None)
    assert isinstance(station.desk.give(answer), Refusal) and station.pending is None


def test_the_list_of_names_tells_who_has_a_ballot(world: World, station: Station) -> None:
    one, other = world.pins(HOME)[:2]
    give(station, one)
    assert (station.desk.given_at(one), station.desk.given_at(other)) == ("08:00", "")
    world.sign_in(station, "chair")
    assert station.desk.strike_off(other, "No. 5") is None
    assert station.desk.given_at(other) == ""
    assert code(station.desk.entry(Pin("21503198099999"))) == "on_no_roll"


@pytest.mark.parametrize("back", [timedelta(hours=6), timedelta(days=9465)])
def test_a_clock_that_went_back_before_the_opening_gives_nothing(
    world: World, station: Station, back: timedelta
) -> None:
    """A ballot of 06:00 at a station that opened at 08:00 would void the whole packet at the centre."""
    answer = station.desk.identify(world.pins(HOME)[0])
    assert isinstance(answer, Eligible)
    right = world.opens + timedelta(hours=4)
    world.clock.set(right - back)
    refused = station.desk.identify(world.pins(HOME)[1])
    assert isinstance(refused, Refusal) and refused.code == "clock_behind"
    assert refused.facts["since"] == f"{world.opens:%d.%m.%Y %H:%M}"
    assert refused.facts["now"] == f"{right - back:%d.%m.%Y %H:%M}"
    assert code(station.desk.give(answer)) == "clock_behind"
    assert station.desk.hindrance() == refused
    world.clock.set(right)
    assert station.desk.hindrance() is None
    give(station, world.pins(HOME)[0])
