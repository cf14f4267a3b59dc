"""A station's packet without its terminal: drawn up, signed and sealed by the real code from a list of visits.

For simulating a country: 2,492 terminals, each with its databases, would take hours. What the centre gets to see is the
same. Refuses to fabricate anything official.
"""

import random
import secrets
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PublicKey

from kiosk.ballot import ballot as b
from kiosk.ballot.count import CastVoteRecord, HandCount
from kiosk.ballot.envelopes import Envelope, signed_bytes
from kiosk.centre.provision.station import Card
from kiosk.day import protocol as drawing
from kiosk.election.definition import AGAINST_ALL, INVALID
from kiosk.errors import DeviceError, must
from kiosk.forms import pages
from kiosk.journal import chain
from kiosk.journal.events import JournalEvent
from kiosk.packet import content as c
from kiosk.packet import package as pk
from kiosk.packet import write
from kiosk.roll.nation import Tag
from kiosk.roll.register import BallotKind
from kiosk.settings import CHECKPOINT_EVERY
from kiosk.trust import badges, keys
from kiosk.trust.sealing import seal, unseal


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """One voter's ballot. `cast` is False for a voter who left without recording."""

    tag: bytes
    kind: BallotKind
    district: int
    at: datetime
    choice: int
    cast: bool = True


class Desk(msgspec.Struct, frozen=True):
    """What a station's people hold between them: its package, opened with their cards."""

    package: pk.Package
    secrets: pk.Secrets
    badges: dict[str, badges.Badge]

    @classmethod
    def unlock(cls, path: Path, cards: Sequence[Card]) -> "Desk":
        """DeviceError `fake_refused` for an official election."""
        package = pk.read_file(path)
        if package.credential.purpose == "official":
            raise DeviceError("fake_refused", device="station")
        signing = [card for card in cards if card.officer.role in ("chair", "member")]
        found = {card.officer.id: must(badges.open_card(card.text, card.pin)) for card in signing}
        chair = next(o.id for o in package.credential.of_role("chair"))
        sealed, info = pk.open_keyring(package.entries[pk.KEYRING], package.credential, chair)
        store_key = unseal(sealed, found[chair].sealing, info)
        return cls(package, pk.unlock_vault(package.entries[pk.VAULT], store_key, package.credential), found)

    @property
    def nation_key(self) -> bytes:
        return bytes.fromhex(self.secrets.nation_key)


def packet(desk: Desk, visits: Sequence[Visit], version: int = 1, slip: int = 0) -> bytes:
    """The packet's bytes. `slip`: papers counted too many in the stationary box, so that an equation breaks."""
    station = desk.package.credential.station
    definition = desk.package.election.definition
    station_key = keys.signing_key(bytes.fromhex(desk.secrets.station_seed))
    quorum = definition.quorum
    officers = desk.package.credential
    signers = [*officers.of_role("chair"), *officers.of_role("member")[:quorum]]
    ordered = sorted(visits, key=lambda visit: visit.at)
    drawn = _protocol(
        desk, ordered, version, slip, signatories=[c.Signatory(o.id, o.role, o.name_ky, o.name_ru) for o in signers]
    )
    inside = [v for v in ordered if v.kind == "home" and v.cast]
    records = [CastVoteRecord(secrets.token_hex(8), visit.choice) for visit in inside]
    journal, checkpoints = _journal(ordered, station_key, f"{definition.hash} {station}", signers[0].id)
    authority = keys.read_sealing_public(desk.package.election.authority_sealing)
    to = definition.hash, station, authority
    served = [(Tag(v.tag), v.kind, v.district, v.at.isoformat()) for v in sorted(ordered, key=lambda v: v.tag)]
    envelopes = [
        _envelope(v, definition.hash, authority, station_key) for v in ordered if v.kind == "remote" and v.cast
    ]
    return write.build(
        write.Records(
            protocol=drawn,
            ballots=sorted(records, key=lambda record: record.id),
            journal=journal,
            checkpoints=checkpoints,
            complaints=(),
            sealed_register=write.sealed_register(served, *to),
            sealed_envelopes=write.sealed_envelopes(sorted(envelopes, key=lambda e: e.tag), *to),
            credential=desk.package.entries[pk.CREDENTIAL],
            created=drawn.drawn_up_at,
        ),
        station_key,
        [desk.badges[o.id].signing for o in signers],
        lambda drawn, code: pages.protocol(drawn, code, pages.Imprint()),
    )


