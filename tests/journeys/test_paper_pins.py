"""P9: paper pins the journal. An older terminal is found by whoever kept a slip of the day."""

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from kiosk.cli.verify import verify
from kiosk.day.folder import DAY
from kiosk.errors import IntegrityError, must
from kiosk.journal import chain
from kiosk.packet.verify import verify_file
from tests.forms.test_forms import text_of
from tests.stage.desktop import Desktop
from tests.stage.world import HOME, World, serve


def head_on(pdf: bytes) -> str:
    found = re.search(r"\d+ · (?:[0-9A-F]{4} ?){4}", text_of(pdf))
    assert found, text_of(pdf)
    return found[0]


def test_a_slip_of_the_day_is_found_in_the_packet_of_the_evening(world: World, tmp_path: Path) -> None:
    station = world.opened()
    serve(world, station, [1, 2])
    world.sign_in(station, "chair")
    slips = [head_on(must(station.papers.slip()))]
    serve(world, station, [1], first=2)
    noon = head_on(must(station.papers.slip()))
    packet = world.packet(station, {1: 2, 2: 1}, tmp_path / "stick")
    slips += [noon, head_on(must(station.papers.protocol())), noon.replace(" ", "").replace("·", " ").lower()]
    assert verify_file(packet, world.election, slips).accepted
    run = CliRunner().invoke(verify, [str(packet), "--head", noon])
    assert run.exit_code == 0 and "ACCEPTED" in run.output


def test_a_terminal_that_was_put_back_does_not_match_the_slip(world: World, tmp_path: Path) -> None:
    """Everything older together opens: nothing on the disk can tell. The paper does."""
    station = world.opened()
    serve(world, station, [1])
    station.close()
    shutil.copytree(world.folder, tmp_path / "morning")
    station = world.unlock("chair")
    serve(world, station, [2], first=1)
    noon = head_on(must(station.papers.slip()))
    station.close()
    shutil.rmtree(world.folder)
    shutil.copytree(tmp_path / "morning", world.folder)
    station = world.unlock("chair")
    serve(world, station, [1, 1, 1], first=1)
    packet = world.packet(station, {1: 4}, tmp_path / "stick")
    assert verify_file(packet, world.election).accepted
    refused = verify_file(packet, world.election, [noon])
    assert (refused.accepted, refused.code) == (False, "head_differs")
    run = CliRunner().invoke(verify, [str(packet), "--head", noon])
    assert run.exit_code == 1 and "REFUSED" in run.output


@pytest.mark.parametrize("typed", ["", "12", "x · 9F3A 12BC 88D0 7E41", "12 9F3A 12BC 88D0", "12 " + "F" * 17])
def test_what_is_no_head_is_said(world: World, typed: str) -> None:
    station = world.opened()
    with pytest.raises(IntegrityError, match="head_malformed"):
        chain.check_head(station._session.journal.entries(), typed)


def test_the_chair_prints_a_slip_during_the_day_and_after_the_close(desktop: Desktop) -> None:
    desktop.at_the_desk()
    desktop.serve([1])
    desktop.sign_in("chair")
    before = desktop.printer.printed
    desktop.hand.touch("print")
    desktop.hand.touch("pick-slip")
    assert desktop.printer.printed == before + 1
    assert desktop.station._session.journal.last("slip_printed")
    assert (desktop.world.folder / DAY).exists() and desktop.world.station_number == HOME


def test_the_lock_screen_shows_which_program_this_is(desktop: Desktop) -> None:
    from kiosk.packet.write import software_hash

    assert software_hash()[:16].upper() in desktop.hand.says("software").replace(" ", "")
