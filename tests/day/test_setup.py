"""P8 and setting up: packages of elsewhere are refused, stand-ins know their place."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.centre.provision.run import NATION_FILE
from kiosk.day import box_key
from kiosk.day.folder import BOX_KEY
from kiosk.day.setup import load_package
from kiosk.devices.clock import SystemClock
from kiosk.errors import DeviceError, IntegrityError
from kiosk.trust import keys
from tests.stage.world import HOME, World


def test_a_package_of_another_purpose_authority_or_nation_is_refused(world: World, tmp_path: Path) -> None:
    package, nation = world.made[HOME].package, world.out / NATION_FILE
    good = keys.fingerprint(world.authority.public)

    def load(purpose: str = "test", paper: str | None = good, source: Path = package, index: Path = nation) -> str:
        try:
            checks = load_package(source, index, tmp_path / "new", purpose, authority_fingerprint=paper)  # type: ignore[arg-type]
        except IntegrityError as error:
            assert not (tmp_path / "new").exists()
            assert not (tmp_path / "new.part").exists()
            return error.code
        return f"{len(checks)} checks"

    assert load("official") == "purpose_foreign"
    assert load("demo") == "purpose_foreign"
    assert load(paper="0" * 32) == "fingerprint_differs"
    other = tmp_path / "other.sqlite"
    other.write_bytes(nation.read_bytes()[:-1] + b"x")
    assert load(index=other) == "nation_differs"
    other.write_bytes(nation.read_bytes() + b"x")
    assert load(index=other) == "nation_differs"
    broken = tmp_path / "broken.zip"
    content = package.read_bytes()
    for at in range(0, len(content), len(content) // 40):
        broken.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        assert not load(source=broken).endswith("checks")
    assert load(paper=good.upper()) == "7 checks"
    with pytest.raises(IntegrityError, match="folder_in_use"):
        load_package(package, nation, tmp_path / "new", "test", authority_fingerprint=good)


def test_an_official_terminal_wants_the_fingerprint_from_paper(tmp_path: Path) -> None:
    world = World.make(tmp_path, "official")
    package, nation = world.made[HOME].package, world.out / NATION_FILE
    with pytest.raises(IntegrityError, match="fingerprint_missing"):
        load_package(package, nation, tmp_path / "new", "official", authority_fingerprint=None)
    with pytest.raises(IntegrityError, match="fingerprint_missing"):
        load_package(package, nation, tmp_path / "new", "official", authority_fingerprint="  ")
    good = keys.fingerprint(world.authority.public)
    checks = load_package(package, nation, tmp_path / "new", "official", authority_fingerprint=good)
    assert ("purpose", "official") in [(check.name, check.found) for check in checks]


def test_no_room_for_a_station(world: World, tmp_path: Path) -> None:
    target = tmp_path / "file"
    target.write_text("in the way")
    with pytest.raises(DeviceError, match="disk_error"):
        load_package(
            world.made[HOME].package, world.out / NATION_FILE, target / "station", "test", authority_fingerprint=None
        )


def test_real_devices_and_stand_ins(world: World) -> None:
    now = SystemClock("Asia/Bishkek").now()
    assert now.microsecond == 0 and now.utcoffset() == timedelta(hours=6)
    from kiosk.devices.clock import SetClock

    with pytest.raises(DeviceError, match="fake_refused"):
        SetClock(now, "official")


def test_wiped_means_overwritten(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    station = world.opened()
    path = world.folder / BOX_KEY
    before = path.read_bytes()
    seen: list[bytes] = []
    real = Path.unlink

    def unlink(self: Path, missing_ok: bool = False) -> None:
        if self == path:
            seen.append(self.read_bytes())
        real(self, missing_ok)

    monkeypatch.setattr(Path, "unlink", unlink)
    box_key.destroy(station._session)
    assert len(seen[0]) == len(before)
    assert sum(a == b for a, b in zip(seen[0], before, strict=True)) < len(before) // 20
    assert not os.path.exists(path)  # noqa: PTH110
