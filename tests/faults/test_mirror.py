"""The mirror: every commit on a second medium, a spare that takes over, and copies that are never destroyed."""

import shutil
import subprocess
import threading
import time
from pathlib import Path

import msgspec
import pytest

from kiosk.day import box_key, mirroring
from kiosk.day.folder import BOX_KEY, DAY
from kiosk.day.station import Station
from kiosk.errors import DeviceError, IntegrityError, Refusal, must
from kiosk.packet.verify import verify_file
from kiosk.storage import database as db
from kiosk.storage import files
from kiosk.storage.commit import open_mirrored, transaction
from kiosk.storage.mirror import Mirror
from tests.faults.conftest import fill
from tests.secrecy.raw_disk import small_ext4
from tests.stage.desktop import Desktop
from tests.stage.world import AWAY, HOME, World, give, marked, vote
from ui import intents


def test_a_dead_medium_loses_nothing_and_a_spare_takes_over(world: World, tmp_path: Path) -> None:
    world.mirror = tmp_path / "mirror"
    station = world.opened()
    vote(station, give(station, world.pins(HOME)[0]), 1)
    vote(station, give(station, world.pins(AWAY)[0]), 2)
    given = give(station, world.pins(HOME)[1])  # this voter stands in the booth
    station.power_cut()
    shutil.rmtree(world.folder)
    world.folder, world.mirror = tmp_path / "mirror", None
    station = world.unlock("clerk-1")
    assert station.pending and station._session.pending != given
    vote(station, station.pending, 2)
    assert isinstance(station.desk.identify(world.pins(HOME)[0]), Refusal)
    packet = world.packet(station, {1: 1, 2: 1}, tmp_path / "stick")
    assert verify_file(packet, world.election).accepted


def test_the_mirror_is_equal_after_every_commit(world: World, tmp_path: Path) -> None:
    world.mirror = tmp_path / "mirror"
    station = world.opened()
    for pin in world.pins(HOME)[:3]:
        vote(station, give(station, pin), 1)
        spare = world.in_folder(tmp_path / "spare")
        spare.mirror = None
        shutil.rmtree(tmp_path / "spare", ignore_errors=True)
        shutil.copytree(tmp_path / "mirror", spare.folder)
        spare.clock.set(world.clock.now())
        other = spare.unlock("clerk-1")
        assert len(other._session.files.box) == len(station._session.files.box or ())
        assert other._session.files.register.tally() == station._session.files.register.tally()
        other.close()


def test_a_mirror_that_a_spare_has_gone_on_from_is_never_overwritten(world: World, tmp_path: Path) -> None:
    world.mirror = tmp_path / "mirror"
    station = world.opened()
    vote(station, give(station, world.pins(HOME)[0]), 1)
    station.power_cut()
    spare = msgspec.structs.replace(world, folder=tmp_path / "mirror", mirror=None)
    other = spare.unlock("clerk-1")
    vote(other, give(other, world.pins(HOME)[1]), 2)
    other.close()
    before = {p.name: p.read_bytes() for p in (tmp_path / "mirror").iterdir()}
    with pytest.raises(IntegrityError, match="mirror_newer"):
        world.unlock("clerk-1")
    assert {p.name: p.read_bytes() for p in (tmp_path / "mirror").iterdir()} == before


def test_a_fresh_terminal_never_takes_over_a_mirror_by_overwriting_it(world: World, tmp_path: Path) -> None:
    world.mirror = tmp_path / "mirror"
    station = world.opened()
    vote(station, give(station, world.pins(HOME)[0]), 1)
    station.power_cut()
    shutil.rmtree(world.folder)
    world.set_up()
    with pytest.raises(IntegrityError, match="mirror_newer"):
        world.unlock("chair")
    assert (tmp_path / "mirror" / "box-key.json").exists()


def test_another_station_s_mirror_is_left_alone(world: World, tmp_path: Path) -> None:
    world.mirror = tmp_path / "mirror"
    world.opened().close()
    away = msgspec.structs.replace(world.in_folder(tmp_path / "away", AWAY), mirror=tmp_path / "mirror")
    (tmp_path / "away").mkdir()
    away.set_up()
    with pytest.raises(IntegrityError, match="mirror_foreign"):
        away.unlock("chair")


def damage(path: Path) -> None:
    content = bytearray(path.read_bytes())
    at = len(content) // 2
    content[at : at + 16] = b"x" * 16
    path.write_bytes(content)


