"""One station's package: its roll, its keys, its officials' badges. Made by worker processes, one station each."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import msgspec

from kiosk.centre.provision.authority import Authority
from kiosk.election.definition import Official
from kiosk.election.source import Source
from kiosk.forms import pages
from kiosk.packet import package
from kiosk.roll.importing import Filler
from kiosk.roll.reading import Row
from kiosk.storage.files import write_file
from kiosk.trust import badges, keys
from kiosk.trust.credential import Credential, Officer, issue

PINS = "pins"  # the folder of the PIN letters, which travel apart from everything else


class Card(msgspec.Struct, frozen=True):
    """A badge as it is handed out: the text of its QR, and the PIN, which travels apart; "" for a token."""

    officer: Officer
    text: str
    pin: str

    def __repr__(self) -> str:
        return f"Card({self.officer.id})"


class Provisioned(msgspec.Struct, frozen=True):
    """What was made for one station. `cards` are empty for a station that an earlier, interrupted run had made."""

    station: int
    folder: Path
    package: Path
    cards: tuple[Card, ...] = ()

    def card(self, id_: str) -> Card:
        return next(card for card in self.cards if card.officer.id == id_)


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """What all stations of one run share."""

    source: Source
    authority: Authority
    nation_key: bytes
    nation: package.Nation
    election: bytes  # the signed election file
    out: Path
    now: datetime
    badge_cost: badges.Cost
    printed: bool = True  # cards and letters as PDF
    tokens: Mapping[str, badges.Badge] = {}  # by badge id: who has a token in place of a card


def in_folder(out: Path, number: int, cards: tuple[Card, ...] = ()) -> Provisioned:
    return Provisioned(number, out / str(number), out / str(number) / package.file_name(number), cards)


def make(job: Job, number: int, rows: list[Row]) -> Provisioned:
    """The whole folder of one station, or nothing: it gets its name when it is complete."""
    definition, authority = job.source.definition, job.authority
    folder = job.out / f"{number}.part"
    folder.mkdir(exist_ok=True)
    store_key, station_seed = keys.new_seed(), keys.new_seed()
    cards = tuple(
        _card(official, job.badge_cost, job.tokens.get(official.id)) for official in job.source.officials_of(number)
    )
    credential = Credential(
        format=1,
        purpose=definition.purpose,
        election=definition.id,
        definition_hash=definition.hash,
        station=number,
        quorum=definition.quorum,
        station_key=keys.signing_public(keys.signing_key(station_seed)).hex(),
        authority_key=authority.public.hex(),
        authority_sealing_key=authority.sealing_public.hex(),
        officers=tuple(card.officer for card in cards),
    )
    secrets = package.Secrets(station_seed.hex(), job.nation_key.hex())
    entries = {
        package.ELECTION: job.election,
        package.CREDENTIAL: issue(credential, authority.signing),
        package.KEYRING: package.make_keyring(credential, store_key),
        package.VAULT: package.lock_vault(secrets, store_key, credential),
        package.ROLL: _roll(folder / package.ROLL, package.roll_key(store_key), rows),
    }
    built = package.build(credential, job.nation, entries, authority.signing)
    write_file(folder / package.file_name(number), built)
    if job.printed:
        _print(job, folder, number, cards)
    folder.replace(job.out / str(number))
    return in_folder(job.out, number, cards)


def _print(job: Job, folder: Path, number: int, cards: tuple[Card, ...]) -> None:
    definition = job.source.definition
    cards = tuple(card for card in cards if card.pin)  # a token has its own PIN, which nobody here has kept
    printed = ((c.officer, c.text) for c in cards)
    write_file(folder / "badges.pdf", pages.badge_cards(definition, number, printed, job.now))
    letters = ((c.officer, c.pin) for c in cards)
    # Beside the station's folder, not in it: whoever carries or copies the cards has no PIN.
    (pins := job.out / PINS).mkdir(mode=0o700, exist_ok=True)
    write_file(pins / f"{number}.pdf", pages.pin_letters(definition, number, letters, job.now))
    (pins / f"{number}.pdf").chmod(0o600)


def _roll(path: Path, key: bytes, rows: list[Row]) -> bytes:
    path.unlink(missing_ok=True)  # of a run that was killed
    filler = Filler(path, key)
    filler.fill(sorted(rows, key=lambda row: row[7]))
    filler.finish()
    content = path.read_bytes()
    path.unlink()
    return content


def _card(official: Official, cost: badges.Cost, token: badges.Badge | None) -> Card:
    badge = token or badges.Badge(official.id, keys.new_seed())
    officer = Officer(
        id=official.id,
        role=official.role,
        name_ky=official.name_ky,
        name_ru=official.name_ru,
        signing_key=badge.signing_public.hex(),
        sealing_key=badge.sealing_public.hex(),
    )
    if token:
        return Card(officer, badges.PLUGGED + official.id, "")
    pin = badges.new_pin()
    text = badges.make_card(badge, pin, cost)
    return Card(msgspec.structs.replace(officer, card=badges.card_hash(text)), text, pin)
