"""What one part of the terminal tells the others. Parts know these and the seat, never one another; the trainer hears
them too, and asks nobody."""

from collections.abc import Mapping

import msgspec

from kiosk.day.permissions import Page
from kiosk.day.station import Authorisation
from kiosk.errors import Fact


class Happened(msgspec.Struct, frozen=True):
    """Base. Their `repr` never shows a badge, a document or a number."""

    def __repr__(self) -> str:
        return type(self).__name__


# -- at the terminal ----------------------------------------------------------------------------------


class Arrived(Happened, frozen=True):
    """Another page stands: what has to be looked up or drawn for it is looked up now."""

    page: Page


class Ticked(Happened, frozen=True):
    """A second has passed: sticks come and go without anybody telling."""


class Asked(Happened, frozen=True):
    """Somebody asks something: before it is answered."""


class Answered(Happened, frozen=True):
    """A refusal or an error came up as a message, or something came out wrong that nothing refuses."""

    code: str
    facts: Mapping[str, Fact] = {}


class Done(Happened, frozen=True):
    """Something of the day has happened: `unlocked`, `opened`, `recorded`, `counted`, `act_written`, `exported`,
    `printed_again`; or went wrong where it is told in place, without a message: the code."""

    code: str


# -- badges and documents -----------------------------------------------------------------------------


class BadgeShown(Happened, frozen=True):
    """For a step in common."""

    card: str


class PinTyped(Happened, frozen=True):
    """For the badge that was shown last; `badge`: whose it was when the PIN was typed."""

    pin: str
    badge: str


class Attended(Happened, frozen=True):
    """One more is here for the step in common."""


class DocumentShown(Happened, frozen=True):
    """At the desk: the next voter."""

    text: str


class DocumentEarly(Happened, frozen=True):
    """While the one screen still stands before the last voter."""

    text: str


# -- between the desk and the booth -------------------------------------------------------------------


class Gave(Happened, frozen=True):
    """The desk gave a ballot; `verdict`: the code under which; `pin`: to whom."""

    verdict: str
    pin: str


class HandOver(Happened, frozen=True):
    """The voter may go to the booth with this ballot, for the first time or once more."""

    ballot: Authorisation


class Ended(Happened, frozen=True):
    """The ballot that was out is withdrawn or abandoned."""


class ClerkCalled(Happened, frozen=True):
    """From the booth."""


class StaffCard(Happened, frozen=True):
    """The card of a clerk or the chair, at a screen that was handed over: the PIN is awaited. `badge`: whose."""

    badge: str


class ClerkBack(Happened, frozen=True):
    """At the one screen again, with the own badge or its PIN."""


class PrinterFailed(Happened, frozen=True):
    """The voter's paper did not come out."""
