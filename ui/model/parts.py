"""All parts of a terminal, by name."""

from collections.abc import Iterator
from dataclasses import dataclass, fields

from ui import views as v
from ui.model.badges import Badges
from ui.model.chair import Chair
from ui.model.clerk import Clerk
from ui.model.complaints import Complaints
from ui.model.count import Count
from ui.model.front import Front
from ui.model.packet import Packet
from ui.model.paper import Paper
from ui.model.technician import Technician
from ui.model.terminal import Part, Terminal
from ui.model.trainer import Trainer
from ui.model.voter import Voter


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
    trainer: Trainer

    def every(self) -> Iterator[Part]:
        for field in fields(self):
            yield getattr(self, field.name)

    def arrived(self, page: v.Page) -> None:
        """A page that has to look around first, when it comes up."""
        match page:
            case "protocol":
                self.paper.draw()
            case "export":
                self.packet.look()
            case "setup":
                self.technician.look()
            case _:
                pass


def all_of(t: Terminal) -> Parts:
    return Parts(
        front=Front(t),
        badges=Badges(t),
        clerk=Clerk(t),
        voter=Voter(t),
        chair=Chair(t),
        count=Count(t),
        paper=Paper(t),
        packet=Packet(t),
        complaints=Complaints(t),
        technician=Technician(t),
        trainer=Trainer(t),
    )
