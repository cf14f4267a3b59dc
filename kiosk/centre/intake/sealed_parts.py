"""The two sealed parts of a packet, opened with the authority's key: who was served, and the remote ballots in their
envelopes. The ballots inside stay closed: kiosk.centre.steps.anonymous opens those, and never with a tag beside them.
"""

import binascii
from collections import Counter
from datetime import datetime
from typing import Literal

import msgspec
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey

from kiosk.ballot import ballot as b
from kiosk.ballot.envelopes import signed_bytes
from kiosk.election.calendar import station_hours
from kiosk.election.definition import Definition
from kiosk.errors import IntegrityError
from kiosk.packet import content as c
from kiosk.roll.nation import TAG_BYTES
from kiosk.trust import credential
from kiosk.trust.sealing import unseal
from kiosk.trust.signing import verifies

_Kind = Literal["home", "remote", "outside"]
_RegisterRow = tuple[str, _Kind, str, str]
_EnvelopeRow = tuple[str, str, str, str]


class Served(msgspec.Struct, frozen=True, kw_only=True):
    """Columns of one length: tag, kind of ballot, its district, microseconds since 1970 (UTC), local hour."""

    tags: list[bytes] = []
    kinds: list[str] = []
    districts: list[int] = []
    at: list[int] = []
    hours: list[int] = []


class Envelope(msgspec.Struct, frozen=True):
    """`genuine`: the station's signature ties the outside to the inside."""

    tag: bytes
    district: int
    sealed: bytes
    genuine: bool


def open_parts(
    entries: dict[str, bytes],
    manifest: c.Manifest,
    protocol: c.Protocol,
    key: MLKEM768X25519PrivateKey,
    *,
    definition: Definition,
) -> tuple[Served, tuple[Envelope, ...]]:
    """IntegrityError `sealed_unreadable`, `sealed_malformed`, or `sealed_differs` from what the protocol says."""
    where = (manifest.definition_hash, manifest.station)
    register = unseal(entries[c.SEALED_REGISTER], key, c.register_info(*where))
    envelopes = unseal(entries[c.SEALED_ENVELOPES], key, c.envelopes_info(*where))
    who = credential.read(manifest.credential.encode())
    try:
        served = _served(msgspec.json.decode(register, type=list[_RegisterRow]))
        found = _envelopes(msgspec.json.decode(envelopes, type=list[_EnvelopeRow]), manifest, who.station_key)
        fits = _fits(served, found, protocol, station_hours(definition, manifest.station).opens)
    except (msgspec.DecodeError, ValueError, KeyError, OverflowError, RecursionError) as error:
        raise IntegrityError("sealed_malformed") from error
    if not fits:
        raise IntegrityError("sealed_differs")
    return served, found


def _served(rows: list[_RegisterRow]) -> Served:
    served = Served()
    for tag, kind, district, at in rows:
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None:
            raise ValueError
        served.tags.append(_bytes(tag, TAG_BYTES))
        served.kinds.append(kind)
        served.districts.append(_district(district))
        served.at.append(_microseconds(at))
        served.hours.append(moment.hour)
    if len(set(served.tags)) != len(served.tags):
        raise ValueError
    return served


def _envelopes(rows: list[_EnvelopeRow], manifest: c.Manifest, station_key: str) -> tuple[Envelope, ...]:
    public = bytes.fromhex(station_key)

    def genuine(tag: bytes, district: int, sealed: bytes, signature: bytes) -> bool:
        return verifies(public, signature, signed_bytes(manifest.definition_hash, tag, district, sealed))

    found = []
    for tag_hex, written, sealed_hex, signature_hex in rows:
        district = _district(written)
        tag, sealed = _bytes(tag_hex, TAG_BYTES), _bytes(sealed_hex, b.SEALED_BYTES)
        signature = _bytes(signature_hex, b.SIGNATURE_BYTES)
        found.append(Envelope(tag, district, sealed, genuine(tag, district, sealed, signature)))
    if len({e.tag for e in found}) != len(found):
        raise ValueError
    return tuple(found)


def _district(written: str) -> int:
    number = int(written)
    if number < 1 or c.sealed_district(number) != written:
        raise ValueError
    return number


def _microseconds(at: str) -> int:
    return round(datetime.fromisoformat(at).timestamp() * 1_000_000)


def _bytes(text: str, size: int) -> bytes:
    found = binascii.unhexlify(text)
    if len(found) != size:
        raise ValueError
    return found


def _fits(served: Served, envelopes: tuple[Envelope, ...], protocol: c.Protocol, opens: datetime) -> bool:
    """What is sealed is what the signed protocol counts: nobody served is left out, no envelope is more or less.

    Nothing is given before the polls open by the election's own hours, whatever a station writes as its opening: of
    several envelopes the earliest counts, so a station that dated its own back would win every time.
    In an election on paper remote ballots travel as paper; there are no sealed ones.
    """
    kinds = Counter(served.kinds)
    lines = protocol.line_values()
    sealed = 0 if protocol.ballot_mode == "paper" else lines["remote_sealed"]
    rows = zip(served.tags, served.kinds, served.districts, strict=True)
    given = {(tag, district) for tag, kind, district in rows if kind == "remote"}
    # A ballot at home is entered when the portable box is back, which may be before the polls open.
    inside = [at for at, kind in zip(served.at, served.kinds, strict=True) if kind != "outside"]
    first = max(_microseconds(protocol.opened_at), round(opens.timestamp() * 1_000_000))
    last = _microseconds(protocol.drawn_up_at)
    return (
        all(first <= at <= last for at in inside)
        and len(envelopes) == sealed
        and kinds["home"] == lines["given_inside"] - lines["cancelled"]
        and kinds["outside"] == lines["given_outside"]
        and kinds["remote"] <= lines["remote_given"]
        and {(e.tag, e.district) for e in envelopes} <= given
    )
