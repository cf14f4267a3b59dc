"""DSSE envelopes, credentials and election files: strict in what they accept."""

import json

import msgspec
import pytest
from securesystemslib.signer import Key, SSlibKey  # type: ignore[attr-defined]

from kiosk import canonical
from kiosk.errors import IntegrityError
from kiosk.trust import credential, election_file, keys, signing
from tests.stage.world import HOME, World, small_source

TYPE = "application/vnd.kiosk.test+json"
ONE, TWO = keys.signing_key(b"1" * 32), keys.signing_key(b"2" * 32)
PUBLICS = {"one": keys.signing_public(ONE), "two": keys.signing_public(TWO)}


def test_who_signed() -> None:
    envelope = signing.read(signing.sign(b"{}", TYPE, [ONE]), TYPE)
    assert signing.signed_by(envelope, PUBLICS) == {"one"}
    assert signing.signed_by(signing.add_signatures(envelope, [TWO]), PUBLICS) == {"one", "two"}


def test_the_library_that_made_the_format_agrees() -> None:
    envelope = signing.read(signing.sign(b"{}", TYPE, [ONE, TWO]), TYPE)
    theirs: list[Key] = [SSlibKey(keys.key_id(p), "ed25519", "ed25519", {"public": p.hex()}) for p in PUBLICS.values()]
    assert len(envelope.verify(theirs, 2)) == 2


def test_a_changed_payload_is_signed_by_nobody() -> None:
    raw = json.loads(signing.sign(b"{}", TYPE, [ONE]))
    raw["payload"] = "e30g"
    assert signing.signed_by(signing.read(canonical.write(raw), TYPE), PUBLICS) == frozenset()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda b: b"", "envelope_malformed"),
        (lambda b: b"[]", "envelope_malformed"),
        (lambda b: b"1", "envelope_malformed"),
        (lambda b: b[:-1], "envelope_malformed"),
        (lambda b: b.replace(b'"payload"', b'"Payload"'), "envelope_malformed"),
        (lambda b: b.replace(b'"keyid"', b'"keyID"'), "envelope_malformed"),
        (lambda b: b.replace(b'"sig":"', b'"sig":"*'), "envelope_malformed"),
        (lambda b: b.replace(b"kiosk.test", b"kiosk.rest"), "envelope_type"),
        (lambda b: b + b" ", "envelope_not_canonical"),
        (lambda b: b"[" * 100_000, "envelope_malformed"),
    ],
)
def test_strange_envelopes_are_refused(change, code: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(IntegrityError) as caught:
        signing.read(change(signing.sign(b"{}", TYPE, [ONE])), TYPE)
    assert caught.value.code == code


def test_too_many_signatures_are_refused() -> None:
    many = [keys.signing_key(bytes([i]) * 32) for i in range(33)]
    with pytest.raises(IntegrityError, match="envelope_malformed"):
        signing.read(signing.sign(b"{}", TYPE, many), TYPE)


def test_one_key_signs_once() -> None:
    raw = json.loads(signing.sign(b"{}", TYPE, [ONE]))
    raw["signatures"] *= 2
    with pytest.raises(IntegrityError, match="envelope_malformed"):
        signing.read(canonical.write(raw), TYPE)


# -- credentials --------------------------------------------------------------------------------------


@pytest.fixture
def good(world: World) -> credential.Credential:
    world.set_up()
    return credential.read((world.folder / "credential.dsse.json").read_bytes())


def reissue(world: World, changed: credential.Credential) -> bytes:
    return credential.issue(changed, world.authority.signing)


def test_a_credential_says_who_may(world: World, good: credential.Credential) -> None:
    assert good.station == HOME
    assert credential.read(reissue(world, good)) == good
    assert [o.id for o in good.shareholders] == ["101-chair", "101-member-1", "101-member-2", "101-member-3"]
    technician = good.officer("101-technician-1")
    assert technician and not technician.may_unlock
    assert good.officer("nobody") is None


@pytest.mark.parametrize(
    "change",
    [
        {"quorum": 0},
        {"quorum": 4},
        {"station_key": "zz"},
        {"station_key": "00"},
        {"authority_sealing_key": "00"},
        {"officers": ()},
    ],
)
def test_a_credential_that_makes_no_sense_is_refused(world: World, good: credential.Credential, change) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(IntegrityError, match="credential_malformed"):
        credential.read(reissue(world, msgspec.structs.replace(good, **change)))


def test_nobody_counts_twice(world: World, good: credential.Credential) -> None:
    first = msgspec.structs.replace(good.officers[1], signing_key=good.officers[0].signing_key)
    doubled = msgspec.structs.replace(good, officers=(good.officers[0], first, *good.officers[2:]))
    with pytest.raises(IntegrityError, match="credential_malformed"):
        credential.read(reissue(world, doubled))
    two_chairs = msgspec.structs.replace(good.officers[1], role="chair")
    with pytest.raises(IntegrityError, match="credential_malformed"):
        credential.read(reissue(world, msgspec.structs.replace(good, officers=(good.officers[0], two_chairs))))


def test_another_signature_than_the_authority_s_is_refused(good: credential.Credential) -> None:
    with pytest.raises(IntegrityError, match="credential_signature"):
        credential.read(credential.issue(good, ONE))


def test_a_payload_with_other_spacing_is_refused(world: World, good: credential.Credential) -> None:
    loose = msgspec.json.format(msgspec.json.encode(good))
    with pytest.raises(IntegrityError, match="credential_malformed"):
        credential.read(signing.sign(loose, credential.TYPE, [world.authority.signing]))


@pytest.mark.parametrize(
    "change", [{"purpose": "demo"}, {"election": "other"}, {"definition_hash": "0" * 64}, {"station": 7}]
)
def test_a_credential_of_elsewhere_does_not_belong(world: World, good: credential.Credential, change) -> None:  # type: ignore[no-untyped-def]
    credential.check_belongs(good, world.source.definition)
    with pytest.raises(IntegrityError, match="credential_foreign"):
        credential.check_belongs(msgspec.structs.replace(good, **change), world.source.definition)


# -- the election file ----------------------------------------------------------------------------------


def test_the_election_file_round_trips(world: World) -> None:
    assert world.election.definition == world.source.definition
    assert world.election.authority == world.authority.public


def test_a_bad_election_file_is_refused(world: World) -> None:
    definition = small_source().definition
    good = election_file.issue(definition, ONE, world.authority.sealing_public)
    payload = signing.read(good, election_file.TYPE).payload
    for content, code in (
        (b"x" * (election_file.MAX_BYTES + 1), "election_malformed"),
        (signing.sign(payload, election_file.TYPE, [TWO]), "election_signature"),
        (signing.sign(b"{}", election_file.TYPE, [ONE]), "election_malformed"),
        (election_file.issue(definition, ONE, b"short"), "election_malformed"),
        (b"{}", "envelope_malformed"),
    ):
        with pytest.raises(IntegrityError) as caught:
            election_file.read(content)
        assert caught.value.code == code
