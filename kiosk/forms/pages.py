"""The station's printed pages: what each template is given. The templates say what they expect at their head."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from kiosk.election.definition import Definition
from kiosk.forms.printed import pdf, qr_svg
from kiosk.packet import content as c
from kiosk.roll.person import Voter
from kiosk.trust.credential import Officer


class Imprint(NamedTuple):
    """What ties a paper to what it came from: the journal's head (kiosk.journal.chain.printed_head), the program."""

    journal: str = "–"
    software: str = "–"


_NONE = Imprint()


def protocol(drawn: c.Protocol, qr_text: str, imprint: Imprint) -> bytes:
    """The protocol as PDF/A, Kyrgyz and Russian, with its QR."""
    return pdf("protocol", protocol_data(drawn, qr_text, imprint), datetime.fromisoformat(drawn.drawn_up_at))


def protocol_data(drawn: c.Protocol, qr_text: str, imprint: Imprint = _NONE) -> dict[str, Any]:
    numbers = {line.id: str(i) for i, line in enumerate(drawn.lines, 1)}
    names = {**numbers, "candidates": "∑", "against_all": "баарына каршы / против всех"}
    texts = {rule.id: _equation_text(rule.left, rule.relation, rule.right, names) for rule in drawn.heading.rules}
    data: dict[str, Any] = msgspec.to_builtins(drawn)
    for name in ("opened_at", "closed_at", "drawn_up_at"):
        data[name] = f"{datetime.fromisoformat(data[name]):%d.%m.%Y %H:%M}"
    data["equations"] = [{**e, "text": texts[e["id"]]} for e in data["equations"]]
    data["acts"] = [{**act, "label": _field_label(act["field"], numbers)} for act in data["acts"]]
    data["qr"] = qr_svg(qr_text)
    data["imprint"] = imprint._asdict()
    data["fingerprint"] = hashlib.sha256(c.to_json(drawn)).hexdigest()[:32]
    return data


def _field_label(field: str, numbers: dict[str, str]) -> str:
    """What an act is about, as the reader sees it on the form: a candidate's number, a line, an equation."""
    kind, _, name = field.partition(":")
    if kind == "vote":
        return f"№ {name}" if name != "0" else "Баарына каршы · Против всех"
    if kind == "correction":
        return f"Нуска · Версия {name}"
    if field == "counts":
        return "Эсептегичтер · Счётчики"
    return f"({numbers[field]})" if field in numbers else f"= {name or field}"


def _equation_text(left: Sequence[str], relation: str, right: Sequence[str], names: dict[str, str]) -> str:
    """Line numbers, as members are used to reading them: (7) + (8) = (9) + (10)."""

    def side(terms: Sequence[str]) -> str:
        return " + ".join(f"({names[t]})" for t in terms)

    return f"{side(left)} {'≤' if relation == '<=' else '='} {side(right)}"


def posting_list(definition: Definition, station: int, voters: Iterable[Voter], at: datetime) -> bytes:
    """The list for public posting: number, name, birth year, address; no PIN and no document."""
    rows = [[str(v.line), v.name, v.birth_date[:4], v.address] for v in voters]
    return pdf("roll", {**heading(definition, station), "voters": rows}, at)


def badge_cards(definition: Definition, station: int, cards: Iterable[tuple[Officer, str]], at: datetime) -> bytes:
    """QR cards, to be cut and laminated."""
    rows = [
        {"id": o.id, "role": o.role, "name_ky": o.name_ky, "name_ru": o.name_ru, "qr": qr_svg(text)}
        for o, text in cards
    ]
    return pdf("badges", {**heading(definition, station), "cards": rows, "pins": None}, at)


def pin_letters(definition: Definition, station: int, pins: Iterable[tuple[Officer, str]], at: datetime) -> bytes:
    """The PINs, on a sheet of their own: card and PIN never travel together."""
    rows = [{"id": o.id, "name_ky": o.name_ky, "pin": pin} for o, pin in pins]
    return pdf("badges", {**heading(definition, station), "cards": [], "pins": rows}, at)


COUNTER_LABELS = {
    "given": ("Берилген бюллетендер", "Выдано бюллетеней"),
    "cast": ("Кутучадагы бюллетендер", "Бюллетеней в ящике"),
    "envelopes": ("Башка округдардын конверттери", "Конвертов других округов"),
}


def _counter_rows(counters: Iterable[tuple[str, int]]) -> list[dict[str, str | int]]:
    return [
        {"label_ky": COUNTER_LABELS[name][0], "label_ru": COUNTER_LABELS[name][1], "value": value}
        for name, value in counters
    ]


def zero_report(
    definition: Definition,
    station: int,
    counters: Iterable[tuple[str, int]],
    present: Iterable[Officer],
    *,
    imprint: Imprint,
    at: datetime,
) -> bytes:
    people = [{"name_ky": o.name_ky, "name_ru": o.name_ru, "role": o.role} for o in present]
    data = {
        **heading(definition, station),
        "at": f"{at:%d.%m.%Y %H:%M}",
        "counters": _counter_rows(counters),
        "present": people,
    }
    return pdf("zero", {**data, "imprint": imprint._asdict()}, at)


def slip(
    definition: Definition,
    station: int,
    counters: Iterable[tuple[str, int]],
    imprint: Imprint,
    *,
    at: datetime,
    closed: bool,
) -> bytes:
    """Where the day and its journal stand, for the wall and for observers: by the hour, and after the close."""
    data = {
        **heading(definition, station),
        "at": f"{at:%d.%m.%Y %H:%M}",
        "counters": _counter_rows(counters),
        "closed": closed,
    }
    return pdf("slip", {**data, "imprint": imprint._asdict()}, at)


def readiness(
    definition: Definition, station: int, checks: Iterable[tuple[str, str, str, bool]], software: str, *, at: datetime
) -> bytes:
    """The technician's report. `checks`: (Kyrgyz, Russian, what was found, whether it is good)."""
    rows = [{"name_ky": ky, "name_ru": ru, "found": found, "good": good} for ky, ru, found, good in checks]
    data = {**heading(definition, station), "at": f"{at:%d.%m.%Y %H:%M}", "version": software, "checks": rows}
    return pdf("readiness", data, at)


def heading(definition: Definition, station: int) -> dict[str, Any]:
    """What every form says at its top."""
    where = definition.station(station)
    return {
        "purpose": definition.purpose,
        "station": station,
        "heading": {
            "election_ky": definition.name_ky,
            "election_ru": definition.name_ru,
            "address_ky": where.address_ky,
            "address_ru": where.address_ru,
        },
    }
