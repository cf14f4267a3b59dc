"""After the polls close: the box, the hand count twice, and what explains a difference."""

from collections.abc import Callable, Mapping
from typing import Any

from kiosk.ballot.count import Difference, HandCount
from kiosk.day import hand_count, protocol
from kiosk.election.definition import AGAINST_ALL, AGAINST_ALL_KY, AGAINST_ALL_RU
from kiosk.errors import Refusal
from kiosk.packet import content as c
from ui import intents as i
from ui import views as v
from ui.model.terminal import Answer, Part


class Count(Part):
    def handlers(self) -> Mapping[type[i.Intent], Callable[[Any], Answer]]:
        return {i.OpenBox: self._open_box, i.EnterHand: self._enter, i.WriteAct: self._act}

    def _open_box(self, intent: i.OpenBox) -> Answer:
        self.t.progress("opening_box", 0, 0)
        counted = self.t.open_station.count()
        if isinstance(counted, Refusal):
            return counted
        self.t.page = "day"
        self.t.parts.trainer.counted()
        return None

    def _place(self) -> int:
        """Whose entry is whose: one's own is corrected, a new person takes the free place."""
        entries = hand_count.hand_counts(self.t.session)
        for place, entry in entries.items():
            if entry.by == self.t.session.by:
                return place
        return next((place for place in hand_count.PLACES if place not in entries), 1)  # taken: the station refuses

    def _enter(self, intent: i.EnterHand) -> Answer:
        refused = self.t.open_station.enter_hand_count(self._place(), intent.lines, intent.votes)
        if refused is None:
            parted = self.t.open_station.hand_differences()
            if isinstance(parted, tuple) and parted:
                self.t.parts.trainer.noted("hand_counts_differ", {"figures": len(parted)})
            self.t.page = "differences" if not isinstance(parted, Refusal) else "hand"
        return refused

    def _act(self, intent: i.WriteAct) -> Answer:
        refused = self.t.open_station.write_act(intent.field, intent.text)
        if refused is None:
            self.t.parts.trainer.saw("act_written")
        return refused

    # -- views -------------------------------------------------------------------------------------------

    def _options(self) -> tuple[v.Option, ...]:
        return (
            *(
                v.Option(x.number, v.Named(x.name_ky, x.name_ru), x.birth_year)
                for x in self.t.session.district.standing
            ),
            v.Option(AGAINST_ALL, v.Named(AGAINST_ALL_KY, AGAINST_ALL_RU), None),
        )

    def hand_view(self) -> v.HandView:
        t = self.t
        if t.station is None or t.phase != "counted" or t.page != "hand":
            return v.HandView()
        s = t.session
        entries = hand_count.hand_counts(s)
        mine = next((entry for entry in entries.values() if entry.by == s.by), None)
        wanted = hand_count.hand_lines(s)
        lines = tuple((x.id, v.Named(x.label_ky, x.label_ru)) for x in s.definition.lines if x.id in wanted)
        return v.HandView(
            lines=lines,
            options=self._options(),
            entered=tuple(t.name_of(entries[place].by) if place in entries else "" for place in hand_count.PLACES),
            place=self._place(),
            mine=mine is not None,
            own=_figures(mine) if mine else {},
        )

    def differences_view(self) -> v.DifferencesView:
        t = self.t
        if t.station is None or t.phase != "counted" or t.page not in ("differences", "hand", "day"):
            return v.DifferencesView()
        parted = t.open_station.hand_differences()
        if isinstance(parted, Refusal):
            return v.DifferencesView()
        entries = hand_count.hand_counts(t.session)
        names = (t.name_of(entries[1].by), t.name_of(entries[2].by))
        if parted:
            return v.DifferencesView(tuple(self._line(d, {}) for d in parted), (), names)
        acts = {act.field: act.text for act in hand_count.acts(t.session)}
        found = t.open_station.count_differences()
        lines = [self._line(d, acts) for d in found] if not isinstance(found, Refusal) else []
        lines += self._broken(acts)
        lines += self._same(frozenset(line.field for line in lines))
        return v.DifferencesView((), tuple(lines), names)

    def _broken(self, acts: Mapping[str, str]) -> list[v.DifferenceLine]:
        """Equations that fail."""
        drawn = self.t.open_station.draft()
        if not isinstance(drawn, c.Protocol):
            return []
        return [
            v.DifferenceLine(
                field=f"equation:{e.id}",
                name=v.Named("", ""),
                one=e.left,
                other=e.right,
                act=acts.get(f"equation:{e.id}", ""),
            )
            for e in drawn.equations
            if not e.holds
        ]

    def _same(self, differing: frozenset[str]) -> list[v.DifferenceLine]:
        """Where the electronic count is the hand count: shown beside, nothing to do."""
        s = self.t.session
        if s.on_paper:
            return []
        figures = hand_count.hand_counts(s)[1].figures()
        fields = [f"vote:{o.number}" for o in self._options()] + ["invalid"]
        return [
            v.DifferenceLine(field=field, name=self._name(field), one=figures[field], other=figures[field], same=True)
            for field in fields
            if field not in differing
        ]

    def _line(self, difference: Difference, acts: Mapping[str, str]) -> v.DifferenceLine:
        field = difference.field
        return v.DifferenceLine(
            field=field, name=self._name(field), one=difference.first, other=difference.second, act=acts.get(field, "")
        )

    def _name(self, field: str) -> v.Named:
        if field.startswith("vote:"):
            number = int(field.partition(":")[2])
            found = next(o for o in self._options() if o.number == number)
            sign = f"{number}. " if number != AGAINST_ALL else ""
            return v.Named(f"{sign}{found.name.ky}", f"{sign}{found.name.ru}")
        for line in self.t.session.definition.lines:
            if line.id == field:
                return v.Named(line.label_ky, line.label_ru)
        return v.Named(field, field)


def _figures(entry: HandCount) -> dict[str, int]:
    return dict(entry.figures())


def unexplained(drawn: c.Protocol) -> int:
    return len(protocol.unexplained(drawn))
