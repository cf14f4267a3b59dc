"""Tokens in place of cards: from provisioning to the desk, with the command line and the window, against SoftHSM."""

from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from kiosk.cli import kiosk
from kiosk.day.setup import load_package
from kiosk.packet import package
from kiosk.trust.tokens import Tokens
from tests.stage.desktop import Desktop
from tests.stage.softhsm import PIN, plug_in
from tests.stage.world import HOME, World, roll_csv, small_files
from ui.intents import Tick

HOLDERS = ("101-chair", "101-clerk-1")


@pytest.fixture
def with_tokens(world: World, soft_tokens: Tokens, tmp_path: Path) -> World:
    """Provisioned by the command line: the chair and a clerk have tokens, the others cards."""
    for label in (*HOLDERS, "somebody-else"):
        plug_in(soft_tokens, label)
    election, out = tmp_path / "election", tmp_path / "out"
    election.mkdir()
    for name, content in small_files().items():
        (election / name).write_bytes(content)
    (tmp_path / "roll.csv").write_bytes(roll_csv(world.rows(HOME)))
    arguments = [
        "provision",
        election,
        tmp_path / "roll.csv",
        "--out",
        out,
        "--station",
        HOME,
        "--tokens",
        soft_tokens._module,
    ]
    done = CliRunner().invoke(kiosk, [str(part) for part in arguments], input=f"000000\n{PIN}\n{PIN}\nn\n")
    assert done.exit_code == 0, done.output
    assert "Wrong PIN" in done.output and "Tokens that are ready: 2" in done.output and PIN not in done.output
    made = package.read_file(out / str(HOME) / package.file_name(HOME))
    assert {o.id for o in made.credential.officers if not o.card} == set(HOLDERS)
    load_package(
        out / str(HOME) / package.file_name(HOME), out / "nation.sqlite", tmp_path / "station", "test",
        authority_fingerprint=None,
    )  # fmt: skip
    return msgspec.structs.replace(world, folder=tmp_path / "station")


def test_a_token_that_is_plugged_in_signs_in_with_its_pin(
    with_tokens: World, soft_tokens: Tokens, tmp_path: Path
) -> None:
    with Desktop(with_tokens, tmp_path / "window") as desktop:
        setting, seat = desktop.setting, desktop.terminal.seat
        setting.tokens = soft_tokens
        assert seat.locked
        seat.locked.tokens = soft_tokens

        def plug(*labels: str) -> None:
            setting.plugged = labels
            desktop.app.shell.ask(Tick())  # as the window does once a second
            desktop.hand.settle()

        plug("somebody-else")
        assert desktop.hand.says("title") == "Show your badge"
        plug("somebody-else", "101-chair")
        assert desktop.hand.says("title") == "Enter the PIN"
        desktop.hand.pin("111111")
        assert desktop.hand.says("title") == "Wrong PIN"
        desktop.hand.pin(PIN)
        assert desktop.view.page == "day" and desktop.station.officer.id == "101-chair"  # type: ignore[union-attr]
        desktop.hand.touch("sign-out")
        plug("101-chair")
        assert desktop.hand.says("title") == "Show your badge"  # it has been there all the time
        plug()
        plug("101-chair")
        assert desktop.hand.says("title") == "Enter the PIN"
        told = [(e.event, e.badge) for e in desktop.station._session.journal.entries()]
        assert ("badge_pin_wrong", "101-chair") in told and ("signed_in", "101-chair") in told
