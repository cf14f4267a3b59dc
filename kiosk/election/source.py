"""The folder a commission makes in a spreadsheet → a Definition, or every problem with its file and line.

Pure: takes the files' bytes, not paths. Files: election.toml, protocol.toml, districts.csv, stations.csv,
candidates.csv, officials.csv.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from itertools import pairwise
from typing import Any, Literal, cast
from zoneinfo import available_timezones

import msgspec

from kiosk import toml
from kiosk.election import definition as d
from kiosk.election import doubts, rosters
from kiosk.election.equations import parse
from kiosk.election.table import wrong_sign
from kiosk.errors import Problem
from kiosk.letters import damage_of_text
from kiosk.settings import LANGUAGES
from kiosk.text import _

FILES = ("election.toml", "protocol.toml", "districts.csv", "candidates.csv", "stations.csv", "officials.csv")
# Ids become codes in the journal: `equation:boxes_given`.
_ID = re.compile("[a-z][a-z0-9_]{0,29}")
SUMS = ("candidates", "against_all")
COMPUTED = (
    "roll", "given_inside", "given_outside", "cast", "cancelled", "not_returned", "remote_given", "remote_sealed",
)  # fmt: skip


class _Settings(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    id: str
    purpose: d.Purpose
    name_ky: str
    name_ru: str
    ballot_mode: d.BallotMode
    languages: tuple[str, ...]
    zone: str
    quorum: int
    calendar: d.Calendar
    corrections: Literal["commission", "order"] = "commission"


class _Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    rule: str


class Source(msgspec.Struct, frozen=True):
    """What the folder says: the election, and who serves at which station. `warnings`: what is allowed and looks like
    a mistake, and what a spreadsheet left behind."""

    definition: d.Definition
    officials: tuple[d.Official, ...]
    warnings: tuple[Problem, ...] = ()

    def officials_of(self, station: int) -> tuple[d.Official, ...]:
        return tuple(o for o in self.officials if o.station == station)


def read(files: Mapping[str, bytes]) -> tuple[Source | None, list[Problem]]:
    """The source and no problems, or None and all problems, causes before what follows from them: file by file in the
    order of `FILES`, each of which names only rows of those before it. Nothing is guessed."""
    problems: list[Problem] = []
    notes: list[Problem] = []
    for name in FILES:
        if name not in files:
            problems.append(Problem(name, 1, _("the file is missing; add it to the folder")))
    if problems:
        return None, problems
    settings = _settings(files["election.toml"], problems)
    lines, equations = _protocol(files["protocol.toml"], problems)
    day = settings.calendar.voting_day if settings else None
    candidates = rosters.candidates(files["candidates.csv"], day, problems, notes)
    districts = rosters.districts(files["districts.csv"], candidates, problems, notes)
    stations = rosters.stations(files["stations.csv"], districts, problems, notes)
    quorum = settings.quorum if settings else None
    officials = rosters.officials(files["officials.csv"], stations, quorum=quorum, problems=problems, notes=notes)
    if problems or settings is None:
        return None, sorted(problems, key=lambda problem: (FILES.index(problem.file), problem))
    definition = d.Definition(
        format=d.FORMAT,
        id=settings.id,
        purpose=settings.purpose,
        name_ky=settings.name_ky,
        name_ru=settings.name_ru,
        ballot_mode=settings.ballot_mode,
        languages=cast(Any, settings.languages),
        zone=settings.zone,
        quorum=settings.quorum,
        calendar=settings.calendar,
        districts=districts or (),
        stations=stations or (),
        lines=lines,
        equations=equations,
        corrections="order" if settings.corrections == "order" else None,
    )
    warnings = [*notes, *doubts.found(definition, files, candidates or {}, officials)]
    return Source(definition, officials, tuple(sorted(warnings, key=lambda w: (FILES.index(w.file), w)))), []


def _settings(untrusted: bytes, problems: list[Problem]) -> _Settings | None:
    name = "election.toml"

    def problem(key: str, what: str) -> None:
        problems.append(Problem(name, toml.line_of(untrusted, key), what))

    raw = toml.read(untrusted, lambda line, what: problems.append(Problem(name, line, what)))
    if raw is None or not toml.check(raw, _Settings, problem):
        return None
    settings = msgspec.convert(raw, _Settings)
    if not settings.id.replace("-", "").isalnum() or not settings.id.isascii():
        problem("id", _("the id may hold letters a to z, digits and hyphens"))
    for key, title in (("name_ky", settings.name_ky), ("name_ru", settings.name_ru)):
        if what := _title(title):
            problem(key, f"{key}: {what}")
    if (
        not settings.languages
        or not set(settings.languages) <= set(LANGUAGES)
        or len(set(settings.languages)) < len(settings.languages)
    ):
        problem("languages", _("languages are ky, ru and en; name at least one, and each once"))
    if settings.zone not in available_timezones():
        problem("zone", _("{zone} is not a time zone; write one like Asia/Bishkek", zone=settings.zone))
    if not 1 <= settings.quorum <= 16:
        problem("quorum", _("the quorum is a number of members from 1 to 16"))
    _calendar(settings.calendar, problem)
    return settings


def _title(text: str) -> str:
    """What is wrong with something that is shown to everybody, "" if nothing."""
    if not text.strip():
        return _("there is nothing in it; fill it in")
    return wrong_sign(text) or damage_of_text(text)


_DAYS = ("voting_day", "campaign_from", "lists_posted_by")


def _calendar(calendar: d.Calendar, problem: Callable[[str, str], None]) -> None:
    before = 0

    def wrong(key: str, what: str) -> None:
        nonlocal before
        before += 1
        problem(key, what)

    for key, value in msgspec.structs.asdict(calendar).items():
        try:
            if key in _DAYS:
                date.fromisoformat(value)
            elif key in ("opens", "closes"):
                if time.fromisoformat(value).tzinfo is not None:
                    wrong(key, _("{value} has a zone; local times are written without one", value=value))
            elif datetime.fromisoformat(value).tzinfo is not None:
                wrong(key, _("{value} has a zone; local times are written without one", value=value))
        except ValueError:
            like = "2025-11-30" if key in _DAYS else "08:00" if key in ("opens", "closes") else "2025-11-29T08:00"
            wrong(key, _("{value} is not a date or time of the calendar; write like {like}", value=value, like=like))
    if before:
        return
    opens, closes = (f"{calendar.voting_day}T{hour}" for hour in (calendar.opens, calendar.closes))
    moments = [datetime.fromisoformat(m) for m in (calendar.campaign_from, calendar.silence_from, opens, closes)]
    if any(earlier >= later for earlier, later in pairwise(moments)):
        problem("voting_day", _("campaign, silence, opening and closing must follow one another; check the dates"))
    if date.fromisoformat(calendar.lists_posted_by) >= date.fromisoformat(calendar.voting_day):
        problem("lists_posted_by", _("the lists must hang before the voting day; correct the date"))


def _protocol(untrusted: bytes, problems: list[Problem]) -> tuple[tuple[d.ProtocolLine, ...], tuple[d.Equation, ...]]:
    name = "protocol.toml"

    def problem(fragment: str, what: str) -> None:
        problems.append(Problem(name, toml.line_with(untrusted, fragment), what))

    raw = toml.read(untrusted, lambda line, what: problems.append(Problem(name, line, what)))
    if raw is None:
        return (), ()
    found = toml.blocks(raw, untrusted, {"line": d.ProtocolLine, "equation": _Rule},
                        lambda line, what: problems.append(Problem(name, line, what)))  # fmt: skip
    if found is None:
        return (), ()
    lines, texts = cast(tuple[d.ProtocolLine, ...], found["line"]), cast(tuple[_Rule, ...], found["equation"])
    known = {line.id for line in lines}
    for line in lines:
        if not _ID.fullmatch(line.id) or sum(other.id == line.id for other in lines) > 1:
            problem(f'"{line.id}"', _("a line needs an id of letters a to z that no other has"))
        if line.source == "day" and line.id not in COMPUTED:
            problem(f'"{line.id}"', _("{id} is not a line the day computes; mark it as counted by hand", id=line.id))
        if line.source == "hand" and line.id in COMPUTED:
            problem(f'"{line.id}"', _("{id} is computed by the day; nobody can count it by hand", id=line.id))
        for what in filter(None, (_title(line.label_ky), _title(line.label_ru))):
            problem(f'"{line.id}"', f"{line.id}: {what}")
    for missing in sorted({*COMPUTED, "portable", "stationary", "valid", "invalid"} - known):
        problem("[[line]]", _("the line {id} is missing; add it", id=missing))
    equations: list[d.Equation] = []
    for entry in texts:
        text = entry.rule
        if not _ID.fullmatch(entry.id) or entry.id in {e.id for e in equations}:
            problem(f'"{text}"', _("an equation needs an id of letters a to z that no other has"))
        try:
            equation = parse(entry.id, text)
        except ValueError:
            problem(f'"{text}"', _("“{rule}” is not an equation; write like a + b = c", rule=text))
            continue
        for term in (*equation.left, *equation.right):
            if term not in known and term not in SUMS:
                problem(f'"{text}"', _("the equation names {term}, which is not a line", term=term))
        equations.append(equation)
    return lines, tuple(equations)
