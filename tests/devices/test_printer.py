"""The printer: what CUPS says in its own words, a real CUPS where there is one, and the stand-in."""

import os
import random
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.devices import printer
from kiosk.devices.printer import CupsPrinter, FolderPrinter
from kiosk.election.definition import AGAINST_ALL
from kiosk.errors import DeviceError
from kiosk.forms import ballots
from tests.stage.world import example_source


class Cups:
    """`lp` and `lpstat` as a table of answers."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, answers: dict[str, tuple[int, str]]) -> None:
        self.answers = answers
        self.sent: list[tuple[str, ...]] = []
        monkeypatch.setattr(printer, "_run", self.run)

    def run(self, *command: str, given: bytes | None = None) -> tuple[int, str]:
        self.sent.append(command)
        return next((a for key, a in self.answers.items() if " ".join(command).startswith(key)), (0, ""))


@pytest.mark.parametrize(
    ("said", "waiting", "state"),
    [
        ("printer laser is idle.  enabled since Sun 30 Nov", "", "ready"),
        ("printer laser now printing laser-3.  enabled since", "laser-3 clerk 1024 Sun", "printing"),
        ("printer laser is idle.  enabled since\n\tAlerts: media-empty-error", "", "no_paper"),
        ("printer laser disabled since Sun -\n\treason unknown", "", "stopped"),
        ("printer laser is idle.\n\tAlerts: media-jam-warning", "", "ready"),
        ("printer laser is idle.\n\tDescription: media-empty-error cover-open\n\tAlerts: none", "", "ready"),
    ],
)
def test_states_are_told_apart(monkeypatch: pytest.MonkeyPatch, said: str, waiting: str, state: str) -> None:
    Cups(monkeypatch, {"lpstat -l -p": (0, said), "lpstat -o": (0, waiting)})
    assert CupsPrinter("laser").status().state == state


REASONS = [
    ("none", "ready"),
    ("media-empty-warning", "ready"),  # one of several trays
    ("media-low-report", "ready"),
    ("toner-low-warning,offline-report", "ready"),
    ("cups-waiting-for-job-completed", "ready"),
    ("connecting-to-device", "ready"),
    ("media-empty-error", "no_paper"),
    ("media-tray-empty-error", "no_paper"),
    ("media-needed", "no_paper"),
    ("media-empty", "no_paper"),
    ("cover-open-error", "stopped"),
    ("door-open", "stopped"),
    ("toner-empty-error", "stopped"),
    ("marker-supply-empty-error", "stopped"),
    ("com.maker-strange-error", "stopped"),
    ("media-empty-warning,cover-open-error", "stopped"),
    ("offline", "stopped"),
    ("paused", "stopped"),
]


@pytest.mark.parametrize(("reasons", "state"), REASONS)
@pytest.mark.parametrize("told_by", ["lpoptions", "lpstat"])
def test_only_an_error_keeps_a_sheet_from_coming_out(
    monkeypatch: pytest.MonkeyPatch, reasons: str, state: str, told_by: str
) -> None:
    """And what the description or the place of a printer is called says nothing about it."""
    described = "printer laser is idle.\n\tDescription: media-empty-error\n\tLocation: offline\n\tAlerts: "
    options = f"printer-info='it\\'s the media-empty-error' printer-state=3 printer-state-reasons={reasons}"
    if told_by == "lpstat":
        options, described = "", described + reasons.replace(",", " ")
    Cups(monkeypatch, {"lpstat -l -p": (0, described), "lpoptions -p": (0, options)})
    status = CupsPrinter("laser").status()
    assert status.state == state
    assert bool(status.reason) == (state != "ready")


@pytest.mark.parametrize("options", ["printer-state=5", "printer-state=3 printer-is-accepting-jobs=false"])
def test_a_queue_that_takes_nothing_is_stopped(monkeypatch: pytest.MonkeyPatch, options: str) -> None:
    Cups(monkeypatch, {"lpstat -l -p": (0, "printer laser is idle."), "lpoptions -p": (0, options)})
    assert CupsPrinter("laser").status().state == "stopped"


def test_without_a_name_the_default_queue_is_taken_and_without_one_there_is_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cups = Cups(
        monkeypatch, {"lpstat -d": (0, "system default destination: laser\n"), "lpstat -l -p laser": (0, "idle")}
    )
    assert CupsPrinter().status().state == "ready"
    cups.answers = {"lpstat -d": (0, "no system default destination\n")}
    assert CupsPrinter().status().state == "missing"
    cups.answers = {"lpstat -d": (0, "system default destination: gone"), "lpstat -l -p": (1, "Invalid destination")}
    assert CupsPrinter().status().state == "missing"


def test_printing_says_what_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    cups = Cups(monkeypatch, {"lpstat -l -p": (0, "idle")})
    CupsPrinter("laser").print("protocol", b"%PDF", 2)
    assert cups.sent[-1] == ("lp", "-d", "laser", "-n", "2", "-t", "protocol", "-")
    for answers, code in (
        ({"lpstat -l -p": (1, "")}, "printer_missing"),
        ({"lpstat -l -p": (0, "\tAlerts: media-empty-error")}, "printer_no_paper"),
        ({"lpstat -l -p": (0, "idle"), "lp -d": (1, "lp: Unsupported")}, "printer_failed"),
    ):
        cups.answers = answers
        with pytest.raises(DeviceError) as error:
            CupsPrinter("laser").print("protocol", b"%PDF")
        assert error.value.code == code


def test_a_spooler_that_does_not_answer_has_printed_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its error was taken for an empty queue: "on paper" was said of a sheet that came out before the next voter."""
    cups = Cups(
        monkeypatch,
        {
            "lpstat -l -p": (0, "idle"),
            "lpstat -o": (1, "lpstat: Connection refused"),
            "lp -d": (0, "request id is laser-7 (1 file(s))"),
        },
    )
    with pytest.raises(DeviceError, match="printer_failed"):
        CupsPrinter("laser").print("ballot", b"%PDF", wait=0.3)
    assert ("cancel", "-x", "laser-7") in cups.sent


