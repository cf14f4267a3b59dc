"""The working folder of a provisioning run: hidden in the output until everything is there, found again after an
interruption."""

import hashlib
import shutil
from collections.abc import Collection
from pathlib import Path

import msgspec

from kiosk import canonical
from kiosk.centre.provision.authority import Authority
from kiosk.election.source import Source
from kiosk.errors import IntegrityError
from kiosk.packet import package
from kiosk.storage.files import write_file
from kiosk.trust import keys
from kiosk.trust.sealing import lock, unlock

_FOLDER, _STATE = ".provision", "run.json"


class _State(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the run is about; another election, roll, authority or choice of stations is another run."""

    definition: str
    officials: str
    roll: str
    authority: str
    stations: tuple[int, ...]
    nation_key: str  # locked under the authority's signing seed
    nation: package.Nation | None = None

    @property
    def subject(self) -> tuple[object, ...]:
        return self.definition, self.officials, self.roll, self.authority, self.stations


def _key(authority: Authority) -> bytes:
    return keys.derive(authority.signing_seed, "provision")


class Unfinished:
    def __init__(self, folder: Path, state: _State, nation_key: bytes) -> None:
        self.folder = folder
        self.nation_key = nation_key
        self._state = state

    @classmethod
    def open(
        cls, out: Path, source: Source, roll: Path, authority: Authority, *, stations: Collection[int]
    ) -> "Unfinished":
        """The interrupted run of exactly this, or a new one in place of any other."""
        folder = out / _FOLDER
        with roll.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        nation_key = keys.new_seed()
        locked = lock(nation_key, _key(authority), b"nation key").hex()
        people = hashlib.sha256(canonical.write_record(source.officials)).hexdigest()
        state = _State(
            definition=source.definition.hash,
            officials=people,
            roll=digest,
            authority=authority.public.hex(),
            stations=tuple(sorted(stations)),
            nation_key=locked,
        )
        try:
            before = msgspec.json.decode((folder / _STATE).read_bytes(), type=_State)
            if before.subject == state.subject:
                key = unlock(bytes.fromhex(before.nation_key), _key(authority), b"nation key")
                return cls(folder, before, key)
        except (OSError, msgspec.DecodeError, ValueError, IntegrityError):
            pass
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        made = cls(folder, state, nation_key)
        made._write()
        return made

    @property
    def nation(self) -> package.Nation | None:
        return self._state.nation

    def keep_nation(self, made: package.Nation) -> None:
        self._state = msgspec.structs.replace(self._state, nation=made)
        self._write()

    def done(self) -> frozenset[int]:
        return frozenset(int(p.name) for p in self.folder.iterdir() if p.name.isdigit())

    def forget(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def finish(self, out: Path) -> None:
        """Everything is complete: out with it, the packages first, the files they share last."""
        for path in sorted(self.folder.iterdir(), key=lambda p: (not p.name.isdigit(), p.name)):
            if path.name == _STATE:
                continue
            target = out / path.name
            if target.is_dir():
                shutil.rmtree(target)
            path.replace(target)
        shutil.rmtree(self.folder)

    def _write(self) -> None:
        write_file(self.folder / _STATE, msgspec.json.encode(self._state))
