"""Keys, sealing, shares: what the libraries promise, as we use them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.errors import IntegrityError, Refusal
from kiosk.trust import keys, sealing, shares

SEED = bytes(range(32))


def test_everything_follows_from_the_seed() -> None:
    assert keys.signing_public(keys.signing_key(SEED)) == keys.signing_public(keys.signing_key(SEED))
    assert keys.sealing_public(SEED) == keys.sealing_public(SEED)
    assert keys.sealing_public(SEED) != keys.sealing_public(SEED[::-1])
    assert keys.derive(SEED, "a") != keys.derive(SEED, "b")
    assert len(keys.sealing_public(SEED)) == keys.SEALING_PUBLIC_BYTES


def test_fingerprints_are_for_reading_aloud() -> None:
    assert keys.fingerprint(b"x").count(" ") == 7
    assert keys.fingerprint(b"x").replace(" ", "") == keys.key_id(b"x")


@pytest.mark.parametrize("bad", [b"", b"x" * 31, b"x" * 33])
def test_a_damaged_signing_key_is_refused(bad: bytes) -> None:
    with pytest.raises(IntegrityError, match="key_malformed"):
        keys.read_signing_public(bad)


@pytest.mark.parametrize("bad", [b"", b"x" * 1215, b"\xff" * 1216])
def test_a_damaged_sealing_key_is_refused(bad: bytes) -> None:
    with pytest.raises(IntegrityError, match="key_malformed"):
        keys.read_sealing_public(bad)


@given(st.binary(max_size=200), st.binary(max_size=40))
def test_seal_and_unseal(plain: bytes, info: bytes) -> None:
    public, private = keys.read_sealing_public(keys.sealing_public(SEED)), keys.sealing_key(SEED)
    sealed = sealing.seal(plain, public, info)
    assert len(sealed) == len(plain) + sealing.OVERHEAD
    assert sealing.unseal(sealed, private, info) == plain
    for wrong in (sealed[:-1], sealed[:-1] + bytes([sealed[-1] ^ 1]), b"", b"\0" + sealed[1:] + b"x"):
        with pytest.raises(IntegrityError, match="sealed_unreadable"):
            sealing.unseal(wrong, private, info)
    with pytest.raises(IntegrityError, match="sealed_unreadable"):
        sealing.unseal(sealed, private, info + b"!")
    with pytest.raises(IntegrityError, match="sealed_unreadable"):
        sealing.unseal(sealed, keys.sealing_key(SEED[::-1]), info)


@given(st.binary(max_size=200), st.binary(max_size=40))
def test_lock_and_unlock(plain: bytes, info: bytes) -> None:
    locked = sealing.lock(plain, SEED, info)
    assert sealing.unlock(locked, SEED, info) == plain
    for wrong, key, place in (
        (locked, SEED[::-1], info),
        (locked, SEED, info + b"!"),
        (locked[:-1], SEED, info),
        (b"", SEED, info),
    ):
        with pytest.raises(IntegrityError, match="sealed_unreadable"):
            sealing.unlock(wrong, key, place)


@pytest.mark.parametrize(("k", "n"), [(1, 1), (1, 4), (2, 3), (3, 5), (5, 5)])
def test_any_k_of_n_rebuild_and_fewer_do_not(k: int, n: int) -> None:
    words = shares.split(SEED, k, n)
    assert len(words) == n
    assert shares.combine(words[-k:], k) == SEED
    assert shares.combine(reversed(words), k) == SEED
    if k > 1:
        assert shares.combine(words[: k - 1], k) == Refusal("too_few_shares", {"found": k - 1, "needed": k})
        assert shares.combine(words[:1] * k, k) == Refusal("too_few_shares", {"found": 1, "needed": k})


def test_shares_of_two_secrets_do_not_mix() -> None:
    one, two = shares.split(SEED, 2, 3), shares.split(SEED[::-1], 2, 3)
    assert shares.combine([one[0], two[1]], 2) == Refusal("shares_do_not_match")
    assert shares.combine(["one two", "three four"], 2) == Refusal("shares_do_not_match")
