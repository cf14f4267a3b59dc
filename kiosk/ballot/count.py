"""Counting: the electronic count of the box, and the hand count of paper entered twice by two people."""

import random
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping

import msgspec
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey

from kiosk.ballot import ballot as b
from kiosk.election.definition import AGAINST_ALL, INVALID, District
from kiosk.errors import IntegrityError, Refusal
from kiosk.trust.sealing import unseal
from kiosk.trust.signing import verifies


class CastVoteRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One ballot under a fresh random id that stands nowhere else."""

    id: str
    choice: int


class ElectronicCount(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`records` sorted by their random ids; `unreadable`: used slots whose signature or seal does not hold."""

    records: tuple[CastVoteRecord, ...]
    unreadable: int

    def votes(self) -> dict[int, int]:
        """Choice → ballots, AGAINST_ALL and INVALID among them."""
        return dict(Counter(r.choice for r in self.records))


def open_box(
    contents: Iterable[tuple[int, bytes, bytes]],
    box_key: MLKEM768X25519PrivateKey,
    station_public: bytes,
    district: District,
    *,
    definition_hash: str,
    station: int,
) -> ElectronicCount:
    """Verify, open, shuffle, number anew. A damaged slot is counted as unreadable, never dropped silently."""
    allowed = {AGAINST_ALL, INVALID, *(c.number for c in district.candidates)}
    choices: list[int] = []
    unreadable = 0
    for slot, sealed, signature in contents:
        info = b.box_info(definition_hash, station, slot)
        try:
            if not verifies(station_public, signature, info + sealed):
                raise IntegrityError("signature_station")
            ballot = b.decode(unseal(sealed, box_key, info))
        except IntegrityError:
            unreadable += 1
            continue
        fits = ballot.district == district.number and ballot.choice in allowed
        choices.append(ballot.choice if fits else INVALID)
    random.SystemRandom().shuffle(choices)
    records = [CastVoteRecord(secrets.token_hex(8), choice) for choice in choices]
    return ElectronicCount(tuple(sorted(records, key=lambda r: r.id)), unreadable)


class HandCount(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one person counted on paper. `votes`: ballot number → votes, AGAINST_ALL included."""

    by: str  # official id
    lines: dict[str, int]  # every line that the definition has counted by hand
    votes: dict[int, int]

    def figures(self) -> dict[str, int]:
        """All figures by name: lines as they are, votes as `vote:N`."""
        return {**self.lines, **{f"vote:{number}": n for number, n in self.votes.items()}}


def check_hand_count(entry: HandCount, district: District, lines: Iterable[str]) -> Refusal | None:
    """`hand_count_incomplete` (field) or `hand_count_impossible` (field): nothing is filled in for anybody."""
    numbers = [AGAINST_ALL, *(c.number for c in district.standing)]
    for name in lines:
        if name not in entry.lines:
            return Refusal("hand_count_incomplete", {"field": name})
    for number in numbers:
        if number not in entry.votes:
            return Refusal("hand_count_incomplete", {"field": f"vote:{number}"})
    for name, value in entry.figures().items():
        if not 0 <= value <= 100_000:
            return Refusal("hand_count_impossible", {"field": name})
    if extra := set(entry.votes) - set(numbers) or set(entry.lines) - set(lines):
        return Refusal("hand_count_impossible", {"field": str(sorted(extra)[0])})
    return None


class Difference(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`field` as in HandCount.figures; two figures that should be one."""

    field: str
    first: int
    second: int


def differences(first: Mapping[str, int], second: Mapping[str, int]) -> tuple[Difference, ...]:
    """Where two sets of figures differ, in order of field."""
    fields = sorted({*first, *second})
    return tuple(
        Difference(f, first.get(f, 0), second.get(f, 0)) for f in fields if first.get(f, 0) != second.get(f, 0)
    )
