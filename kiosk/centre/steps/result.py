"""A result: everything the outputs say, as one value. What is derived is derived here and nowhere else."""

import hashlib
from collections import Counter

import msgspec

from kiosk import canonical
from kiosk.centre.steps.anonymous.count import DistrictTotal
from kiosk.centre.steps.decisions import Decisions
from kiosk.centre.steps.findings import Findings
from kiosk.election.definition import Definition, Purpose


class Changed(msgspec.Struct, frozen=True):
    """A seat that another version gave to somebody else."""

    district: int
    lost: tuple[str, ...]  # candidate numbers
    won: tuple[str, ...]


class Result(msgspec.Struct, frozen=True, kw_only=True):
    election: str
    purpose: Purpose
    definition_hash: str
    name_ky: str
    name_ru: str
    voting_day: str
    districts: tuple[DistrictTotal, ...]
    findings: Findings
    decisions: Decisions
    stations: int
    remote_opened: bool = True  # False: an interim result of the stations' own votes
    content: str = ""  # SHA-256 over all of the above
    version: int = 0
    changed: tuple[Changed, ...] = ()

    @classmethod
    def of(
        cls,
        definition: Definition,
        districts: tuple[DistrictTotal, ...],
        found: Findings,
        decisions: Decisions,
        *,
        remote_opened: bool,
    ) -> "Result":
        made = cls(
            election=definition.id,
            purpose=definition.purpose,
            definition_hash=definition.hash,
            name_ky=definition.name_ky,
            name_ru=definition.name_ru,
            voting_day=definition.calendar.voting_day,
            districts=districts,
            findings=found,
            decisions=decisions,
            stations=len(definition.stations),
            remote_opened=remote_opened,
        )
        return msgspec.structs.replace(made, content=made._hash())

    def _hash(self) -> str:
        """Floats (turnouts) as text: canonical JSON has none."""
        plain = msgspec.to_builtins(self)
        del plain["content"], plain["version"], plain["changed"]
        return hashlib.sha256(canonical.write(_no_floats(plain))).hexdigest()

    @property
    def annulled(self) -> int:
        return len(self.decisions.annulled("all"))

    @property
    def awaited(self) -> int:
        """Stations whose packet is missing, refused, ambiguous or unopened; none that is annulled."""
        return self.stations - self.findings.packets - self.annulled

    @property
    def complete(self) -> bool:
        return self.remote_opened and not self.awaited

    @property
    def turnout(self) -> tuple[int, int]:
        """(participated, on the rolls of the counted stations)."""
        return sum(d.participated for d in self.districts), sum(d.roll for d in self.districts)

    @property
    def seated(self) -> int:
        return sum(len(district.outcome.seats) for district in self.districts)

    @property
    def seats(self) -> int:
        return sum(district.seats for district in self.districts)


def changes(before: Result, after: Result) -> tuple[Changed, ...]:
    found = []
    for old, new in zip(before.districts, after.districts, strict=True):
        held = {seat.candidate for seat in old.outcome.seats}
        holds = {seat.candidate for seat in new.outcome.seats}
        if held != holds:
            found.append(Changed(new.number, tuple(sorted(held - holds)), tuple(sorted(holds - held))))
    return tuple(found)


def told_apart(before: Result, after: Result) -> int:
    """How many remote ballots of the one result are not in the other: their choices can be read off the difference."""
    if not (before.remote_opened and after.remote_opened):
        return 0
    total = 0
    for old, new in zip(before.districts, after.districts, strict=True):
        was = Counter({c.number: c.remote for c in old.candidates})
        now = Counter({c.number: c.remote for c in new.candidates})
        was[0], now[0] = old.against_remote, new.against_remote
        total += max((was - now).total(), (now - was).total())
    return total


def _no_floats(value: object) -> object:
    match value:
        case float():
            return f"{value:.1f}"
        case dict():
            return {str(k): _no_floats(v) for k, v in value.items()}
        case list() | tuple():
            return [_no_floats(v) for v in value]
        case _:
            return value
