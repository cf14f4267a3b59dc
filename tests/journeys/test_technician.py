"""The technician, by touch: an empty terminal, a stick, the fingerprint from paper, device tests, the report."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.centre.provision.run import NATION_FILE
from kiosk.trust import keys
from tests.stage.desktop import Desktop
from tests.stage.world import HOME, World, give, vote
from ui.views import SetupView


@pytest.fixture
def empty(world: World, tmp_path: Path) -> Iterator[Desktop]:
    """A terminal without a station, the package on the stick."""
    stick = tmp_path / "stick"
    stick.mkdir()
    shutil.copy(world.made[world.station_number].package, stick)
    shutil.copy(world.out / NATION_FILE, stick)
    with Desktop(world, tmp_path) as made:
        yield made


def groups(world: World) -> list[str]:
    return keys.fingerprint(world.authority.public).split()


def choose(empty: Desktop) -> None:
    name = empty.view.of(SetupView).packages[0]
    empty.hand.touch(f"package-{name}")


def test_a_terminal_is_set_up_tested_and_its_report_printed(empty: Desktop) -> None:
    assert empty.view.page == "setup" and empty.view.phase == "unconfigured"
    choose(empty)
    assert [check.state for check in empty.view.of(SetupView).checks] == ["done"] * 4
    assert empty.hand.see("load-package") is None  # not before the paper was compared
    paper = groups(empty.world)
    assert [g for g in empty.view.of(SetupView).fingerprint if g] == [g for n, g in enumerate(paper) if n not in (2, 6)]
    for sign in paper[2] + paper[6]:
        empty.hand.key(sign)
    empty.hand.touch("compare")
    empty.hand.touch("load-package")
    assert empty.view.phase == "posting" and (empty.world.folder / "roll.sqlite").exists()
    empty.hand.touch("test-devices")
    assert {t.name: t.state for t in empty.view.of(SetupView).tests}["printer"] == "done"
    empty.hand.touch("readiness")
    assert empty.printer.printed == 1
    empty.hand.touch("answer-0")
    empty.hand.touch("back")
    assert empty.view.page == "locked"


def test_a_spare_takes_over_from_the_second_copy(world: World, tmp_path: Path) -> None:
    """The terminal died with a vote recorded and a voter in the booth; its mirror is plugged into another one."""
    (tmp_path / "stick").mkdir()
    world.mirror = tmp_path / "stick" / "station"
    station = world.opened()
    vote(station, give(station, world.pins(HOME)[0]), 1)
    give(station, world.pins(HOME)[1])
    station.power_cut()
    shutil.rmtree(world.folder)
    world.mirror = None
    with Desktop(world, tmp_path) as spare:
        hand = spare.hand
        assert hand.says("band-title") == "A station's second copy is here"
        hand.touch("copy-stick · station")
        assert hand.says("band-title") == "Look when the copy was last written"
        assert hand.see("load-package") is None  # not before the paper was compared
        for sign in groups(world)[2] + groups(world)[6]:
            hand.key(sign)
        hand.touch("compare")
        assert hand.says("load-package") == "Take over the day"
        hand.touch("load-package")
        assert hand.says("band-title") == "The day goes on at this terminal"
        hand.touch("back")
        spare.badge("chair")
        hand.touch("next-step")
        spare.badge("member-1")
        hand.touch("take-over")
        hand.touch("answer-0")
        spare.sign_in("clerk-1")
        assert (spare.view.counters.given, spare.view.counters.recorded) == (2, 1)
        assert spare.station._session.journal.last("taken_over")


def test_another_fingerprint_than_that_on_paper_stops_everything(empty: Desktop) -> None:
    choose(empty)
    for sign in "00000000":
        empty.hand.key(sign)
    empty.hand.touch("compare")
    assert empty.hand.says("sheet-title") == "The fingerprint differs"
    empty.hand.touch("answer-0")
    assert empty.hand.see("load-package") is None and not empty.world.folder.exists()


def test_a_damaged_package_and_one_of_another_purpose_are_refused_in_words(empty: Desktop, tmp_path: Path) -> None:
    package = next((tmp_path / "stick").glob("*.package.zip"))
    package.write_bytes(package.read_bytes()[:-40])
    empty.hand.touch("look-again")
    choose(empty)
    assert empty.hand.says("band-title") == "The file is refused"
    empty.setting.purpose = "official"
    shutil.copy(empty.world.made[empty.world.station_number].package, package)
    choose(empty)
    assert empty.view.of(SetupView).checks[-1].state == "failed"
    for sign in groups(empty.world)[2] + groups(empty.world)[6]:
        empty.hand.key(sign)
    empty.hand.touch("compare")
    empty.hand.touch("load-package")
    assert empty.hand.says("band-title") == "Training and voting never mix"
    assert not empty.world.folder.exists()


def test_the_technicians_badge_opens_no_roll_and_diagnostics_hold_no_person(desktop: Desktop, tmp_path: Path) -> None:
    desktop.sign_in("technician-1")
    assert desktop.view.page == "setup" and desktop.terminal.seat.station is None
    desktop.hand.touch("test-devices")
    desktop.hand.touch("diagnostics")
    assert desktop.hand.says("sheet-title") == "Diagnostics are on the stick"
    [path] = (tmp_path / "stick").glob("diagnostics-*.json")
    found = json.loads(path.read_text())
    assert found["phase"] == "posting" and found["crashes"] == []
    text = path.read_text()
    for row in desktop.world.rows(desktop.world.station_number):
        assert row[0] not in text and row[1] not in text


def test_packages_are_told_apart_and_what_was_thrown_away_is_not_offered(empty: Desktop) -> None:
    """The deleted package of an older provisioning was offered in place of the new one, under its name."""
    [medium] = empty.setting.media.found()
    [name] = empty.view.of(SetupView).packages
    stick = medium.folder
    [new] = stick.glob("*.package.zip")
    for place in (".Trash-1000/files", "$RECYCLE.BIN/S-1", "System Volume Information"):
        (stick / place).mkdir(parents=True)
        shutil.copy(new, stick / place / new.name)
    (stick / f"._{new.name}").write_bytes(b"x")
    empty.hand.wait(lambda: empty.view.of(SetupView).packages == (name,), "one package")
    (stick / "old").mkdir()
    shutil.copy(new, stick / "old" / new.name)
    shutil.copy(new, stick / new.name.replace(".zip", " (1).zip"))
    os.utime(stick / "old" / new.name, (1_750_000_000, 1_750_000_000))
    empty.hand.wait(lambda: len(empty.view.of(SetupView).packages) == 3, "each of them")
    shown = empty.view.of(SetupView).packages
    assert sum("2025" in one for one in shown) >= 1 and any(f"old/{new.name}" in one for one in shown)
    assert len(set(shown)) == 3
    empty.hand.touch(f"package-{next(one for one in shown if 'old/' in one)}")
    assert [check.state for check in empty.view.of(SetupView).checks] == ["done"] * 4
