"""The folder a commission makes in a spreadsheet → a Definition, or every problem with its file and line.

Pure: takes the files' bytes, not paths. Files: election.toml, protocol.toml, districts.csv, stations.csv,
candidates.csv, officials.csv.
"""

import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from itertools import pairwise
from typing import Any, cast
from zoneinfo import available_timezones

import msgspec

from kiosk.election import definition as d
from kiosk.election import rosters
from kiosk.election.equations import parse
from kiosk.errors import Problem
from kiosk.settings import LANGUAGES
from kiosk.text import _

FILES = ("election.toml", "protocol.toml", "districts.csv", "stations.csv", "candidates.csv", "officials.csv")
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


class Source(msgspec.Struct, frozen=True):
    """What the folder says: the election, and who serves at which station."""

    definition: d.Definition
    officials: tuple[d.Official, ...]

    def officials_of(self, station: int) -> tuple[d.Official, ...]:
        return tuple(o for o in self.officials if o.station == station)


def read(files: Mapping[str, bytes]) -> tuple[Source | None, list[Problem]]:
    """The source and no problems, or None and all problems sorted by file and line. Nothing is guessed."""
    problems: list[Problem] = []
    for name in FILES:
        if name not in files:
            problems.append(Problem(name, 1, _("the file is missing; add it to the folder")))
    if problems:
        return None, problems
    settings = _settings(files["election.toml"], problems)
    lines, equations = _protocol(files["protocol.toml"], problems)
    candidates = rosters.candidates(files["candidates.csv"], problems)
    districts = rosters.districts(files["districts.csv"], candidates, problems)
    stations = rosters.stations(files["stations.csv"], {x.number for x in districts}, problems)
    quorum = settings.quorum if settings else 1
    officials = rosters.officials(files["officials.csv"], {s.number for s in stations}, quorum, problems)
    if problems or settings is None:
        return None, sorted(problems)
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
        districts=districts,
        stations=stations,
        lines=lines,
        equations=equations,
    )
    return Source(definition, officials), []


def _toml(name: str, untrusted: bytes, problems: list[Problem]) -> dict[str, Any]:
    try:
        return tomllib.loads(untrusted.decode("utf-8-sig"))
    except UnicodeDecodeError:
        problems.append(Problem(name, 1, _("this is not UTF-8 text; save the file as UTF-8")))
    except RecursionError:
        problems.append(Problem(name, 1, _("this is not TOML: {error}", error=_("too many brackets"))))
    except tomllib.TOMLDecodeError as error:
        found = str(error).partition("at line ")[2].partition(",")[0]
        line = int(found) if found.isdigit() else 1
        problems.append(Problem(name, line, _("this is not TOML: {error}", error=str(error))))
    return {}


def _line_of(untrusted: bytes, key: str) -> int:
    """The line on which `key` is set, 1 if nowhere."""
    for number, line in enumerate(untrusted.decode("utf-8", "replace").splitlines(), 1):
        if line.split("=")[0].strip() == key:
            return number
    return 1


def _only(field: msgspec.structs.FieldInfo) -> Any:
    """A struct with this one setting, so that each is checked even where another is wrong."""
    return msgspec.defstruct("Setting", [(field.name, field.type)])


def _settings(untrusted: bytes, problems: list[Problem]) -> _Settings | None:
    name = "election.toml"
    before = len(problems)
    raw = _toml(name, untrusted, problems)
    if len(problems) > before:
        return None

    def problem(key: str, what: str) -> None:
        problems.append(Problem(name, _line_of(untrusted, key), what))

    good = True
    for key in sorted(set(raw) - {field.name for field in msgspec.structs.fields(_Settings)}):
        problem(key, _("{key} is no setting; remove it", key=key))
        good = False
    for field in msgspec.structs.fields(_Settings):
        try:
            msgspec.convert({field.name: raw[field.name]} if field.name in raw else {}, _only(field))
        except msgspec.ValidationError as error:
            inner = str(error).rpartition("`")[0].rpartition(".")[2]
            problem(
                inner if _line_of(untrusted, inner) > 1 else field.name,
                _("{error}; correct this setting", error=str(error)),
            )
            good = False
    if not good:
        return None
    settings = msgspec.convert(raw, _Settings)
    if not settings.id.replace("-", "").isalnum() or not settings.id.isascii():
        problem("id", _("the id may hold letters a to z, digits and hyphens"))
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


