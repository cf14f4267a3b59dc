"""What the register of complaints and incidents is given."""

from typing import ClassVar

from kiosk.day.permissions import Page
from ui.views.common import OfPage, Record


class ComplaintRow(Record, frozen=True, kw_only=True):
    number: int
    at: str
    author: str
    category: str
    text: str
    status: str
    decision: str


class ComplaintsView(OfPage, frozen=True):
    page: ClassVar[Page] = "complaints"
    rows: tuple[ComplaintRow, ...] = ()
    may_decide: bool = False
    may_complain: bool = False
