"""The central commission's two keys in a file: one to sign, one to open what stations seal to it.

For demo and test the file is made when needed. For an official election it is made once, on a machine of its own,
and its sealing half is split among the commission (issue of the centre).
"""

import os
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey

from kiosk.errors import IntegrityError
from kiosk.trust import keys


class Authority(msgspec.Struct, frozen=True):
    signing_seed: bytes
    sealing_seed: bytes

    @property
    def signing(self) -> Ed25519PrivateKey:
        return keys.signing_key(self.signing_seed)

    @property
    def sealing(self) -> MLKEM768X25519PrivateKey:
        return keys.sealing_key(self.sealing_seed)

    @property
    def public(self) -> bytes:
        return keys.signing_public(self.signing)

    @property
    def sealing_public(self) -> bytes:
        return keys.sealing_public(self.sealing_seed)

    def __repr__(self) -> str:
        return f"Authority({keys.fingerprint(self.public)})"


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    signing_seed: str
    sealing_seed: str


def new() -> Authority:
    return Authority(keys.new_seed(), keys.new_seed())


def save(authority: Authority, path: Path) -> None:
    """Readable by its owner alone; an existing file is never replaced (FileExistsError)."""
    content = msgspec.json.encode(_File(authority.signing_seed.hex(), authority.sealing_seed.hex()))
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def load(path: Path) -> Authority:
    """IntegrityError `authority_malformed`."""
    try:
        found = msgspec.json.decode(path.read_bytes(), type=_File)
        authority = Authority(bytes.fromhex(found.signing_seed), bytes.fromhex(found.sealing_seed))
        if len(authority.signing_seed) != 32 or len(authority.sealing_seed) != 32:
            raise ValueError
    except (OSError, msgspec.DecodeError, ValueError) as error:
        raise IntegrityError("authority_malformed", file=path.name) from error
    return authority