def test_a_job_whose_answer_was_lost_is_cancelled_and_nobody_else_s(monkeypatch: pytest.MonkeyPatch) -> None:
    # the watch of the queue's state, before, after
    queues = iter([(0, ""), (0, "laser-3 other 1024 Sun"), (0, "laser-3 other 1024 Sun\nlaser-4 clerk 1024 Sun")])
    cups = Cups(monkeypatch, {"lpstat -l -p": (0, "idle"), "lp -d": (124, "")})

    def run(*command: str, given: bytes | None = None) -> tuple[int, str]:
        return (cups.run(*command), next(queues, (0, "")))[1] if command[:2] == ("lpstat", "-o") else cups.run(*command)

    monkeypatch.setattr(printer, "_run", run)
    with pytest.raises(DeviceError, match="printer_failed"):
        CupsPrinter("laser").print("ballot", b"%PDF", wait=5)
    assert [words for words in cups.sent if words[0] == "cancel"] == [("cancel", "-x", "laser-4")]


def test_a_program_that_is_not_there_is_a_missing_printer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert CupsPrinter("laser").status().state == "missing"


def test_the_stand_in_keeps_one_sheet_of_a_kind_and_refuses_a_real_election(tmp_path: Path) -> None:
    with pytest.raises(DeviceError) as error:
        FolderPrinter(tmp_path, "official")
    assert error.value.code == "fake_refused"
    fake = FolderPrinter(tmp_path, "test")
    fake.print("ballot", b"one")
    fake.print("ballot", b"two")
    assert [p.read_bytes() for p in tmp_path.iterdir()] == [b"two"] and fake.printed == 2
    fake.out_of_paper = True
    assert fake.status().state == "no_paper"
    with pytest.raises(DeviceError):
        fake.print("ballot", b"three")


def demanded() -> tuple[str, str]:
    """cupsd.conf and the lines of cups-files.conf, as they stand in the page for whoever sets a terminal up."""
    page = (Path(__file__).parents[2] / "docs" / "terminal.md").read_text("utf-8")
    daemon, files = re.findall(r"^```\n(.*?)^```", page.split("## The printer keeps nothing")[1], re.M | re.S)[:2]
    return daemon, files


