"""One file that was offered as a packet, checked by itself: whatever it is, it gets a verdict."""

import hashlib
from contextlib import suppress
from pathlib import Path

import msgspec

from kiosk.centre.intake import sealed_parts
from kiosk.centre.intake.sealed_parts import Envelope, Served
from kiosk.errors import Fact, IntegrityError, KioskError
from kiosk.journal.chain import Course
from kiosk.packet import archive
from kiosk.packet import content as c
from kiosk.packet.verify import verify_entries
from kiosk.trust import election_file, keys

_MOST_NAME = 120
_MOST_BYTES = 48 << 20  # thirty times an ordinary packet: what is read whole, before any signature is seen
_LAST_LETTER = 0x530  # Latin and Cyrillic lie before it


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """One file that was offered as a packet. `code` is empty for an accepted one. `keyed`: the key was there, so that
    its sealed parts were opened too; `known`: it was looked at before, nothing else is said here."""

    file: str
    sha256: str
    size: int
    code: str = ""
    facts: dict[str, Fact] = {}
    keyed: bool = False
    known: bool = False
    manifest: c.Manifest | None = None
    protocol: c.Protocol | None = None
    complaints: tuple[c.PublicComplaint, ...] = ()
    served: Served | None = None
    envelopes: tuple[Envelope, ...] = ()
    course: Course | None = None

    @property
    def opened(self) -> bool:
        return self.keyed and not self.code


class Against(msgspec.Struct, frozen=True):
    """What files are checked against. `sealing_seed`: empty for an intake that looks at what is public only.
    `root`: the folder that names are told from. `known`: hashes not to look at again."""

    election: bytes
    sealing_seed: bytes = b""
    root: Path = Path()
    known: frozenset[str] = frozenset()

    @property
    def keyed(self) -> bool:
        return bool(self.sealing_seed)

    def __repr__(self) -> str:
        return f"Against(keyed={self.keyed})"


class Checker:
    def __init__(self, against: Against) -> None:
        self.election = election_file.read(against.election)
        self._against = against
        self._sealing = keys.sealing_key(against.sealing_seed) if against.keyed else None

    def check(self, path: Path) -> Checked:
        """Never raises on any file whatsoever."""
        file = _shown(path, self._against.root)
        digest, size, keyed = "", 0, self._sealing is not None
        try:
            content = _read(path)
            digest, size = hashlib.sha256(content).hexdigest(), len(content)
            if digest in self._against.known:
                return Checked(file=file, sha256=digest, size=size, known=True)
            entries = _entries(content)
            del content
            verdict = verify_entries(entries, self.election)
            if verdict.code:
                raise IntegrityError(verdict.code, **verdict.facts)
            assert verdict.manifest and verdict.protocol
            complaints = tuple(msgspec.json.decode(entries[c.COMPLAINTS], type=list[c.PublicComplaint]))
            served: Served | None = None
            envelopes: tuple[Envelope, ...] = ()
            if self._sealing is not None:
                served, envelopes = sealed_parts.open_parts(
                    entries, verdict.manifest, verdict.protocol, self._sealing, definition=self.election.definition
                )
            return Checked(
                file=file,
                sha256=digest,
                size=size,
                keyed=keyed,
                manifest=verdict.manifest,
                protocol=verdict.protocol,
                complaints=complaints,
                served=served,
                envelopes=envelopes,
                course=verdict.course,
            )
        except KioskError as error:
            return Checked(
                file=file, sha256=digest or _name_hash(file), size=size, code=error.code, facts=error.facts, keyed=keyed
            )
        except Exception as error:  # noqa: BLE001 (one file that nobody thought of must not stop the nation's count)
            reason: dict[str, Fact] = {"reason": type(error).__name__}
            return Checked(
                file=file,
                sha256=digest or _name_hash(file),
                size=size,
                code="packet_unchecked",
                facts=reason,
                keyed=keyed,
            )


def _entries(content: bytes) -> dict[str, bytes]:
    """As `archive.read`; what a person did to the archive is named rather than what followed from it."""
    try:
        return archive.read(content, c.ENTRIES)
    except IntegrityError as error:
        names = archive.names(content)
        whole = all(any(f"/{name}".endswith(f"/{entry}") for name in names) for entry in c.ENTRIES)
        if whole and error.code != "archive_not_canonical":
            raise IntegrityError("packet_repacked") from error
        if packets := sum(".packet" in name.rpartition("/")[2] for name in names):
            raise IntegrityError("packet_bundle", count=packets) from error
        raise


def _shown(path: Path, root: Path) -> str:
    """A file's name below `root` as it may stand on a page, on paper and in a spreadsheet: what the fonts have not is a
    question mark, and nothing begins like a formula."""
    name = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
    shown = "".join(x if x.isprintable() and ord(x) < _LAST_LETTER else "?" for x in name)[-_MOST_NAME:]
    return f"_{shown}" if shown[:1] in "=+-@" else shown


def _read(path: Path) -> bytes:
    most = _MOST_BYTES
    try:
        if path.is_dir() and not path.is_symlink():
            raise IntegrityError("packet_unpacked")
        if path.is_symlink() or not path.is_file():
            raise IntegrityError("archive_unreadable", reason="not a file")
        if path.stat().st_size > most:
            raise IntegrityError("archive_too_large", size=path.stat().st_size)
        with path.open("rb") as file:
            return file.read(most + 1)
    except OSError as error:
        raise IntegrityError("archive_unreadable", reason=error.strerror or "") from error


def _name_hash(file: str) -> str:
    """Stands in for the hash of a file that could not be read."""
    return hashlib.sha256(f"unreadable {file}".encode()).hexdigest()


def file_hash(path: Path) -> str:
    """Of a file's content; "" for one that can't be read."""
    with suppress(KioskError):
        return hashlib.sha256(_read(path)).hexdigest()
    return ""


def unchecked(path: Path, against: Against, reason: str) -> Checked:
    """What is said of a file that nothing could look at."""
    file = _shown(path, against.root)
    return Checked(
        file=file,
        sha256=_name_hash(file),
        size=0,
        code="packet_unchecked",
        facts={"reason": reason},
        keyed=against.keyed,
    )
