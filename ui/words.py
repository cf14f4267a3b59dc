"""Codes → words for the screens: phases, roles, devices. What `kiosk.messages` is for sentences."""

from datetime import datetime

from kiosk.messages import Message, choices, message, terms
from kiosk.numerals import number as number
from kiosk.numerals import percent as percent
from kiosk.text import N_, _
from ui.views import Devices, Phase, Said

PHASES: dict[Phase, str] = {
    "unconfigured": N_("Not set up"),
    "sealed": N_("Sign in to go on"),
    "posting": N_("Before the opening"),
    "ready": N_("Ready to open"),
    "open": N_("Voting is open"),
    "paused": N_("Voting is paused"),
    "closed": N_("Voting is closed"),
    "counted": N_("Ballots are counted"),
    "signed": N_("Protocol is signed"),
    "exported": N_("Packet is exported"),
}
PHASE_TONES: dict[Phase, str] = {"open": "good", "paused": "warn", "exported": "good"}

ROLES = {
    "chair": N_("Chair"),
    "member": N_("Member"),
    "clerk": N_("Clerk"),
    "technician": N_("Technician"),
}

_PRINTER = {
    "ready": N_("ready"),
    "printing": N_("printing"),
    "no_paper": N_("no paper"),
    "stopped": N_("stopped"),
    "missing": N_("not found"),
}
_COPY = {"kept": N_("kept"), "behind": N_("being copied"), "lost": N_("lost"), "none": N_("none")}


_KEPT = {
    "history": N_("it lists finished jobs"),
    "log": N_("it writes a log"),
    "elsewhere": N_("it is on another machine"),
}

START = "Баштоо · Начать · Start"  # for the voter, whose language nobody knows yet


def say(said: Said) -> Message:
    return message(said.code, said.facts)


def offered(table: str, *without: str) -> tuple[tuple[str, str], ...]:
    """A vocabulary to choose from: code and words of each."""
    return tuple((code, _(text)) for code, text in choices(table).items() if code not in without)


def chosen(table: str, code: str) -> str:
    """The words of one code of a vocabulary."""
    return _(choices(table)[code])


def printer(devices: Devices) -> tuple[str, str]:
    """(words, tone)"""
    waiting = _("{n} waiting", n=devices.waiting) if devices.waiting else ""
    return dotted(_(_PRINTER[devices.printer]), waiting), "good" if devices.printer in ("ready", "printing") else "warn"


def found(text: str) -> str:
    """What a check found: a code of ours in words, anything else as it is."""
    words = {**terms(), **_PRINTER, **_KEPT, "mains": N_("mains"), "battery": N_("battery")}
    return ", ".join(_(words[part]) if part in words else part for part in text.split(", "))


def copy(devices: Devices) -> tuple[str, str]:
    return _(_COPY[devices.copy]), "good" if devices.copy == "kept" else "warn"


def power(devices: Devices) -> tuple[str, str]:
    if devices.mains is False:
        return _("battery {n} %", n=devices.battery if devices.battery is not None else "?"), "warn"
    if devices.mains or devices.battery is not None:
        return _("mains"), "good"
    return _("not known"), "muted"


def dotted(*parts: str) -> str:
    """Short facts on one line, those that are empty left out."""
    return " · ".join(part for part in parts if part)


def short(name: str) -> str:
    """“Осмонов Нурлан Асанович” → “Н. Осмонов”; “Тургунбек уулу Нурлан” → “Н. Тургунбек уулу”. The initial never stands
    alone at the end of a line."""
    parts = name.split()
    if len(parts) >= 3 and parts[1] in ("уулу", "кызы"):
        return f"{parts[2][0]}.\u00a0{parts[0]} {parts[1]}"
    return f"{parts[1][0]}.\u00a0{parts[0]}" if len(parts) >= 2 else name


def pin(digits: str) -> str:
    """1 1403 1987 00412: sex, birth date, number; easier to compare with a document. Also while it is being typed."""
    return " ".join(part for part in (digits[:1], digits[1:5], digits[5:9], digits[9:]) if part)


_MONTHS = (
    N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"), N_("July"), N_("August"),
    N_("September"), N_("October"), N_("November"), N_("December"),
)  # fmt: skip


def day(iso: str) -> str:
    """14 March 1987, in the words of the language."""
    moment = datetime.fromisoformat(iso)
    return _("{day} {month} {year}", day=moment.day, month=_(_MONTHS[moment.month - 1]), year=moment.year)


def size(count: int) -> str:
    for unit in (_("{n} B"), _("{n} kB"), _("{n} MB")):
        if count < 1000:
            return unit.format(n=count)
        count //= 1000
    return _("{n} GB", n=count)
