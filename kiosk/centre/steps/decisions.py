"""decisions.toml: what the central commission decided after the day. Each file is the whole of its decisions.

[[annul]]                 # a station's votes, all or only those of the portable box
station = 1021
part = "all"              # or "outside"
reason = "…"

[[strike]]                # a candidate
district = 3
candidate = 4
reason = "…"
"""

from collections.abc import Iterator
from typing import Literal

import msgspec

from kiosk import toml
from kiosk.election.definition import Definition
from kiosk.election.table import wrong_sign
from kiosk.errors import Problem, ProblemsError
from kiosk.text import _

FILE = "decisions.toml"


class Annul(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    station: int
    part: Literal["all", "outside"]
    reason: str


class Strike(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    district: int
    candidate: int
    reason: str


class Decisions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    annul: tuple[Annul, ...] = ()
    strike: tuple[Strike, ...] = ()

    def annulled(self, part: Literal["all", "outside"]) -> frozenset[int]:
        return frozenset(a.station for a in self.annul if a.part == part)

    def struck(self, district: int) -> frozenset[int]:
        return frozenset(s.candidate for s in self.strike if s.district == district)


def read(untrusted: bytes, definition: Definition, name: str = FILE) -> Decisions:
    """ProblemsError with every place that is wrong; nothing is guessed and nothing half applied."""
    problems: list[Problem] = []

    def problem(line: int, what: str) -> None:
        problems.append(Problem(name, line, what))

    raw = toml.read(untrusted, problem)
    blocks = toml.blocks(raw, untrusted, {"annul": Annul, "strike": Strike}, problem) if raw is not None else None
    if blocks is None:
        raise ProblemsError(problems)
    found = Decisions(blocks["annul"], blocks["strike"])
    for place, key, what in _annulments(found, definition):
        problem(toml.line_of(untrusted, key, "annul", place), what)
    for place, key, what in _strikes(found, definition):
        problem(toml.line_of(untrusted, key, "strike", place), what)
    if problems:
        raise ProblemsError(sorted(problems))
    return found


_Wrong = Iterator[tuple[int, str, str]]  # which block, which key in it, what


def _annulments(found: Decisions, definition: Definition) -> _Wrong:
    seen: set[int] = set()
    for place, annul in enumerate(found.annul):
        if not definition.has_station(annul.station):
            yield place, "station", _("there is no station {station}", station=annul.station)
        if annul.station in seen:
            yield place, "station", _("station {station} is annulled twice; keep one", station=annul.station)
        seen.add(annul.station)
        if what := _reason(annul.reason):
            yield place, "reason", what
        if definition.ballot_mode == "paper" and annul.part == "outside":
            what = _("in a paper election the portable box is counted together with the other; annul the whole station")
            yield place, "part", what


def _strikes(found: Decisions, definition: Definition) -> _Wrong:
    districts = {district.number: {c.number for c in district.standing} for district in definition.districts}
    for place, strike in enumerate(found.strike):
        standing = {int(n): numbers for n, numbers in districts.items()}.get(strike.district, set())
        if strike.candidate not in standing:
            where = {"district": strike.district, "candidate": strike.candidate}
            yield place, "candidate", _("nobody stands in district {district} as number {candidate}", **where)
        if what := _reason(strike.reason):
            yield place, "reason", what


def _reason(text: str) -> str:
    """What is wrong with a reason, which stands in the report; "" if nothing."""
    if not text.strip():
        return _("the reason is missing; write the decision's number or its words")
    return wrong_sign(text.replace("\n", " "))
