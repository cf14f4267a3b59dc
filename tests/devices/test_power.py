"""Mains and battery as the kernel tells them."""

from pathlib import Path

from kiosk.devices.power import Power, power


def supply(folder: Path, name: str, **files: str) -> None:
    (folder / name).mkdir(parents=True)
    for file, content in files.items():
        (folder / name / file).write_text(content + "\n")


def test_what_the_kernel_says(tmp_path: Path) -> None:
    assert power(tmp_path / "none") == Power()
    supply(tmp_path, "AC", type="Mains", online="1")
    supply(tmp_path, "BAT0", type="Battery", capacity="81", status="Charging")
    assert power(tmp_path) == Power(True, 81)
    (tmp_path / "AC" / "online").write_text("0\n")
    assert power(tmp_path) == Power(False, 81)


def test_a_battery_alone_that_runs_down(tmp_path: Path) -> None:
    supply(tmp_path, "BAT0", type="Battery", capacity="12", status="Discharging")
    assert power(tmp_path) == Power(False, 12)
