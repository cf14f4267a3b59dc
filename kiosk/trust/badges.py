"""Badges: 32 random bytes under a PIN, carried as a QR card or a file; from them the official's two keys."""

import hashlib
import secrets
from typing import NamedTuple

import base45
import cbor2
import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey
from nacl.bindings import crypto_pwhash_alg, crypto_pwhash_ALG_ARGON2ID13

from kiosk.errors import IntegrityError, Refusal
from kiosk.trust import keys

PREFIX = "KB1:"
PLUGGED = "KT1:"  # a token that is plugged in, as if its card had been shown: its badge's id follows
PIN_DIGITS = 6


class Cost(NamedTuple):
    """Argon2id: passes and memory in KiB. The default takes about a twentieth of a second (decision 0019)."""

    passes: int = 2
    memory: int = 32_768


_DEAREST = Cost()  # what the authority issues: a hostile card may not stall the terminal


class Badge(msgspec.Struct, frozen=True):
    """An opened badge: lives in memory only, while its holder is signed in."""

    id: str
    seed: bytes

    @property
    def signing(self) -> Ed25519PrivateKey:
        return keys.signing_key(self.seed)

    @property
    def sealing(self) -> MLKEM768X25519PrivateKey:
        return keys.sealing_key(self.seed)

    @property
    def signing_public(self) -> bytes:
        return keys.signing_public(self.signing)

    @property
    def sealing_public(self) -> bytes:
        return keys.sealing_public(self.seed)

    def __repr__(self) -> str:
        return f"Badge({self.id!r})"


def new_pin() -> str:
    return f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}d}"


def make_card(badge: Badge, pin: str, cost: Cost = Cost()) -> str:  # noqa: B008 (immutable)
    """The text of the QR card: `KB1:` and base45 of CBOR [id, passes, memory, salt, nonce, sealed seed]."""
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    sealed = ChaCha20Poly1305(_key(pin, salt, cost)).encrypt(nonce, badge.seed, badge.id.encode())
    body = cbor2.dumps([badge.id, cost.passes, cost.memory, salt, nonce, sealed])
    text: bytes = base45.b45encode(body)
    return PREFIX + text.decode()


def card_id(untrusted: str) -> str:
    """Whose card, or token, this says it is, before any PIN. IntegrityError `badge_malformed`."""
    if is_token(untrusted):
        return untrusted.removeprefix(PLUGGED)
    card = _read(untrusted)
    return card.id


def is_token(untrusted: str) -> bool:
    return untrusted.startswith(PLUGGED)


def is_shown(untrusted: str) -> bool:
    """Whether this is a badge, whosever: a card that was scanned, or a token that was plugged in."""
    return untrusted.startswith((PREFIX, PLUGGED))


def card_hash(text: str) -> str:
    """Of a card as it is printed, for the credential; "" for a token, which has none."""
    return "" if is_token(text) else hashlib.sha256(text.encode()).hexdigest()


def open_card(untrusted: str, pin: str) -> Badge | Refusal:
    """The badge, or `badge_pin_wrong`. IntegrityError `badge_malformed` if it is no card of ours."""
    card = _read(untrusted)
    try:
        seed = ChaCha20Poly1305(_key(pin, card.salt, card.cost)).decrypt(card.nonce, card.sealed, card.id.encode())
    except InvalidTag:
        return Refusal("badge_pin_wrong")
    return Badge(card.id, seed)


def _key(pin: str, salt: bytes, cost: Cost) -> bytes:
    return crypto_pwhash_alg(
        outlen=32,
        passwd=pin.encode(),
        salt=salt,
        opslimit=cost.passes,
        memlimit=cost.memory * 1024,
        alg=crypto_pwhash_ALG_ARGON2ID13,
    )


class _Card(NamedTuple):
    id: str
    cost: Cost
    salt: bytes
    nonce: bytes
    sealed: bytes


def _read(untrusted: str) -> _Card:
    try:
        if not untrusted.startswith(PREFIX) or len(untrusted) > 1000:
            raise ValueError
        id_, passes, memory, salt, nonce, sealed = cbor2.loads(base45.b45decode(untrusted[len(PREFIX) :]))
        cost = Cost(passes, memory)
        parts = ((salt, 16), (nonce, 12), (sealed, 48))
        shapes = all(isinstance(part, bytes) and len(part) == size for part, size in parts)
        shapes = shapes and isinstance(id_, str) and id_.isascii() and type(passes) is type(memory) is int
        if not shapes or not 1 <= passes <= _DEAREST.passes or not 8 <= memory <= _DEAREST.memory:
            raise ValueError
    except (ValueError, TypeError, cbor2.CBORError) as error:
        raise IntegrityError("badge_malformed") from error
    return _Card(id_, cost, salt, nonce, sealed)
