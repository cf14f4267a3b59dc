"""Keys from seeds: every key pair here is derived from 32 random bytes, so 32 bytes are all that is ever stored."""

import hashlib
import secrets

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey, MLKEM768X25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kiosk.errors import IntegrityError

SEED_BYTES = 32
SIGNING_PUBLIC_BYTES = 32
_MLKEM_PUBLIC_BYTES = 1184
SEALING_PUBLIC_BYTES = _MLKEM_PUBLIC_BYTES + 32


def new_seed() -> bytes:
    return secrets.token_bytes(SEED_BYTES)


def derive(secret: bytes, label: str, length: int = 32) -> bytes:
    """A key for one purpose from a secret for many (HKDF-SHA256, RFC 5869)."""
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=b"ks1 " + label.encode()).derive(secret)


def signing_key(seed: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(derive(seed, "signing"))


def signing_public(key: Ed25519PrivateKey) -> bytes:
    """The 32 raw bytes of the public half."""
    return key.public_key().public_bytes_raw()


def read_signing_public(untrusted: bytes) -> Ed25519PublicKey:
    try:
        return Ed25519PublicKey.from_public_bytes(untrusted)
    except ValueError as error:
        raise IntegrityError("key_malformed") from error


def sealing_key(seed: bytes) -> MLKEM768X25519PrivateKey:
    """Hybrid key: secure as long as either ML-KEM-768 or X25519 is."""
    return MLKEM768X25519PrivateKey(
        MLKEM768PrivateKey.from_seed_bytes(derive(seed, "sealing mlkem", 64)),
        X25519PrivateKey.from_private_bytes(derive(seed, "sealing x25519")),
    )


def sealing_public(seed: bytes) -> bytes:
    """1,216 bytes: the ML-KEM-768 public key, then the X25519 one."""
    mlkem = MLKEM768PrivateKey.from_seed_bytes(derive(seed, "sealing mlkem", 64)).public_key()
    x25519 = X25519PrivateKey.from_private_bytes(derive(seed, "sealing x25519")).public_key()
    return mlkem.public_bytes_raw() + x25519.public_bytes_raw()


def read_sealing_public(untrusted: bytes) -> MLKEM768X25519PublicKey:
    if len(untrusted) != SEALING_PUBLIC_BYTES:
        raise IntegrityError("key_malformed")
    try:
        return MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(untrusted[:_MLKEM_PUBLIC_BYTES]),
            X25519PublicKey.from_public_bytes(untrusted[_MLKEM_PUBLIC_BYTES:]),
        )
    except ValueError as error:
        raise IntegrityError("key_malformed") from error


def key_id(public: bytes) -> str:
    """How a signature names its key: the first 16 bytes of SHA-256, in hexadecimal."""
    return hashlib.sha256(public).hexdigest()[:32]


def fingerprint(public: bytes) -> str:
    """For comparison with paper: eight groups of four hexadecimal digits."""
    digest = hashlib.sha256(public).hexdigest()[:32]
    return " ".join(digest[i : i + 4] for i in range(0, 32, 4))
