"""The register of complaints and incidents."""

from datetime import datetime

from kiosk.errors import Refusal
from ui import intents as i
from ui import views as v
from ui.model.part import Handlers, Part, Screens
from ui.model.seat import Answer


class Complaints(Part):
    def screens(self) -> Screens:
        return {"complaints": self._register}

    def handlers(self) -> Handlers:
        return {i.Complain: self._complain, i.Decide: self._decide}

    def _complain(self, intent: i.Complain) -> Answer:
        """`station` as the author is an incident: something that happened to the station itself."""
        station = self.seat.open_station
        if intent.author == "station":
            made = station.report_incident(intent.category, intent.text)
        else:
            made = station.complain(intent.author, intent.category, intent.text)
        return made if isinstance(made, Refusal) else None

    def _decide(self, intent: i.Decide) -> Answer:
        made = self.seat.open_station.decide_complaint(intent.number, intent.status, intent.decision)
        return made if isinstance(made, Refusal) else None

    def _register(self) -> v.ComplaintsView:
        rows = tuple(
            v.ComplaintRow(
                number=x.number,
                at=f"{datetime.fromisoformat(x.at):%H:%M}",
                author=x.author_kind,
                category=x.category,
                text=x.text,
                status=x.status,
                decision=x.decision,
            )
            for x in reversed(self.seat.open_station.complaints.all())
        )
        role = self.seat.officer.role if self.seat.officer else "clerk"
        return v.ComplaintsView(rows, role in ("chair", "member"), role in ("chair", "member"))
