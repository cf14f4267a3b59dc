"""Sealing to somebody's key: HPKE (RFC 9180) with the hybrid KEM ML-KEM-768 + X25519."""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, MLKEM768X25519PrivateKey, MLKEM768X25519PublicKey, Suite

from kiosk.errors import IntegrityError

_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)

OVERHEAD = 1120 + 16  # encapsulated key and tag
_NONCE = 12


def seal(plaintext: bytes, to: MLKEM768X25519PublicKey, info: bytes) -> bytes:
    """len(plaintext) + OVERHEAD bytes. `info` binds the box to its place; opening needs the same."""
    return _SUITE.encrypt(plaintext, to, info)


def unseal(sealed: bytes, key: MLKEM768X25519PrivateKey, info: bytes) -> bytes:
    """IntegrityError if a byte, the key or the place is not the one it was sealed with."""
    try:
        return _SUITE.decrypt(sealed, key, info)
    except (InvalidTag, ValueError) as error:
        raise IntegrityError("sealed_unreadable") from error


def lock(plaintext: bytes, key: bytes, info: bytes) -> bytes:
    """Encrypt under a 32-byte key that both sides already have (ChaCha20-Poly1305, random nonce in front)."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + ChaCha20Poly1305(key).encrypt(nonce, plaintext, info)


def unlock(locked: bytes, key: bytes, info: bytes) -> bytes:
    try:
        return ChaCha20Poly1305(key).decrypt(locked[:_NONCE], locked[_NONCE:], info)
    except (InvalidTag, ValueError) as error:
        raise IntegrityError("sealed_unreadable") from error
