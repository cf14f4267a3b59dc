"""Complaints and incidents: a register with numbers, whose words stay at the station and whose figures travel."""

from datetime import datetime

import msgspec

from kiosk.day import texts
from kiosk.day.vocabulary import Author, Category, Status
from kiosk.errors import Refusal
from kiosk.journal.book import Happened, Journal, Record
from kiosk.packet.content import PublicComplaint


class Complaint(msgspec.Struct, frozen=True, kw_only=True):
    number: int
    at: str
    author_kind: Author
    category: Category
    text: str
    status: Status = "received"
    decision: str = ""


class Complaints:
    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def all(self) -> list[Complaint]:
        return list(self._journal.all_newest("complaint", Complaint).values())

    def register(
        self, author_kind: Author, category: Category, text: str, by: str, *, at: datetime
    ) -> Complaint | Refusal:
        """A new complaint with the next number; `text_…` if nothing is said, or what no form can print."""
        if refused := texts.refusal(text):
            return refused
        complaint = Complaint(
            number=len(self.all()) + 1, at=at.isoformat(), author_kind=author_kind, category=category, text=text.strip()
        )
        event = Happened("complaint_registered", by, {"number": complaint.number, "category": category})
        self._journal.write(event, records=[_record(complaint)])
        return complaint

    def incident(self, category: Category, text: str, by: str, at: datetime) -> Complaint | Refusal:
        """Something happened at the station itself: in the same register, so that it is numbered and followed up."""
        if refused := texts.refusal(text):
            return refused
        entry = Complaint(
            number=len(self.all()) + 1, at=at.isoformat(), author_kind="station", category=category, text=text.strip()
        )
        event = Happened("incident", by, {"number": entry.number, "category": category})
        self._journal.write(event, records=[_record(entry)])
        return entry

    def decide(self, number: int, status: Status, decision: str, by: str) -> Complaint | Refusal:
        """A new version with status and decision; `complaint_unknown`."""
        old = next((c for c in self.all() if c.number == number), None)
        if old is None:
            return Refusal("complaint_unknown", {"number": number})
        if decision.strip() and (refused := texts.refusal(decision)):
            return refused
        new = msgspec.structs.replace(old, status=status, decision=decision.strip())
        event = Happened("complaint_changed", by, {"number": number, "status": status})
        self._journal.write(event, records=[_record(new)])
        return new

    def public(self) -> list[PublicComplaint]:
        """What goes into the packet: no words, which may name people."""
        return [
            PublicComplaint(number=c.number, at=c.at, author_kind=c.author_kind, category=c.category, status=c.status)
            for c in self.all()
        ]


def _record(complaint: Complaint) -> Record:
    return Record("complaint", str(complaint.number), msgspec.json.encode(complaint))
