"""External truth: the NIST schemas, a QR decoder, openssl."""

import base64
import json
import re
import shutil
import subprocess
import zlib
from pathlib import Path

import cbor2
import jsonschema
import msgspec
import pypdfium2
import pytest
import rfc8785
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from kiosk.errors import IntegrityError
from kiosk.forms import pages
from kiosk.packet import archive, qr
from kiosk.packet import content as c
from kiosk.packet.write import software_hash
from kiosk.trust import credential, keys, signing
from tests.packet.conftest import Day

SCHEMAS = {
    c.RESULTS: "NIST_V2_election_results_reporting.json",
    c.BALLOTS: "NIST_V0_cast_vote_records.json",
    c.EVENT_LOG: "NIST_V1_election_event_logging.json",
}


@pytest.mark.parametrize("entry", SCHEMAS)
def test_reports_validate_against_the_official_schemas(day: Day, nist: Path, entry: str) -> None:
    schema = json.loads((nist / SCHEMAS[entry]).read_text("utf-8"))
    report = json.loads(day.entries()[entry])
    checker = jsonschema.Draft4Validator.FORMAT_CHECKER
    errors = list(jsonschema.Draft4Validator(schema, format_checker=checker).iter_errors(report))
    assert errors == []
    report["@type"] = "Nonsense"
    assert not jsonschema.Draft4Validator(schema).is_valid(report)


@pytest.mark.parametrize("entry", [c.MANIFEST, *SCHEMAS, c.PROTOCOL, c.COMPLAINTS])
def test_what_is_compared_byte_for_byte_is_canonical(day: Day, entry: str) -> None:
    """RFC 8785, as somebody else's library writes it: what is encoded in a fixed order is in the right one."""
    content = day.entries()[entry]
    assert rfc8785.dumps(json.loads(content)) == content


def station_public(day: Day) -> bytes:
    return bytes.fromhex(credential.read(day.manifest().credential.encode()).station_key)


def read_from(pdf: bytes) -> list[str]:
    page = pypdfium2.PdfDocument(pdf)[0]
    image = page.render(scale=200 / 72).to_pil().convert("L")
    return [
        found.text
        for found in zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    ]


def test_the_qr_is_read_back_from_the_printed_page(day: Day) -> None:
    [text] = read_from(day.entries()[c.PROTOCOL_PDF])
    found = qr.decode(text, station_public(day))
    protocol = c.from_json(day.entries()[c.PROTOCOL], c.Protocol, c.PROTOCOL)
    assert found == qr.content_of(protocol, day.manifest().content, software_hash())
    assert found.votes == tuple(row.legal for row in protocol.votes)
    assert found.content.hex() == day.manifest().content
    assert found.epoch == 1 and found.software.hex() == day.manifest().software_hash[:16]


def test_the_signature_of_the_code_is_plain_ed25519_over_the_cose_structure(day: Day) -> None:
    """RFC 9052, 4.4: Sig_structure = ["Signature1", protected, external_aad, payload]."""
    import base45

    [text] = read_from(day.entries()[c.PROTOCOL_PDF])
    tagged = cbor2.loads(zlib.decompress(base45.b45decode(text.removeprefix("KS1:"))))
    protected, _unprotected, payload, signature = tagged.value
    message = cbor2.dumps(["Signature1", protected, b"", payload])
    keys.read_signing_public(station_public(day)).verify(signature, message)


def test_thirty_candidates_fit_one_code(day: Day) -> None:
    protocol = c.from_json(day.entries()[c.PROTOCOL], c.Protocol, c.PROTOCOL)
    import msgspec

    rows = tuple(
        c.VoteRow(
            number=i,
            name_ky=f"Талапкер {i}",
            name_ru=f"Кандидат {i}",
            sex="m",
            electronic=1000 + i,
            hand=1000 + i,
            legal=1000 + i,
        )
        for i in range(1, 31)
    )
    lines = tuple(msgspec.structs.replace(line, value=2500) for line in protocol.lines)
    big = msgspec.structs.replace(protocol, votes=(*rows, protocol.votes[-1]), lines=lines)
    key = keys.signing_key(b"q" * 32)
    text = qr.encode(qr.content_of(big, "ab" * 32, "cd" * 32), key.private_bytes_raw(), keys.signing_public(key))
    [read] = read_from(pages.protocol(big, text, pages.Imprint()))
    assert qr.decode(read, keys.signing_public(key)).votes[:2] == (1001, 1002)


@given(st.text(max_size=100) | st.text(max_size=100).map(lambda t: "KS1:" + t))
def test_no_text_whatever_is_taken_for_a_code(text: str) -> None:
    with pytest.raises(IntegrityError, match="qr_"):
        qr.decode(text, b"k" * 32)


def test_a_code_of_another_station_or_with_changed_votes_is_refused(day: Day) -> None:
    [text] = read_from(day.entries()[c.PROTOCOL_PDF])
    with pytest.raises(IntegrityError, match="qr_signature"):
        qr.decode(text, keys.signing_public(keys.signing_key(b"x" * 32)))
    with pytest.raises(IntegrityError, match="qr_malformed"):
        qr.decode(text[:-9], station_public(day))
    from cwt import COSE, COSEKey

    key = keys.signing_key(b"q" * 32)
    signed = COSE.new(alg_auto_inclusion=True).encode(
        b"\xff", COSEKey.new({1: 1, 3: -8, -1: 6, -2: keys.signing_public(key), -4: key.private_bytes_raw()})
    )
    import base45

    strange = "KS1:" + base45.b45encode(zlib.compress(signed)).decode()
    with pytest.raises(IntegrityError, match="qr_malformed"):
        qr.decode(strange, keys.signing_public(key))


