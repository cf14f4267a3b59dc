"""Setting up a terminal: stick → package → checks → fingerprint from paper → device tests → readiness report.

Or a spare: the broken terminal's second copy instead of the package.
"""

import platform
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec

from kiosk import __version__
from kiosk.day import station as day
from kiosk.day.station import is_station, load_package, nation_near
from kiosk.devices.leftovers import is_leftover
from kiosk.errors import IntegrityError, KioskError, Refusal
from kiosk.forms import pages
from kiosk.packet import package
from kiosk.packet.write import software
from kiosk.text import N_
from kiosk.trust import keys
from ui import crash
from ui import intents as i
from ui import views as v
from ui.model.happened import Arrived, Happened, Ticked
from ui.model.part import Handlers, Part, Screens
from ui.model.seat import Answer, Seat, said

_TYPED = (2, 6)  # which two of the eight groups are typed in from the paper
_SHALLOW = 2  # folders deep on a stick where a package is looked for

# what is tested: English for the screens, Kyrgyz and Russian for the printed report
_TESTS = {
    "package": (N_("station package"), "Участка пакети", "Пакет участка"),
    "printer": (N_("printer"), "Принтер", "Принтер"),
    "queue": (N_("print queue keeps nothing"), "Кезекте эч нерсе калбайт", "Очередь печати ничего не хранит"),
    "stick": (N_("removable medium"), "Алынма сактагыч", "Съёмный носитель"),
    "disk": (N_("room on the disk"), "Дисктеги орун", "Место на диске"),
    "copy": (N_("second copy"), "Экинчи көчүрмө", "Вторая копия"),
    "power": (N_("power"), "Электр кубаты", "Питание"),
    "clock": (N_("clock"), "Саат", "Часы"),
}  # fmt: skip
_ROOM = 500 << 20


def _files(folder: Path, depth: int = _SHALLOW) -> Iterator[Path]:
    """What people put on a stick, not far below its root; nothing that was thrown away."""
    with suppress(OSError):  # pulled out while we look
        for path in sorted(folder.iterdir()):
            if is_leftover(path.name):
                continue
            if path.is_file():
                yield path
            elif depth and path.is_dir():
                yield from _files(path, depth - 1)


def _is_package(name: str) -> bool:
    """Also one that a browser or a file manager gave a number: 101.package (1).zip."""
    stem, suffix = package.SUFFIX.rsplit(".", 1)
    return stem in name.lower() and name.lower().endswith(f".{suffix}")


