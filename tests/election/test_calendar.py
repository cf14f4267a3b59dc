"""Hours are those of the clock on the station's wall."""

from datetime import UTC, date, datetime

import pytest

from kiosk.election.calendar import campaign_phase, hours, of_age, station_hours
from kiosk.election.definition import Calendar
from kiosk.election.source import Source

CALENDAR = Calendar(
    voting_day="2025-11-30",
    opens="08:00",
    closes="20:00",
    campaign_from="2025-11-10",
    silence_from="2025-11-29T08:00",
    lists_posted_by="2025-11-10",
)


@pytest.mark.parametrize(
    ("zone", "opens"),
    [
        ("Asia/Bishkek", "02:00"),
        ("America/New_York", "13:00"),
        ("Pacific/Auckland", "19:00"),
        ("Europe/Moscow", "05:00"),
        ("Pacific/Kiritimati", "18:00"),  # the day before in UTC: first across the date line
        ("Pacific/Pago_Pago", "19:00"),  # and last
    ],
)
def test_eight_o_clock_local(zone: str, opens: str) -> None:
    found = hours(CALENDAR, zone).opens.astimezone(UTC)
    assert f"{found:%H:%M}" == opens


def test_before_and_after() -> None:
    day = hours(CALENDAR, "Asia/Bishkek")
    assert day.before(datetime.fromisoformat("2025-11-30T07:59:59+06:00"))
    assert not day.before(datetime.fromisoformat("2025-11-30T08:00:00+06:00"))
    assert not day.after(datetime.fromisoformat("2025-11-30T19:59:59+06:00"))
    assert day.after(datetime.fromisoformat("2025-11-30T20:00:00+06:00"))


def test_daylight_saving_on_the_day_moves_the_instant_not_the_hour() -> None:
    spring = Calendar(
        voting_day="2025-03-30",
        opens="08:00",
        closes="20:00",
        campaign_from="2025-03-10",
        silence_from="2025-03-29T08:00",
        lists_posted_by="2025-03-10",
    )
    before, after = hours(CALENDAR, "Europe/Berlin").opens, hours(spring, "Europe/Berlin").opens
    assert (f"{before.astimezone(UTC):%H}", f"{after.astimezone(UTC):%H}") == ("07", "06")


@pytest.mark.parametrize(
    ("now", "phase"),
    [
        ("2025-11-09T23:59+06:00", "before"),
        ("2025-11-10T00:00+06:00", "campaign"),
        ("2025-11-29T07:59+06:00", "campaign"),
        ("2025-11-29T08:00+06:00", "silence"),
        ("2025-11-30T08:00+06:00", "voting"),
        ("2025-11-30T20:00+06:00", "after"),
    ],
)
def test_the_campaign(now: str, phase: str) -> None:
    assert campaign_phase(CALENDAR, "Asia/Bishkek", datetime.fromisoformat(now)) == phase


@pytest.mark.parametrize(
    ("born", "adult"), [("2007-11-30", True), ("2007-12-01", False), ("2007-11-29", True), ("1950-01-01", True)]
)
def test_eighteen_on_voting_day(born: str, adult: bool) -> None:
    assert of_age(date.fromisoformat(born), date(2025, 11, 30)) is adult


def test_a_leap_day_child_comes_of_age_on_the_first_of_march() -> None:
    assert not of_age(date(2008, 2, 29), date(2026, 2, 28))
    assert of_age(date(2008, 2, 29), date(2026, 3, 1))


def test_a_station_of_the_example(example: Source) -> None:
    assert station_hours(example.definition, 1021).opens.isoformat() == "2025-11-30T08:00:00+06:00"
    assert not example.definition.has_station(1)


def test_the_first_and_the_last_station_of_the_world_are_a_day_apart() -> None:
    first, last = hours(CALENDAR, "Pacific/Kiritimati"), hours(CALENDAR, "Pacific/Pago_Pago")
    assert (last.opens - first.opens).total_seconds() == 25 * 3600
    assert first.closes < last.opens and first.opens.date() == last.opens.date()


def test_a_day_with_a_change_of_clocks_between_eight_and_eight_is_as_long_as_the_clock_says() -> None:
    """Lord Howe Island moves by half an hour at two at night; a zone that moved at noon would lengthen the day."""
    day = hours(
        Calendar(
            voting_day="2025-10-05",
            opens="01:00",
            closes="04:00",
            campaign_from="2025-09-10",
            silence_from="2025-10-04T01:00",
            lists_posted_by="2025-09-10",
        ),
        "Australia/Lord_Howe",
    )
    assert (day.closes.astimezone(UTC) - day.opens.astimezone(UTC)).total_seconds() == 2.5 * 3600
