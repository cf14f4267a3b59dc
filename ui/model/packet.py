"""The packet on a stick: found, written, read back, verified, released."""

from kiosk.devices.media import Medium
from kiosk.errors import DeviceError, Refusal
from ui import intents as i
from ui import views as v
from ui.model.happened import Arrived, Done, Happened, Ticked
from ui.model.part import Handlers, Part, Screens
from ui.model.seat import Answer, Seat, said


class Packet(Part):
    def __init__(self, seat: Seat) -> None:
        super().__init__(seat)
        self.left()

    def left(self) -> None:
        self._media: list[tuple[Medium, int]] = []
        self._file = ""
        self._size = 0
        self._written: Medium | None = None
        self._fingerprint = ""
        self._released = False
        self._trouble: v.Said | None = None

    def screens(self) -> Screens:
        return {"export": self._shown}

    def handlers(self) -> Handlers:
        return {i.Export: self._export, i.Release: self._release, i.CorrectProtocol: self._correct}

    def hear(self, happened: Happened) -> None:
        if self.seat.page != "export":
            return
        if isinstance(happened, Arrived) or (
            isinstance(happened, Ticked) and self.seat.setting.media.found() != [m for m, _free in self._media]
        ):
            self._look()

    def _look(self) -> None:
        """Which sticks are plugged in, and how much is free on each."""
        found = self.seat.open_station.packet()
        if not isinstance(found, Refusal):
            self._file, self._size = found[0], len(found[1])
        self._media = []
        for medium in self.seat.setting.media.found():
            try:
                self._media.append((medium, medium.open_stick().free()))
            except DeviceError:
                continue  # gone in this moment

    def _export(self, intent: i.Export) -> Answer:
        seat = self.seat
        medium = next((m for m, _free in self._media if m.name == intent.medium), None)
        if medium is None:
            return self.seat.no_stick()
        self._trouble, self._written, self._released = None, None, False

        try:
            written = seat.open_station.export(medium.open_stick(), seat.progress)
        except DeviceError as error:
            self._trouble = said(error)
            seat.tell(Done(error.code))
            self._look()
            return None
        if isinstance(written, Refusal):
            return written
        self._written = medium
        self._fingerprint = " ".join(written.sha256[n : n + 4] for n in range(0, 32, 4))
        seat.tell(Done("exported"))
        return None

    def _release(self, intent: i.Release) -> Answer:
        if self._written is None:
            return self.seat.no_stick()
        self.seat.progress("releasing", 0, 0)
        self.seat.setting.media.release(self._written)
        self._released = True
        return None

    def _correct(self, intent: i.CorrectProtocol) -> Answer:
        media = (medium.folder for medium in self.seat.setting.media.found())
        refused = self.seat.open_station.correct(intent.reason, media)
        if refused is None:
            self.seat.go("differences")
        return refused

    def _shown(self) -> v.ExportView:
        return v.ExportView(
            media=tuple((medium.name, free) for medium, free in self._media),
            size=self._size,
            file=self._file,
            written_to=self._written.name if self._written else "",
            fingerprint=self._fingerprint,
            released=self._released,
            trouble=self._trouble,
        )