def _calendar(calendar: d.Calendar, problem: Any) -> None:
    moments: list[datetime] = []
    for key, value in (
        ("campaign_from", calendar.campaign_from),
        ("silence_from", calendar.silence_from),
        ("opens", f"{calendar.voting_day}T{calendar.opens}"),
        ("closes", f"{calendar.voting_day}T{calendar.closes}"),
    ):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            problem(key, _("{value} is not a date or time; write like 2025-11-30 and 08:00", value=value))
            return
        if moment.tzinfo is not None:
            problem(key, _("{value} has a zone; local times are written without one", value=value))
            return
        moments.append(moment)
    if any(earlier >= later for earlier, later in pairwise(moments)):
        problem("voting_day", _("campaign, silence, opening and closing must follow one another; check the dates"))
    try:
        date.fromisoformat(calendar.lists_posted_by)
    except ValueError:
        problem(
            "lists_posted_by",
            _("{value} is not a date; write like 2025-11-10", value=calendar.lists_posted_by),
        )


def _line_with(untrusted: bytes, fragment: str) -> int:
    """The first line that is not a comment and holds `fragment`, 1 if none does."""
    for number, line in enumerate(untrusted.decode("utf-8", "replace").splitlines(), 1):
        if fragment in line and not line.lstrip().startswith("#"):
            return number
    return 1


def _protocol(untrusted: bytes, problems: list[Problem]) -> tuple[tuple[d.ProtocolLine, ...], tuple[d.Equation, ...]]:
    name = "protocol.toml"
    before = len(problems)
    raw = _toml(name, untrusted, problems)
    if len(problems) > before:
        return (), ()

    def problem(fragment: str, what: str) -> None:
        problems.append(Problem(name, _line_with(untrusted, fragment), what))

    try:
        lines = msgspec.convert(raw.get("line", []), tuple[d.ProtocolLine, ...])
        texts = msgspec.convert(raw.get("equation", []), tuple[dict[str, str], ...])
    except msgspec.ValidationError as error:
        value = str(error).partition("'")[2].partition("'")[0]
        problem(f'"{value}"', _("{error}; correct this setting", error=str(error)))
        return (), ()
    known = {line.id for line in lines}
    for line in lines:
        if not _ID.fullmatch(line.id) or sum(other.id == line.id for other in lines) > 1:
            problem(f'"{line.id}"', _("a line needs an id of letters a to z that no other has"))
        if line.source == "day" and line.id not in COMPUTED:
            problem(f'"{line.id}"', _("{id} is not a line the day computes; mark it as counted by hand", id=line.id))
    for missing in sorted({*COMPUTED, "portable", "stationary", "valid", "invalid"} - known):
        problem("[[line]]", _("the line {id} is missing; add it", id=missing))
    equations: list[d.Equation] = []
    for entry in texts:
        text = entry.get("rule", "")
        if not _ID.fullmatch(entry.get("id", "")) or entry["id"] in {e.id for e in equations}:
            problem(f'"{text}"', _("an equation needs an id of letters a to z that no other has"))
        try:
            equation = parse(entry.get("id", ""), text)
        except ValueError:
            problem(f'"{text}"', _("“{rule}” is not an equation; write like a + b = c", rule=text))
            continue
        for term in (*equation.left, *equation.right):
            if term not in known and term not in SUMS:
                problem(f'"{text}"', _("the equation names {term}, which is not a line", term=term))
        equations.append(equation)
    return lines, tuple(equations)