def test_a_damaged_mirror_is_given_up_and_left_as_it_is(world: World, tmp_path: Path) -> None:
    world.mirror = tmp_path / "mirror"
    station = world.opened()
    for pin in world.pins(HOME)[:5]:
        vote(station, give(station, pin), 1)
    station.close()
    path = tmp_path / "mirror" / DAY
    path.write_bytes(b"x" * 4096 + path.read_bytes()[4096:])
    before = path.read_bytes()
    station = world.unlock("chair")
    assert len(station._session.files.box) == 5
    assert station.copy == "lost"
    station._session._copy_asked = -1e9
    station.look_after_copy()
    time.sleep(0.2)
    assert station.copy == "lost"
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", [DAY, "roll.sqlite"])
def test_a_damaged_file_of_our_own_is_told_by_its_name(world: World, tmp_path: Path, name: str) -> None:
    station = world.opened()
    for pin in world.pins(HOME)[:5]:
        vote(station, give(station, pin), 1)
    station.close()
    path = world.folder / name
    for at in range(0, path.stat().st_size, 4096):  # every page
        content = bytearray(path.read_bytes())
        content[at + 2000 : at + 2016] = b"x" * 16
        path.write_bytes(content)
    with pytest.raises(IntegrityError) as caught:
        world.unlock("chair")
    assert (caught.value.code, caught.value.facts) == ("database_unreadable", {"file": name})


def test_a_mirror_is_not_used_as_a_station_while_it_is_one_s_mirror(world: World, tmp_path: Path) -> None:
    world.mirror = tmp_path / "mirror"
    world.opened()
    spare = msgspec.structs.replace(world, folder=tmp_path / "mirror", mirror=None)
    with pytest.raises(IntegrityError, match="station_in_use"):
        spare.unlock("chair")


@pytest.mark.parametrize("cut", ["while copying", "before it is in place", "the old one is gone"])
def test_copying_that_was_cut_off_is_finished_or_forgotten(world: World, tmp_path: Path, cut: str) -> None:
    """A stale mirror is brought up to date when the power goes: the old or the new day is there, whole."""
    world.mirror = tmp_path / "mirror"
    station = world.opened()
    vote(station, give(station, world.pins(HOME)[0]), 1)
    station.close()
    folder = tmp_path / "cut"
    shutil.copytree(tmp_path / "mirror", folder)
    station = world.unlock("clerk-1")
    vote(station, give(station, world.pins(HOME)[1]), 2)
    station.close()
    new = (world.folder / DAY).read_bytes()
    if cut == "while copying":
        (folder / f"{DAY}.part").write_bytes(new[:9000])
    else:
        (folder / f"{DAY}.next").write_bytes(new)
    if cut == "the old one is gone":
        (folder / DAY).unlink()
    other = msgspec.structs.replace(world, folder=folder, mirror=None).unlock("chair")
    assert len(other._session.files.box) == (1 if cut == "while copying" else 2)
    assert not list(folder.glob("*.next"))
    other.close()


def test_an_official_mirror_is_on_another_medium(world: World, tmp_path: Path) -> None:
    world.set_up()
    for purpose, state in (("test", "behind"), ("official", "lost")):
        mirror = Mirror(tmp_path / f"mirror-{purpose}")
        mirroring.compare(world.folder, mirror, b"k" * 32, purpose)  # type: ignore[arg-type]
        assert mirror.state == state
    station = world.unlock("chair")  # and later in the day, when the stick was pulled out and its folder is left
    session = station._session
    mirroring.try_again(world.folder, mirror, session.files.day, session.keys.store, purpose="official")
    mirror.do(lambda: None)
    assert mirror.state == "lost" and not (mirror.folder / DAY).exists()


