"""What a thief with the raw disk finds: every version of every page of the day's file, in any block of it.

With `key` the thief has opened one clerk's badge. Written after SQLCipher's and SQLite's published formats, without
their code: a page is found by its own HMAC, wherever it lies.
"""

import hmac
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import pbkdf2_hmac
from pathlib import Path
from typing import NamedTuple

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

PAGE, _IV, _HMAC, _SALT = 4096, 16, 64, 16
_JOURNAL = bytes.fromhex("d9d505f920a163d7")  # begins a rollback journal


class Version(NamedTuple):
    """A page as it was once. `at`: its place on the disk, in bytes."""

    at: int
    number: int
    plain: bytes


@contextmanager
def small_ext4(base: Path, megabytes: int = 6) -> Iterator[tuple[Path, Path]]:
    """(folder, image). What the image holds is what a pulled plug leaves. Skips without root."""
    base.mkdir(parents=True)
    image, folder = base / "disk.raw", base / "disk"
    folder.mkdir()
    with image.open("wb") as file:
        file.truncate(megabytes << 20)
    subprocess.run(["mkfs.ext4", "-q", "-b", str(PAGE), "-m", "0", str(image)], check=True, capture_output=True)
    done = subprocess.run(["mount", "-o", "loop", str(image), str(folder)], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("mounting needs root and a loop device")
    try:
        yield folder, image
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def page_versions(raw: bytes, key: bytes, salt: bytes, pages: int) -> list[Version]:
    """Every page of the file with this key and salt that is anywhere in `raw`, in the order of the disk."""
    authentic = pbkdf2_hmac("sha512", key, bytes(byte ^ 0x3A for byte in salt), 2, 32)

    def opened(at: int, number: int) -> bytes | None:
        page = raw[at : at + PAGE]
        body = page[_SALT if number == 1 else 0 : -_HMAC]
        seal = hmac.digest(authentic, body + number.to_bytes(4, "little"), "sha512")
        if seal != page[-_HMAC:]:
            return None
        decryptor = Cipher(AES(key), CBC(body[-_IV:])).decryptor()
        return decryptor.update(body[:-_IV]) + decryptor.finalize()

    found = []
    numbers = b"".join(re.escape(bytes([n])) for n in range(1, min(pages, 255) + 1))
    for match in re.finditer(b"(?=\0\0\0[" + numbers + b"])", raw):  # a record of a rollback journal, in clear
        at, number = match.start() + 4, raw[match.start() + 3]
        if at + PAGE <= len(raw) and (plain := opened(at, number)):
            found.append(Version(at, number, plain))
    for at in range(0, len(raw) - PAGE + 1, PAGE):  # a page of a file, or what is left of one
        if any(raw[at : at + PAGE]):
            for number in range(1, pages + 1):
                if plain := opened(at, number):
                    found.append(Version(at, number, plain))
                    break
    return sorted(found)


def journal_headers(raw: bytes) -> int:
    """Without any key: how many transactions a remnant tells of."""
    return raw.count(_JOURNAL)
