"""After the polls close: the box, the hand count twice, and what explains a difference."""

from collections.abc import Mapping

from kiosk.ballot.count import Difference, ElectronicCount, HandCount
from kiosk.errors import Refusal
from kiosk.packet import content as c
from ui import intents as i
from ui import views as v
from ui.model.ballot import numbered, options
from ui.model.happened import Answered, Done
from ui.model.part import Handlers, Part, Screens
from ui.model.seat import Answer


class Count(Part):
    def screens(self) -> Screens:
        return {"counting": v.CountingView, "hand": self._hand, "differences": self._differences}

    def handlers(self) -> Handlers:
        return {
            i.OpenBox: self._open_box,
            i.AskRecovery: self._ask,
            i.OpenRecovered: self._open_recovered,
            i.EnterHand: self._enter,
            i.KeepFigures: lambda intent: self.seat.open_station.keep_hand_draft(intent.figures),
            i.WriteAct: self._act,
        }

    def _open_box(self, intent: i.OpenBox) -> Answer:
        self.seat.progress("opening_box", 0, 0)
        return self._opened(self.seat.open_station.count())

    def _ask(self, intent: i.AskRecovery) -> Answer:
        media = self.seat.setting.media.found()
        if not media:
            return self.seat.no_stick()
        written = self.seat.open_station.ask_recovery(media[0].open_stick(), self.seat.progress)
        return written if isinstance(written, Refusal) else v.Said("recovery_asked", {}, "good")

    def _open_recovered(self, intent: i.OpenRecovered) -> Answer:
        self.seat.progress("opening_box", 0, 0)
        folders = [medium.folder for medium in self.seat.setting.media.found()]
        return self._opened(self.seat.open_station.count_from(folders))

    def _opened(self, counted: ElectronicCount | Refusal) -> Answer:
        if isinstance(counted, Refusal):
            return counted
        self.seat.go("day")
        self.seat.tell(Done("counted"))
        return None

    def _enter(self, intent: i.EnterHand) -> Answer:
        station = self.seat.open_station
        refused = station.enter_hand_count(station.hand_place(), intent.lines, intent.votes)
        if refused is None:
            parted = station.hand_differences()
            if isinstance(parted, tuple) and parted:
                self.seat.tell(Answered("hand_counts_differ", {"figures": len(parted)}))
            self.seat.go("hand" if isinstance(parted, Refusal) else "differences")
        return refused

    def _act(self, intent: i.WriteAct) -> Answer:
        refused = self.seat.open_station.write_act(intent.field, intent.text)
        if refused is None:
            self.seat.tell(Done("act_written"))
        return refused

    # -- views -------------------------------------------------------------------------------------------

    def _options(self) -> tuple[v.Option, ...]:
        return options(self.seat.open_station.district)

    def _hand(self) -> v.HandView:
        s = self.seat.open_station
        entries = s.hand_counts()
        mine = next((entry for entry in entries.values() if s.officer and entry.by == s.officer.id), None)
        parted = s.hand_differences()
        wanted = s.hand_lines()
        lines = tuple((x.id, v.Named(x.label_ky, x.label_ru)) for x in s.definition.lines if x.id in wanted)
        return v.HandView(
            lines=lines,
            options=self._options(),
            entered=tuple(self._name_of(entries[place].by) if place in entries else "" for place in (1, 2)),
            place=s.hand_place(),
            own=_figures(mine) if mine else {},
            draft=s.hand_draft(),
            parted=frozenset(difference.field for difference in parted) if isinstance(parted, tuple) else frozenset(),
        )

    def _differences(self) -> v.DifferencesView:
        station = self.seat.open_station
        parted = station.hand_differences()
        if isinstance(parted, Refusal):
            return v.DifferencesView()
        entries = station.hand_counts()
        names = (self._name_of(entries[1].by), self._name_of(entries[2].by))
        mine = station.officer is not None and station.officer.id in {entry.by for entry in entries.values()}
        if parted:
            return v.DifferencesView(tuple(self._line(d, {}) for d in parted), (), names, mine)
        acts = station.acts()
        found = station.count_differences()
        lines = [self._line(d, acts) for d in found] if not isinstance(found, Refusal) else []
        lines += self._broken(acts)
        lines += self._same(frozenset(line.field for line in lines))
        # Counts that agree are changed where a signed protocol is corrected, and nowhere else.
        corrected = any(field.startswith("correction:") for field in acts)
        return v.DifferencesView((), tuple(lines), names, mine and corrected)

    def _broken(self, acts: Mapping[str, str]) -> list[v.DifferenceLine]:
        """Equations that fail."""
        drawn = self.seat.open_station.draft()
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
        station = self.seat.open_station
        if station.on_paper:
            return []
        figures = station.hand_counts()[1].figures()
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

    def _name_of(self, badge: str) -> str:
        officer = self.seat.open_station.credential.officer(badge)
        return officer.name_ky if officer else badge

    def _name(self, field: str) -> v.Named:
        if field.startswith("vote:"):
            number = int(field.partition(":")[2])
            found = next(o for o in self._options() if o.number == number)
            return numbered(found)
        for line in self.seat.open_station.definition.lines:
            if line.id == field:
                return v.Named(line.label_ky, line.label_ru)
        return v.Named(field, field)


def _figures(entry: HandCount) -> dict[str, int]:
    return dict(entry.figures())
