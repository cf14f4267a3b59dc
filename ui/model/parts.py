"""All parts of a terminal, by name, put on one seat. A real station has no trainer."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Protocol

from ui import views as v
from ui.model.badges import Badges
from ui.model.chair import Chair
from ui.model.clerk import Clerk
from ui.model.complaints import Complaints
from ui.model.count import Count
from ui.model.front import Front
from ui.model.packet import Packet
from ui.model.paper import Paper
from ui.model.part import Handlers, Part, Screens
from ui.model.seat import Listener, Seat
from ui.model.technician import Technician
from ui.model.voter import Voter


class TrainerPart(Listener, Protocol):
    """`ui.model.training.trainer.Trainer`, which a real station never imports."""

    def handlers(self) -> Handlers: ...

    def screens(self) -> Screens: ...

    def view(self) -> v.TrainerView: ...


@dataclass(kw_only=True)
class Parts:
    front: Front
    badges: Badges
    clerk: Clerk
    voter: Voter
    chair: Chair
    count: Count
    paper: Paper
    packet: Packet
    complaints: Complaints
    technician: Technician
    trainer: TrainerPart | None = None

    def every(self) -> Iterator[Part | TrainerPart]:
        for field in fields(self):
            if part := getattr(self, field.name):
                yield part


def on(seat: Seat, trainer: TrainerPart | None = None) -> Parts:
    return Parts(
        front=Front(seat),
        badges=Badges(seat),
        clerk=Clerk(seat),
        voter=Voter(seat),
        chair=Chair(seat),
        count=Count(seat),
        paper=Paper(seat),
        packet=Packet(seat),
        complaints=Complaints(seat),
        technician=Technician(seat),
        trainer=trainer,
    )
