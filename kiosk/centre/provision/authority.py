"""The central commission's two keys: one to sign, one to open what stations seal to it.

For demo and test both lie in one file, made when needed. For an official election they are made once, on a machine of
its own: a file that only signs, and the sealing half split among the commission, k of n (SLIP-39).
"""

import os
from collections.abc import Sequence
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey

from kiosk.errors import IntegrityError, Refusal
from kiosk.trust import keys, shares


class Authority(msgspec.Struct, frozen=True):
    """`sealing_seed` is empty where the sealing half is split; its public half is always there."""

    signing_seed: bytes
    sealing_seed: bytes
    sealing_public: bytes

    @property
    def signing(self) -> Ed25519PrivateKey:
        return keys.signing_key(self.signing_seed)

    @property
    def public(self) -> bytes:
        return keys.signing_public(self.signing)

    @property
    def sealing(self) -> MLKEM768X25519PrivateKey:
        return keys.sealing_key(self.sealing_seed)

    def __repr__(self) -> str:
        return f"Authority({keys.fingerprint(self.public)})"


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Both halves, or the signing half with the other's public key."""

    signing_seed: str
    sealing_seed: str = ""
    sealing_public: str = ""


class _Share(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    share: str
    needed: int
    sealing: str  # fingerprint of the key it is a share of


def new() -> Authority:
    seed = keys.new_seed()
    return Authority(keys.new_seed(), seed, keys.sealing_public(seed))


def save(authority: Authority, path: Path) -> None:
    """Readable by its owner alone; an existing file is never replaced (FileExistsError)."""
    file = _File(authority.signing_seed.hex(), authority.sealing_seed.hex())
    if not authority.sealing_seed:
        file = _File(authority.signing_seed.hex(), sealing_public=authority.sealing_public.hex())
    _write(path, msgspec.json.encode(file))


def save_split(authority: Authority, folder: Path, needed: int, count: int) -> list[Path]:
    """`authority-signing.json` and `authority-share-1.json` to `-n`: no file holds the sealing key."""
    signing = folder / "authority-signing.json"
    save(msgspec.structs.replace(authority, sealing_seed=b""), signing)
    paths = [signing]
    for number, share in enumerate(shares.split(authority.sealing_seed, needed, count), 1):
        path = folder / f"authority-share-{number}.json"
        found = _Share(share, needed, keys.fingerprint(authority.sealing_public))
        _write(path, msgspec.json.encode(found))
        paths.append(path)
    return paths


def _write(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def load(path: Path) -> Authority:
    """IntegrityError `authority_malformed`."""
    try:
        found = msgspec.json.decode(path.read_bytes(), type=_File)
        signing, sealing = bytes.fromhex(found.signing_seed), bytes.fromhex(found.sealing_seed)
        if len(signing) != keys.SEED_BYTES or len(sealing) not in (0, keys.SEED_BYTES):
            raise ValueError
        public = keys.sealing_public(sealing) if sealing else bytes.fromhex(found.sealing_public)
        keys.read_sealing_public(public)
    except (OSError, msgspec.DecodeError, ValueError, IntegrityError) as error:
        raise IntegrityError("authority_malformed", file=path.name) from error
    return Authority(signing, sealing, public)


def sealing_seed(paths: Sequence[Path], public: bytes) -> bytes:
    """The seed of the sealing key from the whole file or from k share files, of the election whose sealing key is
    `public`. IntegrityError `authority_malformed`, `authority_foreign`, `authority_signing_only`,
    `authority_shares_few`, `authority_shares_apart`."""
    found: list[_Share] = []
    shared: list[Path] = []
    seed = b""
    for path in paths:
        try:
            found.append(msgspec.json.decode(path.read_bytes(), type=_Share))
            shared.append(path)
        except (OSError, msgspec.DecodeError):
            seed = load(path).sealing_seed or seed
    if not seed:
        needed = max((share.needed for share in found), default=1)
        strange = [p.name for p, share in zip(shared, found, strict=True) if share.sealing != keys.fingerprint(public)]
        if strange:
            raise IntegrityError("authority_share_foreign", file=strange[0])
        if not found:
            raise IntegrityError("authority_signing_only")
        rebuilt = shares.combine((share.share for share in found), needed)
        if isinstance(rebuilt, Refusal):
            code = "authority_shares_few" if rebuilt.code == "too_few_shares" else "authority_shares_apart"
            raise IntegrityError(code, **rebuilt.facts)
        seed = rebuilt
    if keys.sealing_public(seed) != public:
        raise IntegrityError("authority_foreign")
    return seed
