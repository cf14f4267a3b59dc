"""When things may happen: the phases of the campaign and the hours of a station, in the station's own zone."""

from datetime import date, datetime, time
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from kiosk.election.definition import Calendar, Definition

CampaignPhase = Literal["before", "campaign", "silence", "voting", "after"]


class Hours(msgspec.Struct, frozen=True):
    """The opening hours of one station as instants with zone."""

    opens: datetime
    closes: datetime

    def before(self, now: datetime) -> bool:
        return now < self.opens

    def after(self, now: datetime) -> bool:
        return now >= self.closes


def hours(calendar: Calendar, zone: str) -> Hours:
    """08:00 to 20:00 by the clock on the station's wall, whatever daylight saving does on that day."""
    day = date.fromisoformat(calendar.voting_day)
    there = ZoneInfo(zone)
    return Hours(
        datetime.combine(day, time.fromisoformat(calendar.opens), there),
        datetime.combine(day, time.fromisoformat(calendar.closes), there),
    )


def campaign_phase(calendar: Calendar, zone: str, now: datetime) -> CampaignPhase:
    """Where `now` (with zone) stands in the campaign as lived in `zone`."""
    there = ZoneInfo(zone)
    start = datetime.combine(date.fromisoformat(calendar.campaign_from), time(), there)
    silence = datetime.fromisoformat(calendar.silence_from).replace(tzinfo=there)
    voting = hours(calendar, zone)
    if now < start:
        return "before"
    if now < silence:
        return "campaign"
    if now < voting.opens:
        return "silence"
    return "after" if voting.after(now) else "voting"


def station_hours(definition: Definition, station: int) -> Hours:
    return hours(definition.calendar, definition.station(station).zone)


def of_age(birth: date, voting_day: date) -> bool:
    """Whether somebody born on `birth` is eighteen on voting day (born on 29 February: on 1 March)."""
    years = voting_day.year - birth.year - ((voting_day.month, voting_day.day) < (birth.month, birth.day))
    return years >= 18