class Technician(Part):
    def __init__(self, seat: Seat) -> None:
        super().__init__(seat)
        self.left()

    def left(self) -> None:
        self._found: dict[str, Path] = {}  # packages
        self._copies: dict[str, Path] = {}
        self._chosen: Path | None = None
        self._copy: day.Copy | None = None
        self._checks: tuple[v.CheckLine, ...] = ()
        self._fingerprint = ""  # the fingerprint of the chosen package's authority
        self._compared = False
        self._loaded = False
        self._tests: tuple[v.CheckLine, ...] = ()
        self._trouble: v.Said | None = None

    @property
    def at_work(self) -> bool:
        """The technician's badge is in, or this terminal was set up in this very hour and nobody has unlocked it."""
        officer = self.seat.officer
        if officer:
            return officer.role == "technician"
        return self.seat.locked is None or (self._loaded and self.seat.station is None)

    def screens(self) -> Screens:
        return {"setup": self._setup}

    def handlers(self) -> Handlers:
        return {
            i.ChoosePackage: self._choose,
            i.CompareFingerprint: self._compare,
            i.LoadPackage: self._load,
            i.TestDevices: self._test,
            i.PrintReadiness: self._print,
            i.Diagnostics: self._diagnostics,
        }

    def hear(self, happened: Happened) -> None:
        arrived = isinstance(happened, Arrived) and self.seat.page == "setup"
        waits = isinstance(happened, Ticked) and self.seat.locked is None
        if arrived or waits:
            self._look()

    # -- the package -----------------------------------------------------------------------------------

    def _look(self) -> None:
        """Packages and copies of stations on the sticks that are plugged in, and the copy on the second medium."""
        self._found, self._copies = {}, {}
        setting = self.seat.setting
        if self.seat.locked:
            return
        if setting.mirror and is_station(setting.mirror):
            self._copies[setting.mirror.name] = setting.mirror
        for medium in setting.media.found():
            found = list(_files(medium.folder))
            packages = [path for path in found if _is_package(path.name)]
            for path in packages:
                where = path.relative_to(medium.folder).as_posix()
                with suppress(OSError):  # pulled out while we look
                    date = f" · {datetime.fromtimestamp(path.stat().st_mtime):%d.%m.%Y %H:%M}"
                    self._found[f"{medium.name} · {where}{date if len(packages) > 1 else ''}"] = path
            for path in found:
                if path.name == package.CREDENTIAL and is_station(path.parent):
                    self._copies[f"{medium.name} · {path.parent.name}"] = path.parent
        if not self._found and not self._copies and setting.media.unusable():
            refused = self.seat.no_stick()
            self._trouble = v.Said(refused.code, refused.facts, "warn")
        elif self._trouble and self._trouble.code == "stick_format":
            self._trouble = None

    def _choose(self, intent: i.ChoosePackage) -> Answer:
        path, folder = self._found.get(intent.name), self._copies.get(intent.name)
        self._checks, self._fingerprint, self._compared, self._trouble = (), "", False, None
        self._chosen, self._copy = path, None
        if path is None and folder is None:
            return Refusal("package_missing") if intent.name else None
        self.seat.progress("checking", 0, 0)
        try:
            if path:
                self._read_package(path)
            elif folder:
                self._read_copy(folder)
        except KioskError as error:
            self._trouble = said(error)
            self._chosen = None
        return None

    def _read_package(self, path: Path) -> None:
        found = package.read_file(path)
        self._fingerprint = keys.fingerprint(found.election.authority)
        where = found.election.definition.station(found.manifest.station)
        self._checks = (
            v.CheckLine(N_("package, signed by the authority"), path.name),
            v.CheckLine(N_("sizes and hashes"), str(len(found.manifest.entries))),
            v.CheckLine(N_("station"), f"№ {found.manifest.station} · {where.address_ru}"),
            self._purpose(found.manifest.purpose),
        )

    def _read_copy(self, folder: Path) -> None:
        self._copy = day.read_copy(folder)
        self._fingerprint = self._copy.fingerprint
        self._checks = tuple(
            self._purpose(check.found) if check.name == "purpose" else v.CheckLine(check.name, check.found)
            for check in day.checks_of_copy(self._copy)
        )

    def _purpose(self, found: str) -> v.CheckLine:
        return v.CheckLine(N_("purpose"), found, "done" if found == self.seat.setting.purpose else "failed")

    def _compare(self, intent: i.CompareFingerprint) -> Answer:
        groups = self._fingerprint.split()
        typed = [group.strip().lower() for group in intent.groups]
        if not groups or typed != [groups[place] for place in _TYPED]:
            self._compared = False
            return Refusal("fingerprint_differs")
        self._compared = True
        return None

    def _load(self, intent: i.LoadPackage) -> Answer:
        seat = self.seat
        if not self._compared:
            return Refusal("fingerprint_missing")

        try:
            if self._copy:
                checks = day.take_over(
                    self._copy, seat.setting.folder, seat.setting.purpose, self._fingerprint, progress=seat.progress
                )
            elif self._chosen and (nation := nation_near(self._chosen)):
                checks = load_package(
                    self._chosen,
                    nation,
                    seat.setting.folder,
                    seat.setting.purpose,
                    authority_fingerprint=self._fingerprint,
                    progress=seat.progress,
                )
            else:
                return Refusal("nation_missing")
        except KioskError as error:
            self._trouble = said(error)
            return None
        self._checks = tuple(v.CheckLine(check.name, check.found) for check in checks)
        self._loaded = True
        seat.look()
        seat.go("setup")
        return None

    # -- the devices --------------------------------------------------------------------------------------

    def _test(self, intent: i.TestDevices) -> Answer:
        """Each test is one line; a test page goes to the printer with the report."""
        seat = self.seat
        seat.progress("testing", 0, 0)
        seat.setting.watch()
        status, supply = seat.setting.watched
        media = seat.setting.media.found()
        free = shutil.disk_usage(seat.setting.folder if seat.locked else seat.setting.folder.parent).free
        now = seat.now()
        found = {
            "package": (f"№ {seat.locked.credential.station}" if seat.locked else "–", seat.locked is not None),
            "printer": (" · ".join(filter(None, (status.state, status.reason))), status.state in ("ready", "printing")),
            "queue": self._queue(status.state),
            "stick": (", ".join(medium.name for medium in media) or "–", bool(media)),
            "disk": (f"{free / (1 << 30):.1f} GB", free > _ROOM),
            "copy": (str(seat.setting.mirror or "–"), seat.setting.mirror is not None),
            "power": (_supply(supply.mains, supply.percent), supply.mains is not False),
            "clock": (f"{now:%d.%m.%Y %H:%M}" if now else "–", now is not None),
        }
        self._tests = tuple(
            v.CheckLine(_TESTS[name][0], what, "done" if good else "failed") for name, (what, good) in found.items()
        )
        return None

    def _queue(self, state: str) -> tuple[str, bool]:
        """What the queue keeps of a sheet that is sent through it."""
        if state not in ("ready", "printing"):
            return "–", False
        try:
            kept = self.seat.setting.printer.keeps()
        except KioskError as error:
            return error.code, False
        return ", ".join(kept) or "✓", not kept

    def _print(self, intent: i.PrintReadiness) -> Answer:
        if not self.at_work:
            return Refusal("not_signed_in")
        self.seat.progress("printing", 0, 0)
        self.seat.setting.printer.print("readiness", self._report())
        return v.Said("printed", {"copies": 1}, "good")

    def _report(self) -> bytes:
        """The readiness report as PDF."""
        seat = self.seat
        now = seat.now()
        if seat.locked is None or now is None or not self._tests:
            raise IntegrityError("tests_missing")
        lines = [
            (_TESTS[name][1], _TESTS[name][2], line.found, line.state == "done")
            for name, line in zip(_TESTS, self._tests, strict=True)
        ]
        definition = seat.locked.election.definition
        return pages.readiness(definition, seat.locked.credential.station, lines, software(), at=now)

    def _diagnostics(self, intent: i.Diagnostics) -> Answer:
        """Versions, devices, phases and crash traces: no person, no PIN, no choice."""
        seat = self.seat
        if not self.at_work:
            return Refusal("not_signed_in")
        media = seat.setting.media.found()
        if not media:
            return self.seat.no_stick()
        found = {
            "version": __version__,
            "python": platform.python_version(),
            "system": platform.platform(),
            "station": seat.locked.credential.station if seat.locked else 0,
            "purpose": seat.setting.purpose,
            "phase": seat.phase,
            "printer": seat.setting.watched[0].state,
            "tests": [[line.name, line.found, line.state] for line in self._tests],
            "files": {
                path.name: path.stat().st_size for path in sorted(seat.setting.folder.glob("*")) if path.is_file()
            },
            "crashes": crash.kept(seat.setting.folder.parent),
        }
        name = f"diagnostics-{found['station']}.json"
        media[0].open_stick().write(name, msgspec.json.format(msgspec.json.encode(found), indent=1))
        return v.Said("diagnostics_written", {"file": name, "medium": media[0].name}, "good")

    def _setup(self) -> v.SetupView:
        groups = self._fingerprint.split()
        shown = tuple(None if place in _TYPED else group for place, group in enumerate(groups))
        return v.SetupView(
            packages=tuple(self._found),
            copies=tuple(self._copies),
            checks=self._checks,
            fingerprint=shown,
            compared=self._compared,
            loaded=self._loaded,
            taking_over=self._copy is not None,
            tests=self._tests,
            trouble=self._trouble,
            configured=self.seat.locked is not None,
        )


def _supply(mains: bool | None, percent: int | None) -> str:
    if mains is False and percent is not None:
        return f"{percent} %"
    return {True: "mains", False: "battery", None: "–"}[mains]
