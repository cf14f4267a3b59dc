"""The counter of a TPM 2.0, with the real library against swtpm."""

import threading
from pathlib import Path

import pytest

from kiosk.devices.tpm import Follower, TpmCounter, on_this_machine
from kiosk.errors import DeviceError
from tests.stage.swtpm import Chip

HASH = "ab" * 32


def test_it_goes_up_and_outlives_power_cuts(tmp_path: Path) -> None:
    chip = Chip(tmp_path / "chip")
    with chip.on():
        counter = TpmCounter(chip.tcti, HASH, 101)
        assert counter.value() is None
        counter.step()
        first = counter.value()
        assert first is not None
        for _ in range(5):
            counter.step()
        assert counter.value() == first + 5
        neighbour = TpmCounter(chip.tcti, HASH, 102)
        assert neighbour.value() is None  # each station of each election has its own
        counter.close()
        neighbour.close()
    with pytest.raises(DeviceError, match="tpm_failed"):
        TpmCounter(chip.tcti, HASH, 101).value()
    with chip.on():
        counter = TpmCounter(chip.tcti, HASH, 101)
        assert counter.value() == first + 5
        counter.close()


def test_a_counter_that_is_removed_and_made_anew_begins_above_all_that_was(tmp_path: Path) -> None:
    """With the owner's empty password anybody may remove it: that gains nothing."""
    chip = Chip(tmp_path / "chip")
    with chip.on():
        counter = TpmCounter(chip.tcti, HASH, 101)
        for _ in range(9):
            counter.step()
        before = counter.value()
        counter._ask(lambda: counter._esys.nv_undefine_space(counter._known()))
        counter.close()
        assert counter.value() is None
        counter.step()
        after = counter.value()
        assert before and after and after > before
        counter.close()


def test_a_machine_without_one() -> None:
    assert on_this_machine() is None or Path("/dev/tpmrm0").exists()


class Hanging:
    """Steps when it is let."""

    def __init__(self) -> None:
        self.let, self.steps = threading.Event(), 0

    def value(self) -> int:
        return self.steps

    def step(self) -> None:
        self.let.wait(10)
        self.steps += 1


def test_who_commits_waits_for_the_step_before_and_no_longer_than_the_deadline() -> None:
    counter = Hanging()
    follower = Follower(counter, deadline_s=0.05)
    follower.committed()  # begun, and nobody waits for it
    assert not follower.lost and not follower.is_news()
    follower.committed()
    assert follower.lost and follower.is_news() and not follower.is_news()
    follower.committed()  # from here on nothing is waited for
    counter.let.set()
    follower.end()


def test_every_commit_is_one_step() -> None:
    counter = Hanging()
    counter.let.set()
    follower = Follower(counter)
    for _ in range(50):
        follower.committed()
    follower.end()
    assert counter.steps == 50 and not follower.lost


def test_a_counter_that_fails_is_left_behind() -> None:
    class Broken(Hanging):
        def step(self) -> None:
            raise DeviceError("tpm_failed", reason="no more writes")

    follower = Follower(Broken())
    follower.committed()
    follower.end()
    assert follower.lost and follower.is_news()
