"""What reads strangers' bytes, each as a function of bytes: anything but a value or an error with a code is a fault."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from kiosk.centre.steps import decisions
from kiosk.day import orders
from kiosk.election import source
from kiosk.errors import KioskError, ProblemsError
from kiosk.packet import content as c
from kiosk.packet import package, qr
from kiosk.packet.verify import verify
from kiosk.roll import person
from kiosk.roll.reading import RollReader
from kiosk.trust import badges, credential, election_file
from tests.golden.make import ELECTION, FOLDER
from tests.stage.world import small_source

_SIGNED = Path(__file__).parent / "corpus" / "packet" / "day.zip"
_DEFINITION = small_source().definition
_FILE = Path(tempfile.mkdtemp(prefix="fuzz-")) / "untrusted"


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _packet(data: bytes) -> None:
    verdict = verify(data)
    assert verdict.code or data == _SIGNED.read_bytes(), "a packet that nobody signed"


def _protocol(data: bytes) -> None:
    """Below the archive and the signatures: what an insider could sign."""
    c.from_json(data, c.Protocol, c.PROTOCOL)


def _package(data: bytes) -> None:
    _FILE.write_bytes(data)
    package.read_file(_FILE)


def _code(data: bytes) -> None:
    qr.decode(_text(data), bytes(32))


def _document(data: bytes) -> None:
    text = _text(data)
    person.read_pin(text)
    person.parse_mrz(text)


def _roll(data: bytes) -> None:
    _FILE.write_bytes(data)
    for _row in RollReader(_FILE, lambda _problem: None):
        pass


def _election(data: bytes) -> None:
    """The folder as one file, its parts after each other."""
    parts = data.split(b"\n%%\n")
    source.read(dict(zip(source.FILES, parts, strict=False)))


def _order(data: bytes) -> None:
    assert orders.read(data, bytes(32), _DEFINITION.hash, 101) is None, "an order that nobody signed"


def _decisions(data: bytes) -> None:
    decisions.read(data, _DEFINITION)


def _badge(data: bytes) -> None:
    badges.card_id(_text(data))


def _signed(data: bytes) -> None:
    for read in (election_file.read, credential.read):
        try:
            read(data)
        except KioskError:
            continue
        assert data == (FOLDER / ELECTION).read_bytes() or read is credential.read, "a file that nobody signed"


TARGETS: dict[str, Callable[[bytes], None]] = {
    "packet": _packet,
    "protocol": _protocol,
    "package": _package,
    "code": _code,
    "document": _document,
    "roll": _roll,
    "election": _election,
    "order": _order,
    "decisions": _decisions,
    "badge": _badge,
    "signed": _signed,
}


def try_one(name: str, data: bytes) -> None:
    """An error with a code is an answer; anything else goes up."""
    try:
        TARGETS[name](data)
    except (KioskError, ProblemsError):
        return
