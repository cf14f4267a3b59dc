"""Badge by badge: the chair and the members who must be there for the opening, the count and the signing."""

from kiosk.errors import Refusal
from ui import intents as i
from ui import views as v
from ui.model.terminal import Answer, Part, Terminal, person, said


class Badges(Part):
    def __init__(self, terminal: Terminal) -> None:
        super().__init__(terminal)
        self._card = ""
        self._refused: v.Said | None = None

    def left(self) -> None:
        self._card = ""
        self._refused = None

    def show(self, card: str) -> None:
        self._card, self._refused = card, None
        if self.t.parts.front.holder(card) is None:
            self._card, self._refused = "", v.Said("badge_unknown")

    def enter(self, intent: i.EnterPin) -> Answer:
        if not self._card:
            self._refused = v.Said("badge_first", {}, "warn")
            return None
        holder = self.t.parts.front.holder(self._card)
        if intent.badge and holder and holder.id != intent.badge:
            return None  # typed for another badge than the one that was shown last
        answer = self.t.open_station.attend(self._card, intent.pin)
        if isinstance(answer, Refusal):
            self._refused = said(answer)
            self.t.parts.trainer.noted(answer.code, answer.facts)
            if answer.code in ("badge_pin_wrong", "badge_wait"):
                return None  # the same card may try again
        else:
            self._refused = None
            if self.t.page == "protocol":
                self.t.parts.paper.draw()
        self._card = ""
        return None

    def view(self) -> v.BadgesView:
        t = self.t
        if t.station is None or t.page not in ("opening", "counting", "protocol"):
            return v.BadgesView()
        s = t.session
        present = s.present
        people = tuple((person(o), o.id in present) for o in s.credential.shareholders)
        zero = t.parts.chair.zero
        return v.BadgesView(
            people=people,
            quorum=s.credential.quorum,
            members=sum(o.id in present for o in s.credential.of_role("member")),
            chair=any(o.id in present for o in s.credential.of_role("chair")),
            holder=t.parts.front.holder(self._card),
            refused=self._refused,
            zero=zero,
            self_test=bool(zero),
        )
