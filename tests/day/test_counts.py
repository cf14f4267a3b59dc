"""P1, P3: no imbalance is a dead end. Whatever is on the disk, the chair says what happened, and the day goes on."""

from pathlib import Path

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from kiosk.day.station import Station
from kiosk.errors import IntegrityError, Refusal, must
from kiosk.packet.verify import verify_file
from tests.stage.desktop import Desktop
from tests.stage.desktop import code as shown
from tests.stage.world import HOME, World, code, give, serve, vote

GIVEN = (
    "INSERT INTO event (person, what, kind, district, at, badge) VALUES"
    " (randomblob(16), 'given', '{kind}', 1, '2025-11-30T09:00:00+06:00', 'x')"
)
# what somebody, or a dying disk, may have done to the file past this program
BENT = {
    "given home": GIVEN.format(kind="home"),
    "given remote": GIVEN.format(kind="remote"),
    "given outside": GIVEN.format(kind="outside"),
    "in the box": "UPDATE slot SET used = 1 WHERE id = (SELECT min(id) FROM slot WHERE used = 0)",
    "struck off": "INSERT INTO event (person, what, at, badge) VALUES"
    " (randomblob(16), 'struck_off', '2025-11-30T09:00:00+06:00', 'x')",
    "applied": "INSERT INTO event (person, what, at, badge) VALUES"
    " (randomblob(16), 'application', '2025-11-30T09:00:00+06:00', 'x')",
}


def bend(world: World, station: Station, *how: str) -> None:
    for what in how:
        station._session.files.day.conn.execute(BENT[what])
    station.close()


def finish(world: World, station: Station, stick: Path, paper: dict[int, int]) -> None:
    """To the packet, with an act where the protocol asks for one."""
    if station.pending:
        vote(station, station.pending, 1)
        paper = {**paper, 1: paper.get(1, 0) + 1}
    world.counted(station, paper)
    drawn = must(station.draft())
    assert [act.field for act in drawn.acts] == ["counts"]
    for result in drawn.equations:
        if not result.holds:
            assert station.write_act(f"equation:{result.id}", "as said before") is None
    must(station.sign())
    stick.mkdir()
    from kiosk.devices.stick import FolderStick

    verdict = verify_file(must(station.export(FolderStick(stick))).path, world.election)
    assert verdict.accepted, verdict.code
    assert verdict.protocol and "counts" in {act.field for act in verdict.protocol.acts}


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("what", list(BENT))
def test_the_chair_says_what_happened_and_the_day_goes_on(world: World, tmp_path: Path, what: str, times: int) -> None:
    station = world.opened()
    serve(world, station, [1, 2])
    bend(world, station, *[what] * times)
    with pytest.raises(IntegrityError, match="counts_impossible"):
        world.unlock("clerk-1")
    station = world.unlock("chair")
    before = station.figures().recorded
    assert code(station.desk.identify(world.pins(HOME)[5])) == "counts_unexplained"
    assert code(station.close_polls()) == "counts_unexplained"
    assert code(station.explain_counts(" ")) == "text_missing"
    assert station.explain_counts("The disk failed at ten; Asanova saw it.") is None
    assert code(station.explain_counts("again")) == "counts_agree"
    assert station.figures().recorded == before  # no ballot that is recorded is touched
    assert station._session.journal.last("counts_explained")
    station.close()
    station = world.unlock("clerk-1")  # and is not asked for again,
    assert station.pending is None
    given = give(station, world.pins(HOME)[6])
    station.power_cut()
    station = world.unlock("clerk-1")  # nor with a voter in the booth, who goes on
    assert station.pending and station.pending.kind == given.kind
    vote(station, station.pending, 1)
    if what == "in the box":  # counted as unreadable, and told
        world.closed(station)
        world.attend(station)
        count = must(station.count())
        assert (len(count.records), count.unreadable) == (3, times)
        return
    finish(world, station, tmp_path / "stick", {1: 2, 2: 1})


@hypothesis_given(st.lists(st.sampled_from(sorted(BENT)), min_size=1, max_size=5))
def test_any_number_of_contradictions(how: list[str]) -> None:
    world = WORLD[0].in_folder(WORLD[1] / str(len(list(WORLD[1].iterdir()))))
    world.folder.parent.mkdir()
    station = world.opened()
    serve(world, station, [1, 2])
    given = give(station, world.pins(HOME)[3])
    bend(world, station, *how)
    station = world.unlock("chair")
    assert station.contradiction
    assert station.explain_counts("It was so.") is None
    assert station.pending and station.pending.kind == given.kind  # whoever is in the booth goes on
    vote(station, station.pending, 1)
    world.closed(station)
    world.attend(station)
    assert not isinstance(station.count(), Refusal)
    station.close()


WORLD: list = []  # type: ignore[type-arg]


@pytest.fixture(autouse=True)
def _world(world: World, tmp_path_factory: pytest.TempPathFactory) -> None:
    WORLD[:] = [world, tmp_path_factory.mktemp("bent")]


def test_through_the_window(world: World, tmp_path: Path) -> None:
    station = world.opened()
    serve(world, station, [1, 2])
    bend(world, station, "given home", "given home")
    with Desktop(world, tmp_path) as desk:
        desk.badge("clerk-1")
        assert desk.view.page == "locked" and shown(desk.view.notice) == "counts_impossible"
        desk.hand.touch("answer-0")
        desk.badge("chair")
        assert desk.view.page == "day" and desk.hand.says("next-step") == "Say what happened"
        desk.hand.touch("next-step")
        desk.hand.key("Q")
        desk.hand.touch("write-done")
        assert desk.station.contradiction == {}
        desk.sign_in("clerk-1")
        desk.hand.scan(world.pins(HOME)[4])
        assert desk.hand.see("give") is not None
