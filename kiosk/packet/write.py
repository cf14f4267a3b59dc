"""Making a packet: every entry from the day's records, the manifest over them, the signatures over that."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PublicKey

from kiosk import __version__, canonical
from kiosk.ballot.count import CastVoteRecord
from kiosk.ballot.envelopes import Envelope
from kiosk.journal import chain
from kiosk.packet import archive, qr
from kiosk.packet import content as c
from kiosk.packet.nist import Source, ballots, event_log, results
from kiosk.roll.nation import Tag
from kiosk.roll.register import BallotKind
from kiosk.trust import signing
from kiosk.trust.keys import signing_public
from kiosk.trust.sealing import seal

SOFTWARE = f"kiosk {__version__}"


class Records(msgspec.Struct, frozen=True, kw_only=True):
    """What the day leaves behind."""

    protocol: c.Protocol
    ballots: Sequence[CastVoteRecord]
    journal: Sequence[chain.Entry]
    checkpoints: Sequence[chain.Checkpoint]
    complaints: Sequence[c.PublicComplaint]
    sealed_register: bytes
    sealed_envelopes: bytes
    credential: bytes  # the signed envelope
    created: str  # ISO time with zone, whole seconds


def sealed_register(
    served: Iterable[tuple[Tag, BallotKind, int, str]], definition_hash: str, station: int, to: MLKEM768X25519PublicKey
) -> bytes:
    """Who was served (tag, kind, district, time), as the packet carries it: sealed to the authority."""
    rows = [[tag.hex(), kind, c.sealed_district(district), at] for tag, kind, district, at in served]
    return seal(canonical.write(rows), to, c.register_info(definition_hash, station))


def sealed_envelopes(
    envelopes: Iterable[Envelope], definition_hash: str, station: int, to: MLKEM768X25519PublicKey
) -> bytes:
    """The remote ballots in their envelopes, likewise."""
    rows = [[e.tag.hex(), c.sealed_district(e.district), e.sealed.hex(), e.signature.hex()] for e in envelopes]
    return seal(canonical.write(rows), to, c.envelopes_info(definition_hash, station))


def file_name(purpose: str, station: int, version: int) -> str:
    return f"{station}-{purpose}-{version}.packet.zip"


def build(
    records: Records,
    station_key: Ed25519PrivateKey,
    officials: Iterable[Ed25519PrivateKey],
    print_protocol: Callable[[c.Protocol, str], bytes],
) -> bytes:
    """The packet's bytes. `print_protocol(protocol, text of the QR)` gives the PDF; `officials`: chair and members."""
    source = Source(records.protocol, records.created, SOFTWARE)
    entries = {
        c.PROTOCOL: c.to_json(records.protocol),
        c.PROTOCOL_PDF: b"",
        c.RESULTS: canonical.write_record(results.report(source)),
        c.BALLOTS: canonical.write_record(ballots.report(records.ballots, source)),
        c.JOURNAL: chain.to_jsonl(records.journal, records.checkpoints),
        c.EVENT_LOG: canonical.write_record(event_log.report(records.journal, source)),
        c.COMPLAINTS: canonical.write(records.complaints),
        c.SEALED_REGISTER: records.sealed_register,
        c.SEALED_ENVELOPES: records.sealed_envelopes,
    }
    content = c.content_hash(c.file_entry(name, entries[name]) for name in entries)
    code = qr.encode(
        qr.content_of(records.protocol, content, software_hash()),
        station_key.private_bytes_raw(),
        signing_public(station_key),
    )
    entries[c.PROTOCOL_PDF] = print_protocol(records.protocol, code)
    protocol = records.protocol
    manifest = c.Manifest(
        format=c.FORMAT,
        purpose=protocol.purpose,
        election=protocol.election,
        definition_hash=protocol.definition_hash,
        station=protocol.station,
        version=protocol.version,
        created=records.created,
        software=SOFTWARE,
        software_hash=software_hash(),
        credential=records.credential.decode(),
        content=content,
        entries=tuple(c.file_entry(name, data) for name, data in entries.items()),
    )
    signed = signing.sign(c.to_json(manifest), c.MANIFEST_TYPE, [station_key, *officials])
    return archive.write({c.MANIFEST: signed, **entries})


_RUNNING = ("kiosk", "ui", "resources")  # the last lies in `kiosk` where the program is installed from a wheel


def software() -> str:
    """Version and the beginning of the hash, as it stands on the lock screen and on every report."""
    digits = software_hash()[:16].upper()
    return f"{SOFTWARE} · {' '.join(digits[at : at + 4] for at in range(0, 16, 4))}"


@cache
def software_hash() -> str:
    """SHA-256 over everything of ours that runs or is shown: `kiosk`, `ui`, `resources`; names and contents, in order.

    What Python compiles beside its sources is left out; it is made anew from them.
    """
    root = Path(__file__).parents[2]
    digest = hashlib.sha256()
    for top in _RUNNING:
        for path in sorted(path for path in (root / top).rglob("*") if path.is_file()):
            name = path.relative_to(root).as_posix()
            if "__pycache__" not in name:
                digest.update(f"{name}\0".encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
