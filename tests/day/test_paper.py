"""A day with pens: the terminal gives ballots, the count is of paper alone."""

from pathlib import Path

import pytest

from kiosk.ballot.count import CastVoteRecord
from kiosk.day.station import Station
from kiosk.election.definition import AGAINST_ALL, INVALID
from kiosk.errors import Refusal, must
from kiosk.packet import archive
from kiosk.packet import content as c
from kiosk.packet.verify import verify_file
from tests.stage.world import AWAY, HOME, World, give, marked


@pytest.fixture(scope="module")
def paper_world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World.make(tmp_path_factory.mktemp("paper"), mode="paper")


def test_a_day_on_paper(paper_world: World, tmp_path: Path) -> None:
    world = paper_world.in_folder(tmp_path)
    station: Station = world.opened()
    assert not station._session.files.box.made
    for pin in world.pins(HOME)[:5]:
        last = give(station, pin)  # nobody waits for the booth: there is a row of them
    assert station.desk.withdraw(last, "wrong_person") is None
    give(station, world.pins(AWAY)[0])
    station.close()
    station = world.unlock("chair")  # nothing is in progress on paper
    assert station.pending is None
    world.counted(station, {1: 2, 2: 1, AGAINST_ALL: 1})
    assert must(station.count_differences()) == ()
    drawn = must(station.draft())
    values = drawn.line_values()
    assert (values["given_inside"], values["cast"], values["cancelled"]) == (5, 4, 1)
    assert (values["remote_given"], values["remote_sealed"]) == (1, 1)
    assert {row.electronic for row in drawn.votes} == {None}
    assert all(e.holds for e in drawn.equations)
    must(station.sign())
    from kiosk.devices.stick import FolderStick

    (tmp_path / "stick").mkdir()
    path = must(station.export(FolderStick(tmp_path / "stick"))).path
    assert verify_file(path, world.election).accepted
    entries = archive.read_file(path, c.ENTRIES)
    assert b'"CVR":[]' in entries[c.BALLOTS]
    assert b'"OtherType":"electronic"' not in entries[c.RESULTS]


def test_nothing_goes_through_the_booth(paper_world: World, tmp_path: Path) -> None:
    world = paper_world.in_folder(tmp_path)
    station = world.opened()
    given = give(station, world.pins(HOME)[0])
    marked(station, given, INVALID)
    assert station.booth.record() == Refusal("marked_on_paper")


def test_ballot_records_in_a_paper_packet_are_refused(paper_world: World, tmp_path: Path) -> None:
    """Whoever invents an electronic count beside the paper one is found out."""
    from kiosk.packet import write
    from kiosk.packet.verify import verify

    world = paper_world.in_folder(tmp_path)
    station = world.opened()
    give(station, world.pins(HOME)[0])
    world.counted(station, {1: 1})
    session = station._session
    drawn = must(station.draft())
    session.journal.write(checkpoint=True)
    records = write.Records(
        protocol=drawn,
        ballots=[CastVoteRecord("ab" * 8, 1)],
        journal=session.journal.entries(),
        checkpoints=session.journal.checkpoints(),
        complaints=[],
        sealed_register=b"",
        sealed_envelopes=b"",
        credential=session.credential_bytes,
        created=drawn.drawn_up_at,
    )
    signers = [session.present[s.id].signing for s in drawn.signatories]
    packet = write.build(records, session.keys.station, signers, lambda protocol, qr: b"%PDF-")
    assert verify(packet, world.election).code == "ballots_sum"