@pytest.fixture
def real_cups(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A CUPS of its own, set up as docs/terminal.md demands, with one raw queue that prints into a file. A parameter
    changes lines of that."""
    cupsd = shutil.which("cupsd") or "/usr/sbin/cupsd"
    if not Path(cupsd).exists() or os.geteuid() != 0:
        pytest.skip("cupsd is started by root only; its words are tested above")
    place = Path(tempfile.mkdtemp(prefix="cups-"))  # pytest's own folders are closed to CUPS's user
    socket, paper = place / "cups.sock", place / "tray" / "paper.out"
    for name in ("spool/tmp", "tray", "cache", "state", "log", "ppd", "bin/backend"):
        (place / name).mkdir(parents=True)
    daemon, files = demanded()
    files += (
        f"ServerBin {place}/bin\nRequestRoot {place}/spool\nTempDir {place}/spool/tmp\nCacheDir {place}/cache\n"
        f"StateDir {place}/state\nServerRoot {place}\nUser lp\nGroup lp\nSystemGroup root\n"
    )
    for wanted, instead in getattr(request, "param", {}).items():
        daemon, files = daemon.replace(wanted, instead), files.replace(wanted, instead.replace("HERE", str(place)))
    (place / "cups-files.conf").write_text(files)
    (place / "cupsd.conf").write_text(daemon.replace("/run/cups/cups.sock", str(socket)))
    queue = "DeviceURI keep:/paper\nState Idle\nAccepting Yes\nShared No\nType 4\n"
    (place / "printers.conf").write_text(f"<DefaultPrinter station>\n{queue}</DefaultPrinter>\n")
    backend = place / "bin" / "backend" / "keep"  # the printer's own end: a program that CUPS hands the page to
    (place / "bin" / "daemon").symlink_to("/usr/lib/cups/daemon")
    says = f"[ -f {place}/tray/says ] && cat {place}/tray/says >&2"
    backend.write_text(f'#!/bin/sh\n[ $# = 0 ] && exit 0\n{says}\ncat "${{6:--}}" > {paper}\n')
    backend.chmod(0o755)
    shutil.chown(place / "tray", "lp", "lp")
    place.chmod(0o755)
    command = [cupsd, "-f", "-c", str(place / "cupsd.conf"), "-s", str(place / "cups-files.conf")]
    log = (tmp_path / "out").open("wb")
    process = subprocess.Popen(command, stdout=log, stderr=log)
    monkeypatch.setenv("CUPS_SERVER", str(socket))
    for _try in range(100):
        if socket.exists() and CupsPrinter("station").status().state != "missing":
            break
        time.sleep(0.1)
    yield paper
    process.terminate()
    process.wait(10)
    log.close()
    shutil.rmtree(place)


def test_a_real_cups_takes_the_page_and_keeps_no_copy(real_cups: Path) -> None:
    station = CupsPrinter()
    assert station.status().state == "ready"
    station.print("ballot", b"%PDF-1.4 choice")
    for _try in range(100):
        if real_cups.exists() and b"choice" in real_cups.read_bytes() and station.status().state == "ready":
            break
        time.sleep(0.1)
    assert b"choice" in real_cups.read_bytes()
    spool = [p for p in (real_cups.parent.parent / "spool").rglob("d*") if p.is_file()]
    assert spool == []  # nothing of what was printed stays behind


@pytest.mark.parametrize(
    ("says", "state"),
    [("media-empty-warning", "ready"), ("cover-open-error", "stopped"), ("media-empty-error", "no_paper")],
)
def test_what_a_real_printer_says_of_itself(real_cups: Path, says: str, state: str) -> None:
    """As a driver tells CUPS: only what keeps a sheet from coming out counts, and it is told with its word."""
    (real_cups.parent / "says").write_text(f"STATE: +{says}\n")
    printer = CupsPrinter("station")
    printer.print("ballot", b"%PDF-1.4")
    for _try in range(100):
        if real_cups.exists() and printer.status().state == state:
            break
        time.sleep(0.1)
    found = printer.status()
    assert (found.state, found.reason) == (state, "" if state == "ready" else says.removesuffix("-error"))


def kept_files(place: Path) -> list[str]:
    """Everything that is not a part of the set-up."""
    ours = ("cupsd.conf", "cups-files.conf", "printers.conf", "keep", "paper.out")
    return sorted(str(p.relative_to(place)) for p in place.rglob("*") if p.is_file() and p.name not in ours)


def test_no_choice_can_be_told_from_all_that_a_real_cups_leaves_behind(real_cups: Path) -> None:
    """Fifteen voters. Nothing names a job, and what may be seen of one that waits has one size."""
    definition = example_source().definition
    district = definition.district(7)
    station = next(s.number for s in definition.stations if s.district == 7)
    queue = CupsPrinter("station")
    place = real_cups.parent.parent
    dice = random.Random(5)
    choices = [None, AGAINST_ALL, *(c.number for c in district.standing)]
    before = kept_files(place)
    for choice in dice.choices(choices, k=15):
        queue.print("ballot", ballots.marked(definition, station, district, choice), wait=20)
    left = {name: (place / name).read_bytes() for name in kept_files(place)}
    assert not [name for name in left if name.startswith(("spool", "log"))]
    new = {name for name in left if name not in before}
    assert new <= {"cache/job.cache", "cache/job.cache.O", "printers.conf.O", "cache/subscriptions.conf"}, new
    assert b"ballot" not in b"".join(left[name] for name in left if "job.cache" in name)
    assert subprocess.run(["lpstat", "-W", "all", "-o"], capture_output=True, text=True, check=False).stdout == ""


def test_a_queue_as_demanded_keeps_nothing(real_cups: Path) -> None:
    assert CupsPrinter("station", real_cups.parent.parent).keeps() == ()


@pytest.mark.parametrize(
    ("real_cups", "kept"),
    [
        ({"PreserveJobHistory No": "PreserveJobHistory Yes"}, ("history",)),
        ({"AccessLogLevel config": "AccessLogLevel actions", "AccessLog /dev/null": "AccessLog HERE/log/a"}, ("log",)),
        ({"PageLogFormat\n": "PageLogFormat %p %j\n", "PageLog /dev/null": "PageLog HERE/log/p"}, ("log",)),
        ({"LogLevel none": "LogLevel debug", "ErrorLog /dev/null": "ErrorLog HERE/log/e"}, ("log",)),
    ],
    indirect=["real_cups"],
)
def test_a_queue_that_keeps_something_is_not_ready(real_cups: Path, kept: tuple[str, ...]) -> None:
    assert CupsPrinter("station", real_cups.parent.parent).keeps() == kept


def test_a_queue_on_another_machine_is_not_ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUPS_SERVER", "printserver:631")
    assert CupsPrinter("station", tmp_path).keeps() == ("elsewhere",)
    monkeypatch.delenv("CUPS_SERVER")
    (tmp_path / "client.conf").write_text("ServerName printserver\n")
    assert CupsPrinter("station", tmp_path).keeps() == ("elsewhere",)
