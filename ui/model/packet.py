"""The packet on a stick: found, written, read back, verified, released."""

from collections.abc import Callable, Mapping
from typing import Any

from kiosk.day import signing_off
from kiosk.devices.media import Medium
from kiosk.errors import DeviceError, Refusal
from ui import intents as i
from ui import views as v
from ui.model.terminal import Answer, Part, Terminal, said


class Packet(Part):
    def __init__(self, terminal: Terminal) -> None:
        super().__init__(terminal)
        self.left()

    def left(self) -> None:
        self._media: list[tuple[Medium, int]] = []
        self.file = ""
        self._size = 0
        self._written: Medium | None = None
        self._fingerprint = ""
        self._released = False
        self._trouble: v.Said | None = None
        self._copies = 0

    def handlers(self) -> Mapping[type[i.Intent], Callable[[Any], Answer]]:
        return {i.Export: self._export, i.Release: self._release}

    def look(self) -> None:
        """Which sticks are plugged in, and how much is free on each."""
        t = self.t
        found = signing_off.signed_packet(t.session) if t.station else Refusal("not_signed_in")
        if not isinstance(found, Refusal):
            self.file, self._size = found[0], len(found[1])
        self._media = []
        for medium in t.setting.media.found():
            try:
                self._media.append((medium, medium.open_stick().free()))
            except DeviceError:
                continue  # gone in this moment

    def look_if_changed(self) -> None:
        """A stick came or went; a button must not change under the finger because some bytes were written elsewhere."""
        if self.t.setting.media.found() != [medium for medium, _free in self._media]:
            self.look()

    def _export(self, intent: i.Export) -> Answer:
        t = self.t
        medium = next((m for m, _free in self._media if m.name == intent.medium), None)
        if medium is None:
            return Refusal("stick_missing")
        self._trouble, self._written, self._released = None, None, False

        try:
            written = t.open_station.export(t.parts.trainer.stick(medium), t.progress)
        except DeviceError as error:
            self._trouble = said(error)
            t.parts.trainer.saw(error.code)
            self.look()
            return None
        if isinstance(written, Refusal):
            return written
        self._written = medium
        self._copies += 1
        self._fingerprint = " ".join(written.sha256[n : n + 4] for n in range(0, 32, 4))
        t.parts.trainer.exported()
        return None

    def _release(self, intent: i.Release) -> Answer:
        if self._written is None:
            return Refusal("stick_missing")
        self.t.progress("releasing", 0, 0)
        self.t.setting.media.release(self._written)
        self._released = True
        return None

    def view(self) -> v.ExportView:
        if self.t.station is None or self.t.page != "export":
            return v.ExportView()
        return v.ExportView(
            media=tuple((medium.name, free) for medium, free in self._media),
            size=self._size,
            file=self.file,
            written_to=self._written.name if self._written else "",
            fingerprint=self._fingerprint,
            released=self._released,
            trouble=self._trouble,
            copies=self._copies,
        )
