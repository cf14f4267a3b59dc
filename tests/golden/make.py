"""Makes the golden files: `python -m tests.golden.make`. Only where a format changes on purpose, with its number.

A day of the small election up to the closed polls, the packet that came of it, and what the authority signed for it.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from kiosk.centre.provision.run import ELECTION_FILE
from kiosk.day import orders
from kiosk.election.definition import AGAINST_ALL, INVALID
from kiosk.errors import must
from kiosk.forms import ballots, pages
from kiosk.packet.package import read_file
from kiosk.roll.person import Pin, Voter
from kiosk.trust import election_file
from kiosk.trust.credential import Credential
from tests.stage.world import AWAY, HOME, World, give, vote

FOLDER = Path(__file__).parent
ELECTION, PACKAGE, ORDER, PACKET = "election.dsse.json", "101.package.zip", "101-1.order.json", "101-test-1.packet.zip"
CLOSED, KEYS = FOLDER / "closed-day", FOLDER / "keys.json"
IMPRINT = pages.Imprint("12 · 9F3A 12BC 88D0 7E41", "kiosk 0.3.0 · 0123 4567 89AB CDEF")
CHOICES = (1, 1, 2, 4, AGAINST_ALL, INVALID)
PAPER = {n: CHOICES.count(n) for n in set(CHOICES)}


class Keys(msgspec.Struct, frozen=True):
    """What only a test may hold of these files: the authority's seeds and each badge's card and PIN."""

    signing_seed: str
    sealing_seed: str
    cards: dict[str, tuple[str, str]]  # role → text, PIN
    order: orders.Order
    printed: dict[str, str]  # form → SHA-256 of its PDF


def printed(election: election_file.SignedElection, credential: Credential) -> Iterator[tuple[str, bytes]]:
    """Every form of a station, from data that follow from the election alone."""
    definition, at = election.definition, datetime.fromisoformat("2025-11-30T07:30:00+06:00")
    district, officers = definition.district(1), credential.officers
    voter = Voter(
        pin=Pin("21503198012345"),
        surname="Асанов",
        given_name="Бакыт",
        patronymic="Эсенович",
        birth_date="1980-03-15",
        sex="m",
        station=HOME,
        line=1,
        address="Көчө 1",
        document="AC1",
    )
    for choice in (1, AGAINST_ALL, None):
        yield f"ballot {choice}", ballots.marked(definition, HOME, district, choice)
    yield "blank", ballots.blank(definition, HOME, district)
    yield "list", pages.posting_list(definition, HOME, [voter], at)
    yield "cards", pages.badge_cards(definition, HOME, [(o, f"KB1:{o.id}") for o in officers], at)
    yield "pins", pages.pin_letters(definition, HOME, [(o, "123456") for o in officers], at)
    counters = [("given", 0), ("cast", 0), ("envelopes", 0)]
    yield "zero", pages.zero_report(definition, HOME, counters, officers, imprint=IMPRINT, at=at)
    yield "slip", pages.slip(definition, HOME, counters, IMPRINT, at=at, closed=False)
    yield "readiness", pages.readiness(definition, HOME, [("Саат", "Часы", "07:30", True)], "0.3.0", at=at)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        world = World.make(base).in_folder(base)
        station = world.opened()
        for pin, choice in zip(world.pins(HOME), CHOICES, strict=False):
            vote(station, give(station, pin), choice)
        vote(station, give(station, world.pins(AWAY)[0]), 1)
        assert station.desk.withdraw(give(station, world.pins(HOME)[10]), "wrong_person") is None
        world.sign_in(station, "chair")
        must(station.complain("observer", "technical", "A queue."))
        world.closed(station)
        station.close()
        shutil.rmtree(CLOSED, ignore_errors=True)
        shutil.copytree(world.folder, CLOSED, ignore=shutil.ignore_patterns("in-use"))
        station = world.unlock("chair")
        world.attend(station)
        must(station.count())
        world.enter(station, PAPER)
        world.sign_in(station, "chair")
        world.attend(station)
        (FOLDER / PACKET).write_bytes(must(station.sign()))
        station.close()
        election = world.election
        order = orders.Order(
            definition_hash=election.definition.hash,
            station=HOME,
            action="reopen",
            number=1,
            until="2025-11-30T22:00:00+06:00",
        )
        (FOLDER / ORDER).write_bytes(orders.issue(order, world.authority.signing))
        shutil.copyfile(world.out / ELECTION_FILE, FOLDER / ELECTION)
        shutil.copyfile(world.made[HOME].package, FOLDER / PACKAGE)
        credential = read_file(FOLDER / PACKAGE).credential
        roles = [officer.id.partition("-")[2] for officer in credential.officers]
        keys = Keys(
            world.authority.signing_seed.hex(),
            world.authority.sealing_seed.hex(),
            {role: world.card(role) for role in roles},
            order,
            {form: hashlib.sha256(pdf).hexdigest() for form, pdf in printed(election, credential)},
        )
        KEYS.write_bytes(msgspec.json.format(msgspec.json.encode(keys), indent=1) + b"\n")


if __name__ == "__main__":
    main()
