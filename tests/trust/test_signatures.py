"""One judge of signatures for every reader, and it knows the edges of Ed25519."""

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from hypothesis import given
from hypothesis import strategies as st

from kiosk.errors import IntegrityError
from kiosk.trust import badges, keys
from kiosk.trust.signing import verifies

_ORDER = 2**252 + 27742317777372353535851937790883648493
# Points of small order, as they are written (RFC 8032 curve): with them one signature fits every message.
_SMALL = (
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
)


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=300), st.integers(0, 511))
def test_what_is_signed_verifies_and_nothing_else(seed: bytes, message: bytes, bit: int) -> None:
    key = keys.signing_key(seed)
    public = keys.signing_public(key)
    signature = key.sign(message)
    assert verifies(public, signature, message)
    assert not verifies(public, signature, message + b"x")
    bent = bytearray(signature)
    bent[bit // 8] ^= 1 << bit % 8
    assert not verifies(public, bytes(bent), message)
    for short in (b"", signature[:-1], signature + b"x"):
        assert not verifies(public, short, message)


def test_a_second_form_of_the_same_signature_is_refused() -> None:
    key = keys.signing_key(b"s" * 32)
    signature = key.sign(b"message")
    scalar = int.from_bytes(signature[32:], "little")
    twice = signature[:32] + (scalar + _ORDER).to_bytes(32, "little")
    assert not verifies(keys.signing_public(key), twice, b"message")


@pytest.mark.parametrize("point", _SMALL)
def test_a_key_of_small_order_signs_nothing(point: str) -> None:
    """OpenSSL accepts some of these: a signature that was made for no message fits any."""
    public = bytes.fromhex(point)
    for first in _SMALL:
        signature = bytes.fromhex(first) + bytes(32)
        assert not verifies(public, signature, b"any message")


def test_what_is_no_key_is_said() -> None:
    with pytest.raises(IntegrityError, match="key_malformed"):
        verifies(b"short", bytes(64), b"")


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=100), st.binary(min_size=64, max_size=64))
def test_nothing_is_accepted_that_openssl_refuses(seed: bytes, message: bytes, signature: bytes) -> None:
    key = keys.signing_key(seed).public_key()
    try:
        key.verify(signature, message)
        openssl = True
    except InvalidSignature:
        openssl = False
    assert openssl or not verifies(key.public_bytes_raw(), signature, message)


@given(st.from_regex(r"[0-9]{6}", fullmatch=True), st.binary(min_size=16, max_size=16))
def test_cards_made_before_still_open(pin: str, salt: bytes) -> None:
    """The same stretching, bit for bit, as the library that made them."""
    cost = badges.Cost(1, 8)
    before = Argon2id(salt=salt, length=32, iterations=1, lanes=1, memory_cost=8).derive(pin.encode())
    assert badges._key(pin, salt, cost) == before
