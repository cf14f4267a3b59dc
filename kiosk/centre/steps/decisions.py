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

import tomllib
from typing import Literal

import msgspec

from kiosk.election.definition import Definition
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
    try:
        found = msgspec.convert(tomllib.loads(untrusted.decode("utf-8-sig")), Decisions)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError, RecursionError) as error:
        raise ProblemsError([Problem(name, 1, _("this cannot be read: {error}", error=str(error)))]) from error
    problems = [Problem(name, 1, what) for what in (*_annulments(found, definition), *_strikes(found, definition))]
    if problems:
        raise ProblemsError(problems)
    return found


def _annulments(found: Decisions, definition: Definition) -> list[str]:
    problems = []
    for place, annul in enumerate(found.annul, 1):
        if not definition.has_station(annul.station):
            problems.append(_("annul {n}: there is no station {station}", n=place, station=annul.station))
        if not annul.reason.strip():
            problems.append(_("annul {n}: the reason is missing; write the decision's number or its words", n=place))
    stations = [a.station for a in found.annul]
    if len(set(stations)) < len(stations):
        problems.append(_("a station is annulled twice; keep one of them"))
    if definition.ballot_mode == "paper" and any(a.part == "outside" for a in found.annul):
        problems.append(
            _("in a paper election the portable box is counted together with the other; annul the whole station")
        )
    return problems


def _strikes(found: Decisions, definition: Definition) -> list[str]:
    problems = []
    districts = {d.number: {x.number for x in d.standing} for d in definition.districts}
    for place, strike in enumerate(found.strike, 1):
        if strike.candidate not in districts.get(strike.district, set()):  # type: ignore[call-overload]
            where = {"district": strike.district, "candidate": strike.candidate}
            problems.append(
                _("strike {n}: nobody stands in district {district} as number {candidate}", n=place, **where)
            )
        if not strike.reason.strip():
            problems.append(_("strike {n}: the reason is missing; write the decision's number or its words", n=place))
    return problems