def test_the_code_s_signature_is_judged_like_every_other(day: Day) -> None:
    """A second form of the same signature (S + L, RFC 8032 5.1.7) is none; and what we read, another library reads."""
    import base45
    from cwt import COSE, COSEKey

    [text] = read_from(day.entries()[c.PROTOCOL_PDF])
    public = station_public(day)
    signed = zlib.decompress(base45.b45decode(text.removeprefix(qr.PREFIX)))
    assert COSE.new().decode(signed, COSEKey.new({1: 1, 3: -8, -1: 6, -2: public})) == cbor2.loads(signed).value[2]
    order = 2**252 + 27742317777372353535851937790883648493
    protected, unprotected, payload, signature = cbor2.loads(signed).value
    second = signature[:32] + (int.from_bytes(signature[32:], "little") + order).to_bytes(32, "little")

    def code(*parts: object) -> str:
        message = cbor2.dumps(cbor2.CBORTag(18, list(parts)))
        return qr.PREFIX + base45.b45encode(zlib.compress(message)).decode()

    assert qr.decode(code(protected, unprotected, payload, signature), public).version == 1
    with pytest.raises(IntegrityError, match="qr_signature"):
        qr.decode(code(protected, unprotected, payload, second), public)
    for strange in (
        code(cbor2.dumps({1: -7}), unprotected, payload, signature),  # another algorithm
        code(protected, unprotected, payload),
        code(protected, unprotected, payload, signature[:-1]),
        code(protected, b"", payload, signature),
        code(protected, {4: b"kid"}, payload, signature),
        qr.PREFIX + base45.b45encode(zlib.compress(signed + b"\x00")).decode(),  # more behind it
    ):
        with pytest.raises(IntegrityError, match="qr_malformed"):
            qr.decode(strange, public)
    key, good = keys.signing_key(b"q" * 32), qr.decode(text, public)
    for content in (
        msgspec.structs.replace(good, format=1),
        msgspec.structs.replace(good, content=b"short"),
        msgspec.structs.replace(good, software=b"more than eight"),
    ):
        with pytest.raises(IntegrityError, match="qr_malformed"):
            qr.decode(qr.encode(content, key.private_bytes_raw(), keys.signing_public(key)), keys.signing_public(key))


def test_the_openssl_recipe_of_the_documentation(day: Day, tmp_path: Path) -> None:
    """docs/verify-by-hand.md, its shell commands as they stand there, on a packet and on a changed one."""
    assert shutil.which("openssl"), "openssl is missing: `packaging/bootstrap.sh .venv tests` installs it"
    page = (Path(__file__).parents[2] / "docs" / "verify-by-hand.md").read_text("utf-8")
    [recipe] = re.findall(r"```sh\n(.*?)```", page, re.DOTALL)
    (tmp_path / "packet.zip").write_bytes(day.packet)

    def run() -> str:
        """As somebody pastes it: an ordinary shell, which goes on after an error."""
        return subprocess.run(["sh"], input=recipe, cwd=tmp_path, capture_output=True, text=True, check=False).stdout

    good = run()
    assert good.count("Signature Verified Successfully") == 5
    assert good.count(": OK") == 9
    assert "station: 101\npurpose: test\n" in good
    assert good.splitlines()[-1].startswith("ACCEPTED") and "REFUSED" not in good

    def refused(packet: bytes) -> None:
        (tmp_path / "packet.zip").write_bytes(packet)
        said = run()
        assert "ACCEPTED" not in said and said.splitlines()[-1].startswith("REFUSED")

    def change(entries: dict[str, bytes]) -> None:
        entries[c.PROTOCOL] = entries[c.PROTOCOL].replace(b"101", b"102", 1)

    refused(day.forge(change, rehash=False))
    refused(_all_keys_exchanged(day))
    more = {**day.entries(), "public/more.txt": b"not listed"}
    refused(archive.write(more))


def _all_keys_exchanged(day: Day) -> bytes:
    """Every signature of the station and its officers made anew with keys of the forger's own; the authority's kept."""
    entries = day.entries()
    raw = json.loads(entries[c.MANIFEST])
    manifest = json.loads(base64.b64decode(raw["payload"]))
    outer = json.loads(manifest["credential"])
    credential = json.loads(base64.b64decode(outer["payload"]))
    own = [keys.signing_key(keys.new_seed()) for _ in range(1 + len(credential["officers"]))]
    credential["station_key"] = keys.signing_public(own[0]).hex()
    for officer, key in zip(credential["officers"], own[1:], strict=True):
        officer["signing_key"] = keys.signing_public(key).hex()
    outer["payload"] = base64.b64encode(json.dumps(credential).encode()).decode()
    manifest["credential"] = json.dumps(outer)
    entries[c.MANIFEST] = signing.sign(json.dumps(manifest).encode(), c.MANIFEST_TYPE, own)
    return archive.write(entries)


def test_the_manifest_s_signatures_are_over_the_pre_authentication_bytes(day: Day) -> None:
    raw = json.loads(day.entries()[c.MANIFEST])
    payload = base64.b64decode(raw["payload"])
    kind = raw["payloadType"].encode()
    pae = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)
    assert signing.read(day.entries()[c.MANIFEST], c.MANIFEST_TYPE).pae() == pae


def test_the_pdf_is_pdf_a_and_speaks_both_languages(day: Day) -> None:
    pdf = day.entries()[c.PROTOCOL_PDF]
    assert b"pdfaid:part" in pdf and b">2<" in pdf.replace(b"pdfaid:part", b"pdfaid:part")
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))
    for words in (
        "участкалык шайлоо комиссиясынын",
        "Протокол участковой",
        "Төрөбекова Асел",
        "Торобекова Асел",
        "СЫНОО",
    ):
        assert words in text