def test_a_mirror_that_fails_while_the_key_is_destroyed(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.mirror = tmp_path / "mirror"
    station = world.opened()
    world.closed(station)
    world.attend(station)
    real = files.shred

    def shred(path: Path) -> bool:
        if path.parent.name == "mirror":
            raise OSError(5, "Input/output error")
        return real(path)

    monkeypatch.setattr(box_key, "shred", shred)
    must(station.count())
    assert station.copy == "lost"


def test_a_mirror_that_fails_is_told_and_the_day_goes_on(world: World, small_disk: Path) -> None:
    world.mirror = small_disk / "mirror"
    station = world.opened()
    fill(small_disk)
    for pin in world.pins(HOME):
        vote(station, give(station, pin), 1)
    events = [e.event for e in station._session.journal.entries()]
    assert events.count("mirror_lost") == 1
    assert len(station._session.files.box) == 30
    station.close()
    (small_disk / "ballast").unlink()
    station = world.unlock("chair")  # and it is brought up to date again
    assert station._session.mirror and not station._session.mirror.lost
    world.mirror, world.folder = None, small_disk / "mirror"
    station.close()
    assert len(world.unlock("chair")._session.files.box) == 30


def test_a_full_mirror_does_not_keep_a_station_shut(world: World, small_disk: Path) -> None:
    world.set_up()
    fill(small_disk)
    world.mirror = small_disk / "mirror"
    station = world.unlock("chair")
    assert station._session.mirror and station._session.mirror.lost


def test_a_mirror_that_fills_up_while_it_is_brought_up(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object) -> None:
        raise DeviceError("disk_full", file=DAY)

    monkeypatch.setattr("kiosk.storage.commit.replace", full)
    world.mirror = tmp_path / "mirror"
    world.set_up()
    station = world.unlock("chair")
    assert station.copy == "lost"


def test_no_mirror_is_waited_for(world: World, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    world.mirror = tmp_path / "file" / "mirror"
    station = world.opened()
    assert station._session.mirror and station._session.mirror.lost
    vote(station, give(station, world.pins(HOME)[0]), 1)
    assert len(station._session.files.box) == 1


def test_the_box_key_is_destroyed_on_the_mirror_too(world: World, tmp_path: Path) -> None:
    world.mirror = tmp_path / "mirror"
    station = world.opened()
    assert (tmp_path / "mirror" / "box-key.json").exists()
    world.closed(station)
    world.attend(station)
    must(station.count())
    assert not (tmp_path / "mirror" / "box-key.json").exists()


def test_a_block_that_fails_leaves_both_copies_as_they_were(tmp_path: Path) -> None:
    schema = db.Schema("t", ("CREATE TABLE t (a INTEGER) STRICT",))
    mirror = Mirror(tmp_path / "mirror")
    mirror.folder.mkdir()
    made = open_mirrored(tmp_path / "t.sqlite", b"k" * 32, schema, mode="create", mirror=mirror)
    with pytest.raises(ZeroDivisionError), transaction(made) as connection:
        connection.execute("INSERT INTO t VALUES (1)")
        raise ZeroDivisionError
    with transaction(made) as connection:
        connection.executemany("INSERT INTO t VALUES (?)", iter([(2,), (3,)]))
    made.close()
    for path in (tmp_path / "t.sqlite", tmp_path / "mirror" / "t.sqlite"):
        assert db.open_database(path, b"k" * 32, schema).execute("SELECT a FROM t").fetchall() == [(2,), (3,)]


def settled(station: Station) -> None:
    """The chair's tick, until the second copy is there again."""
    mirror = station._session.mirror
    assert mirror
    for _ in range(200):
        station._session._copy_asked = -1e9
        station.look_after_copy()
        if mirror.state == "kept":
            break
        time.sleep(0.05)
    station._session._copy_asked = -1e9
    station.look_after_copy()  # and tells it


def spare_of(world: World, folder: Path) -> Station:
    return msgspec.structs.replace(world, folder=folder, mirror=None, unlocked=[]).unlock("chair")


def test_a_medium_that_hangs_stops_nobody(world: World, tmp_path: Path) -> None:
    """A real ext4, frozen: writing to it waits for ever. The voter waits for the deadline, once."""
    with small_ext4(tmp_path / "medium") as (medium, _image):
        world.mirror = medium / "mirror"
        station = world.opened()
        assert station.copy == "kept" and station._session.mirror
        station._session.mirror.deadline_s = 0.4
        vote(station, give(station, world.pins(HOME)[0]), 1)
        subprocess.run(["fsfreeze", "-f", str(medium)], check=True)
        try:
            began = time.monotonic()
            for pin in world.pins(HOME)[1:4]:
                vote(station, give(station, pin), 1)
            waited = time.monotonic() - began
            assert station.copy == "lost" and station._session.journal.last("mirror_lost")
            for _tick in range(3):  # nobody touches what the thread that hangs is inside of
                station._session._copy_asked = -1e9
                station.look_after_copy()
                assert station.copy == "lost"
        finally:
            subprocess.run(["fsfreeze", "-u", str(medium)], check=True)
        assert waited < 2 * 0.4 + 2  # not once a voter
        settled(station)
        assert station.copy == "kept" and station._session.journal.last("mirror_kept")
        vote(station, give(station, world.pins(HOME)[4]), 2)
        number = station._session.files.day.number
        station.power_cut()
        shutil.copytree(medium / "mirror", tmp_path / "spare")
    spare = spare_of(world, tmp_path / "spare")
    assert len(spare._session.files.box) == 5
    assert spare._session.files.day.number > number
    spare.close()


def test_a_medium_that_was_pulled_out_is_brought_up_to_date_when_it_is_back(world: World, tmp_path: Path) -> None:
    world.mirror = tmp_path / "stick" / "mirror"
    world.mirror.parent.mkdir()
    station = world.opened()
    vote(station, give(station, world.pins(HOME)[0]), 1)
    (tmp_path / "stick").rename(tmp_path / "pulled")
    (tmp_path / "stick").write_text("nothing here")
    twin = station._session.files.day._twin
    twin.close()  # what the system does to the handles of a medium that is gone
    for pin in world.pins(HOME)[1:3]:
        vote(station, give(station, pin), 1)
    assert station.copy == "lost"
    station._session._copy_asked = -1e9
    station.look_after_copy()
    time.sleep(0.1)
    assert station.copy == "lost"  # not there yet: lost it stays, and nobody waited
    (tmp_path / "stick").unlink()
    (tmp_path / "pulled").rename(tmp_path / "stick")
    settled(station)
    assert station.copy == "kept"
    vote(station, give(station, world.pins(HOME)[3]), 1)
    station.close()
    spare = spare_of(world, tmp_path / "stick" / "mirror")
    assert len(spare._session.files.box) == 4
    told = [e.event for e in spare._session.journal.entries()]
    assert (told.count("mirror_lost"), told.count("mirror_kept")) == (3, 1)  # and twice by the spare, which has none
    spare.close()


def test_another_station_s_medium_is_not_taken_for_the_lost_one(world: World, tmp_path: Path) -> None:
    world.mirror = tmp_path / "mirror"
    station = world.opened()
    assert station._session.mirror
    station._session.mirror.give_up()
    away = world.in_folder(tmp_path / "away", AWAY)
    (tmp_path / "away").mkdir()
    away.set_up()
    shutil.rmtree(tmp_path / "mirror")
    shutil.copytree(away.folder, tmp_path / "mirror")
    before = {p.name: p.read_bytes() for p in (tmp_path / "mirror").iterdir()}
    station._session._copy_asked = -1e9
    station.look_after_copy()
    time.sleep(0.2)
    assert station.copy == "lost"
    assert {p.name: p.read_bytes() for p in (tmp_path / "mirror").iterdir()} == before


def test_a_start_without_the_mirror_is_told_and_shown(world: World, tmp_path: Path) -> None:
    """P9: whoever puts back the terminal leaves the mirror off, which holds the later day."""
    world.mirror = tmp_path / "mirror"
    station = world.opened()
    assert station.copy == "kept"
    station.close()
    world.mirror = None
    station = world.unlock("chair")
    assert station.copy == "lost" and station._session.journal.entries()[-2].event == "mirror_lost"


def test_one_copy_is_shown_on_every_screen_of_the_staff(world: World, tmp_path: Path) -> None:
    world.mirror = tmp_path / "mirror"
    world.opened().close()
    world.mirror = None
    with Desktop(world, tmp_path / "window") as desk:
        desk.badge("chair")
        seen = set()
        for page in ("day", "complaints", "desk"):
            desk.app._ask(intents.Go(page))
            desk.hand.settle()
            seen.add(desk.view.page)
            assert "only one" in desk.hand.says("one-copy")
        desk.hand.touch("sign-out")
        assert desk.view.page == "locked" and "only one" in desk.hand.says("one-copy")
        assert seen == {"day", "complaints", "desk"}


def test_a_job_that_was_given_up_says_nothing_when_it_ends(tmp_path: Path) -> None:
    """A medium that hung while it was brought up is not kept when it wakes: what came meanwhile is not on it."""
    mirror = Mirror(tmp_path, deadline_s=0.05)
    woken = threading.Event()
    hung = mirror.begin(woken.wait, brings=True)
    assert mirror.do(lambda: "later") is None and mirror.state == "lost"
    woken.set()
    hung.result(5)
    assert mirror.state == "lost"
    mirror.try_again()
    assert mirror.do(lambda: "now") == "now" and mirror.state == "behind"
    mirror.wait(mirror.begin(lambda: None, brings=True))
    assert mirror.state == "kept"
    mirror.end()


def test_what_is_left_of_the_shares_on_a_lost_mirror_is_overwritten(world: World, tmp_path: Path) -> None:
    """It was away while the key was destroyed: removing the file alone would leave the shares in free blocks."""
    world.mirror = tmp_path / "mirror"
    station = world.opened()
    world.closed(station)
    world.attend(station)
    assert station._session.mirror
    station._session.mirror.give_up()
    must(station.count())
    kept = tmp_path / "mirror" / BOX_KEY
    shares = kept.read_bytes()
    with kept.open("rb") as blocks:  # what the medium still holds under the removed name
        settled(station)
        assert not kept.exists()
        assert blocks.read() != shares


def test_nothing_of_the_twin_is_raised_after_the_file_has_committed(world: World, tmp_path: Path) -> None:
    """The ballot is in the box: whatever the second copy says then loses the copy, not the answer."""
    world.mirror = tmp_path / "mirror"
    station = world.opened()
    marked(station, give(station, world.pins(HOME)[0]), 1)
    day = station._session.files.day
    real, day._twin = day._twin, Damaged()
    assert station.booth.record() is None
    assert (len(station._session.files.box), station.copy) == (1, "lost")
    real.close()


class Damaged:
    """A twin whose every page is broken."""

    in_transaction = False

    def execute(self, *_: object) -> None:
        raise IntegrityError("database_unreadable", file=DAY)

    def close(self) -> None: ...
