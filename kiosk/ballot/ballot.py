"""A ballot: one mark in one district, always the same number of bytes, sealed to exactly one place."""

import struct
from collections.abc import Callable

import msgspec

from kiosk.election.definition import AGAINST_ALL, INVALID, District
from kiosk.errors import IntegrityError
from kiosk.trust.sealing import OVERHEAD

PLAIN_BYTES = 32
SEALED_BYTES = PLAIN_BYTES + OVERHEAD
SIGNATURE_BYTES = 64

Sign = Callable[[bytes], bytes]

_LAYOUT = struct.Struct(">BHh27x")  # version, district, choice, padding
_VERSION = 1


class Ballot(msgspec.Struct, frozen=True):
    """`choice`: a candidate's ballot number, AGAINST_ALL or INVALID."""

    district: int
    choice: int

    def __repr__(self) -> str:
        return "Ballot(…)"  # a choice never gets into a log or a traceback


def marked(district: District, untrusted_choice: int | None) -> Ballot:
    """The ballot for a mark; anything that is not exactly one standing choice is invalid, whatever it was."""
    allowed = {AGAINST_ALL, *(c.number for c in district.standing)}
    return Ballot(district.number, untrusted_choice if untrusted_choice in allowed else INVALID)


def encode(ballot: Ballot) -> bytes:
    return _LAYOUT.pack(_VERSION, ballot.district, ballot.choice)


def decode(plain: bytes) -> Ballot:
    if len(plain) != PLAIN_BYTES or plain[0] != _VERSION or any(plain[5:]):
        raise IntegrityError("ballot_malformed")
    _, district, choice = _LAYOUT.unpack(plain)
    return Ballot(district, choice)


def box_info(definition_hash: str, station: int, slot: int) -> bytes:
    """What a ballot in the box is bound to: moved to another slot, station or election it no longer opens."""
    return f"ks1 box {definition_hash} {station} {slot}".encode()


def envelope_info(definition_hash: str, district: int) -> bytes:
    """What a remote ballot is bound to. Not to its station or slot: it is shuffled with its district's others."""
    return f"ks1 envelope {definition_hash} {district}".encode()
