"""The step that takes the voter off the ballot: what leaves here is a district and a sealed ballot, nothing else.

A district's ballots are put together and sorted by their own bytes. Those are indistinguishable from random, so the
order says nothing about when or where a ballot was cast, and an auditor gets the same one (decision 0020).
"""

from typing import Protocol

import msgspec


class SealedBallot(msgspec.Struct, frozen=True, order=True):
    """All that later steps ever see."""

    district: int
    sealed: bytes

    def __repr__(self) -> str:
        return f"SealedBallot({self.district})"


class Rows(Protocol):
    def rows(self, sql: str) -> list[tuple[int, bytes]]: ...


def anonymise(tables: Rows) -> list[SealedBallot]:
    """The envelopes that count (kiosk.centre.steps.squash fills `verdict`), without their outsides."""
    found = tables.rows(
        "SELECT e.district, e.sealed FROM verdict v JOIN chosen c ON c.station = v.station"
        " JOIN envelope e ON e.sha256 = c.sha256 AND e.tag = v.tag WHERE v.why = ''"
    )
    return sorted(SealedBallot(district, bytes(sealed)) for district, sealed in found)
