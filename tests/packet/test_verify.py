"""P7: a good packet is accepted; any change to it is refused with a code of its own."""

import io
import json
import zipfile
from pathlib import Path

import msgspec
import pytest

from kiosk import canonical
from kiosk.errors import IntegrityError
from kiosk.packet import archive
from kiosk.packet import content as c
from kiosk.packet.verify import verify_file
from kiosk.trust import credential, keys
from tests.packet.conftest import Day, protocol_of, refused


def test_a_good_packet_is_accepted_with_a_table_of_checks(day: Day, tmp_path: Path) -> None:
    path = tmp_path / "p.zip"
    path.write_bytes(day.packet)
    for election in (day.world.election, None):
        verdict = verify_file(path, election)
        assert verdict.accepted, verdict
        assert len(verdict.checks) == 14
        assert verdict.manifest == day.manifest()
    assert "NOT compared" in verdict.checks[1].name
    assert day.verify(day.forge()).accepted  # what the forger of these tests makes is sound when nothing is changed


# -- the archive ----------------------------------------------------------------------------------------


def rezip(entries: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as out:
        for name, content in entries.items():
            out.writestr(name, content)
    return buffer.getvalue()


def test_truncated(day: Day) -> None:
    for size in (0, 1, 100, len(day.packet) // 2, len(day.packet) - 1):
        refused(day, day.packet[:size], "archive_malformed")


def test_rezipped(day: Day) -> None:
    refused(day, rezip(day.entries()), "archive_not_canonical")
    refused(day, rezip(day.entries(), zipfile.ZIP_DEFLATED), "archive_compressed")
    refused(day, archive.write(dict(reversed(day.entries().items()))), "archive_not_canonical")
    refused(day, day.packet + b"x", "archive_not_canonical")
    refused(day, b"x" + day.packet, "archive_not_canonical")


def test_bombs(day: Day) -> None:
    bomb = rezip({**day.entries(), c.RESULTS: b"0" * (40 << 20)}, zipfile.ZIP_DEFLATED)
    refused(day, bomb, "archive_compressed")
    refused(
        day, archive.write({**day.entries(), c.RESULTS: b"0" * (c.ENTRIES[c.RESULTS] + 1)}), "archive_entry_too_large"
    )
    with pytest.raises(IntegrityError, match="archive_too_large"):
        archive.read(b"0" * (sum(c.ENTRIES.values()) + 5000), c.ENTRIES)


def test_offsets_beyond_any_file(day: Day) -> None:
    """A ZIP64 record whose header lies at 2⁶³: no signature is needed to send one."""
    import struct

    raw = bytearray(day.packet)
    at = raw.index(b"PK\x01\x02")
    (name_length,) = struct.unpack_from("<H", raw, at + 28)
    struct.pack_into("<H", raw, at + 30, 12)
    struct.pack_into("<L", raw, at + 42, 0xFFFFFFFF)
    extra = struct.pack("<HHQ", 1, 8, 2**63 + 5)
    raw[at + 46 + name_length : at + 46 + name_length] = extra
    end = raw.rindex(b"PK\x05\x06")
    (size,) = struct.unpack_from("<L", raw, end + 12)
    struct.pack_into("<L", raw, end + 12, size + len(extra))
    refused(day, bytes(raw), "archive_malformed")


def test_a_table_of_contents_without_end_is_not_even_read(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    """A million names took four seconds and 420 MB, before the first was looked at and without any signature."""
    many = rezip({f"{n:060}": b"" for n in range(2_000)})
    commented = io.BytesIO(day.packet)
    with zipfile.ZipFile(commented, "a") as out:
        out.comment = b"x" * 100
    monkeypatch.setattr("kiosk.packet.archive.zipfile.ZipFile", None)
    refused(day, many, "archive_entry_unknown")
    refused(day, commented.getvalue(), "archive_not_canonical")


@pytest.mark.parametrize("name", ["../evil", "/etc/passwd", "public/../../evil", "C:evil", "a\\b"])
def test_path_traversal(day: Day, name: str) -> None:
    refused(day, archive.write({**day.entries(), name: b"x"}), "archive_path_unsafe")


def test_missing_unknown_and_double_entries(day: Day) -> None:
    entries = day.entries()
    refused(day, archive.write({**entries, "extra.txt": b"x"}), "archive_entry_unknown")
    for name in entries:
        refused(day, archive.write({n: d for n, d in entries.items() if n != name}), "archive_entry_missing")
    buffer = io.BytesIO(day.packet)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(buffer, "a") as out:
        out.writestr(c.PROTOCOL, b"another")
    refused(day, buffer.getvalue(), "archive_entry_twice")


def test_files_that_cannot_be_read(day: Day, tmp_path: Path) -> None:
    assert verify_file(tmp_path / "none").code == "archive_unreadable"
    assert verify_file(tmp_path).code == "archive_unreadable"
    huge = tmp_path / "huge"
    with huge.open("wb") as file:
        file.truncate(sum(c.ENTRIES.values()) + 5000)
    assert verify_file(huge).code == "archive_too_large"


# -- signatures: three rules over disjoint keys ------------------------------------------------------------


@pytest.mark.parametrize(
    ("signers", "code"),
    [
        (("101-chair", "101-member-1", "101-member-2"), "signature_station"),
        (("station", "101-member-1", "101-member-2", "101-member-3"), "signature_chair"),
        (("station", "101-chair", "101-member-1"), "signature_members"),
        (("station", "101-chair"), "signature_members"),
        (("station", "101-chair", "101-member-1", "101-clerk-1"), "signature_members"),
        (("station", "101-chair", "101-member-1", "101-member-2", "101-clerk-1"), "signature_unknown"),
        ((), "signature_station"),
    ],
)
def test_under_signed_and_wrongly_signed(day: Day, signers: tuple[str, ...], code: str) -> None:
    refused(day, day.forge(signers=signers), code)


def test_other_members_may_sign_but_the_protocol_must_name_them(day: Day) -> None:
    signers = ("station", "101-chair", "101-member-1", "101-member-3")
    refused(day, day.forge(signers=signers), "protocol_signatories")


def test_signatories_bear_the_names_of_the_credential(day: Day) -> None:
    people = protocol_of(day).signatories
    renamed = (msgspec.structs.replace(people[0], name_ru="Somebody Else"), *people[1:])
    refused(day, day.forge_protocol(signatories=renamed), "protocol_signatories")


def test_the_candidates_are_exactly_those_who_stand(day: Day) -> None:
    """Neither may one be dropped with all the ballots, nor one who was struck off be listed."""
    good = protocol_of(day)
    struck_off = day.world.source.definition.district(1).candidates[2]
    extra = c.VoteRow(
        number=3,
        name_ky=struck_off.name_ky,
        name_ru=struck_off.name_ru,
        sex=struck_off.sex,
        electronic=0,
        hand=0,
        legal=0,
    )
    refused(day, day.forge_protocol(votes=(*good.votes[:2], extra, *good.votes[2:])), "protocol_foreign")
    refused(day, day.forge_protocol(votes=(good.votes[0], *good.votes[2:])), "protocol_foreign")


@pytest.mark.parametrize("key_id", [1, 1.5, None, "\ud800", [], "../x", "A" * 32])
def test_key_ids_of_any_kind_are_refused(day: Day, key_id: object) -> None:
    entries = day.entries()
    raw = json.loads(entries[c.MANIFEST])
    raw["signatures"][0]["keyid"] = key_id
    entries[c.MANIFEST] = json.dumps(raw).encode()
    refused(day, archive.write(entries), "envelope_malformed")


def test_a_signature_of_another_key_under_a_known_name(day: Day) -> None:
    def change(entries: dict[str, bytes]) -> None:
        pass

    packet = day.forge(change)
    entries = archive.read(packet, c.ENTRIES)
    raw = json.loads(entries[c.MANIFEST])
    for signature in raw["signatures"]:
        signature["sig"] = "A" * 86 + "=="
    entries[c.MANIFEST] = canonical.write(raw)
    refused(day, archive.write(entries), "signature_station")


# -- the manifest --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"format": c.FORMAT + 1}, "packet_format"),
        ({"purpose": "official"}, "manifest_foreign"),
        ({"election": "other"}, "manifest_foreign"),
        ({"definition_hash": "0" * 64}, "manifest_foreign"),
        ({"station": 102}, "manifest_foreign"),
        ({"version": 2}, "protocol_foreign"),
        ({"version": 0}, "manifest_foreign"),
        ({"version": 10_000}, "manifest_foreign"),
        ({"content": "0" * 64}, "content_hash"),
        ({"entries": ()}, "manifest_entries"),
        ({"credential": "{}"}, "envelope_malformed"),
        ({"created": "yesterday"}, "manifest_foreign"),
        ({"software": "other 1.0"}, "derived_differs"),
    ],
)
def test_a_manifest_that_lies(day: Day, change: dict[str, object], code: str) -> None:
    refused(day, day.forge(manifest=lambda m: msgspec.structs.replace(m, **change)), code)


def test_an_unsound_manifest(day: Day) -> None:
    from kiosk.trust import signing

    entries = day.entries()
    for payload, code in ((b"{}", "entry_malformed"), (c.to_json(day.manifest()) + b" ", "entry_malformed")):
        entries[c.MANIFEST] = signing.sign(payload, c.MANIFEST_TYPE, [keys.signing_key(day.signers["station"])])
        refused(day, archive.write(entries), code)
    entries[c.MANIFEST] = b"junk"
    refused(day, archive.write(entries), "envelope_malformed")


@pytest.mark.parametrize("name", [n for n in c.ENTRIES if n != c.MANIFEST])
def test_an_edited_entry(day: Day, name: str) -> None:
    def edit(entries: dict[str, bytes]) -> None:
        content = bytearray(entries[name])
        content[len(content) // 2] ^= 1
        entries[name] = bytes(content)

    refused(day, day.forge(edit, rehash=False), "entry_hash")


def test_an_authority_of_ones_own(day: Day) -> None:
    """Whoever makes keys, credential and packet alone is found out by the election file, or by the fingerprint."""
    own = keys.signing_key(b"x" * 32)
    known = credential.read(day.manifest().credential.encode())
    forged = msgspec.structs.replace(known, authority_key=keys.signing_public(own).hex())
    packet = day.forge(manifest=lambda m: msgspec.structs.replace(m, credential=credential.issue(forged, own).decode()))
    refused(day, packet, "authority_foreign")
    verdict = day.verify(packet, compared=False)
    assert verdict.accepted
    assert keys.fingerprint(keys.signing_public(own)) in verdict.checks[1].found
    unsigned = credential.issue(known, own).decode()
    refused(day, day.forge(manifest=lambda m: msgspec.structs.replace(m, credential=unsigned)), "credential_signature")


def test_another_election_s_packet(day: Day) -> None:
    other = msgspec.structs.replace(day.world.election, definition=msgspec.structs.replace(
        day.world.source.definition, id="another"))  # fmt: skip
    from kiosk.packet.verify import verify

    assert verify(day.packet, other).code == "credential_foreign"
