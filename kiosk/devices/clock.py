"""The time of day at the station."""

from datetime import datetime, timedelta, tzinfo
from time import monotonic
from typing import Protocol
from zoneinfo import ZoneInfo

from kiosk.election.definition import Purpose
from kiosk.errors import DeviceError


class Clock(Protocol):
    def now(self) -> datetime:
        """The time with zone, in whole seconds."""
        ...


class SystemClock:
    """The machine's clock, in the station's zone."""

    def __init__(self, zone: str) -> None:
        self._zone: tzinfo = ZoneInfo(zone)

    def now(self) -> datetime:
        return datetime.now(self._zone).replace(microsecond=0)


class SetClock:
    """A clock that stands where it is put: for tests, rehearsals and the trainer. Refuses to serve a real election."""

    def __init__(self, start: datetime, purpose: Purpose) -> None:
        if purpose == "official":
            raise DeviceError("fake_refused", device="clock")
        self._now = start

    def now(self) -> datetime:
        return self._now

    def pass_time(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)

    def set(self, moment: datetime) -> None:
        self._now = moment.astimezone(self._now.tzinfo)


class TrainingClock(SetClock):
    """A clock that can be set and then goes on by itself, as fast as real time. For the trainer only."""

    def __init__(self, start: datetime, purpose: Purpose) -> None:
        super().__init__(start, purpose)
        self._since = monotonic()

    def now(self) -> datetime:
        return (self._now + timedelta(seconds=monotonic() - self._since)).replace(microsecond=0)

    def pass_time(self, seconds: float) -> None:
        self.set(self.now() + timedelta(seconds=seconds))

    def set(self, moment: datetime) -> None:
        super().set(moment)
        self._since = monotonic()