def _envelope(
    visit: Visit, definition_hash: str, authority: MLKEM768X25519PublicKey, station_key: Ed25519PrivateKey
) -> Envelope:
    plain = b.encode(b.Ballot(visit.district, visit.choice))
    sealed = seal(plain, authority, b.envelope_info(definition_hash, visit.district))
    signature = station_key.sign(signed_bytes(definition_hash, visit.tag, visit.district, sealed))
    return Envelope(visit.tag, visit.district, sealed, signature)


def _protocol(
    desk: Desk, visits: Sequence[Visit], version: int, slip: int, *, signatories: Sequence[c.Signatory]
) -> c.Protocol:
    definition, station = desk.package.election.definition, desk.package.credential.station
    here = definition.station(station)
    district = definition.district(here.district)
    inside = [v for v in visits if v.kind == "home"]
    outside = [v for v in visits if v.kind == "outside"]
    electronic = Counter(v.choice for v in inside if v.cast)
    paper = electronic + Counter(v.choice for v in outside)
    votes = {n: paper[n] for n in (AGAINST_ALL, *(x.number for x in district.standing))}
    valid, invalid = sum(votes.values()), paper[INVALID]
    remote = [v for v in visits if v.kind == "remote"]
    day = {
        "roll": here.voters, "given_inside": len(inside), "given_outside": len(outside),
        "cast": sum(v.cast for v in inside), "cancelled": 0, "not_returned": sum(not v.cast for v in inside),
        "remote_given": len(remote), "remote_sealed": sum(v.cast for v in remote),
    }  # fmt: skip
    lines = {
        "portable": len(outside), "stationary": valid + invalid - len(outside) + slip, "valid": valid,
        "invalid": invalid,
    }  # fmt: skip
    member = next(s.id for s in signatories if s.role == "member")
    figures = drawing.Figures(day, dict(electronic), 0)
    hand = HandCount(member, lines, votes)
    acts = [c.Act(x.field, "portable box", member) for x in drawing.electronic_differences(figures, hand)]
    opened = visits[0].at if visits else datetime.fromisoformat(f"{definition.calendar.voting_day}T08:00:00+00:00")
    closed = opened.replace(hour=20, minute=0, second=0, microsecond=0)
    course = drawing.Course(
        version=version,
        opened_at=opened.replace(hour=8, minute=0, second=0).isoformat(),
        closed_at=closed.isoformat(),
        drawn_up_at=(closed + timedelta(hours=2)).isoformat(),
    )

    def drawn(acts: Sequence[c.Act]) -> c.Protocol:
        to = definition, station, course
        return drawing.draw_up(*to, figures=figures, hand=hand, acts=acts, signatories=signatories)

    failing = drawing.unexplained(drawn(acts))
    return drawn([*acts, *(c.Act(field, "counted twice, not explained", member) for field in failing)])


def _journal(
    visits: Sequence[Visit], key: Ed25519PrivateKey, context: str, chair: str
) -> tuple[list[chain.Entry], list[chain.Checkpoint]]:
    happened: list[tuple[str, JournalEvent, dict[str, str | int]]] = []
    for visit in visits:
        happened.append((visit.at.isoformat(), "ballot_given", {"kind": visit.kind}))
        if visit.cast and visit.kind != "outside":
            happened.append((visit.at.isoformat(), "ballot_cast", {"kind": visit.kind}))
    last_at = happened[-1][0] if happened else "2025-11-30T20:00:00+06:00"
    happened.append((last_at, "phase_changed", {"from": "open", "to": "closed"}))
    entries: list[chain.Entry] = []
    checkpoints: list[chain.Checkpoint] = []
    previous = chain.START
    for seq, (at, event, fields) in enumerate(happened, 1):
        told = chain.told_at(event, datetime.fromisoformat(at))
        entry = chain.Entry(seq=seq, at=told, event=event, badge=chair, fields=dict(fields), prev=previous)
        previous = entry.hash
        entries.append(entry)
        if seq % CHECKPOINT_EVERY == 0 or seq == len(happened):
            signature = key.sign(chain.checkpoint_bytes(context, seq, previous))
            checkpoints.append(chain.Checkpoint(seq, signature.hex()))
    return entries, checkpoints


def favourites(district: int, numbers: Sequence[int], seed: int) -> list[float]:
    """How popular each candidate of a district is, the same at all stations; falling off as votes do."""
    dice = random.Random(f"{seed} favourites {district}")
    order = list(numbers)
    dice.shuffle(order)
    weights: dict[int, float] = defaultdict(float)
    for place, number in enumerate(order):
        weights[number] = dice.uniform(0.7, 1.3) / (place + 1.5)
    return [weights[number] for number in numbers]
