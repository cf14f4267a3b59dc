"""Mains or battery, from what the kernel says."""

from pathlib import Path

import msgspec

_SUPPLIES = Path("/sys/class/power_supply")


class Power(msgspec.Struct, frozen=True):
    """`mains`: None where the machine can't tell. `percent`: of the battery, None without one."""

    mains: bool | None = None
    percent: int | None = None


def power(supplies: Path = _SUPPLIES) -> Power:
    """Never fails: a terminal without sensors is simply one that can't tell."""
    mains: bool | None = None
    percent: int | None = None
    try:
        for supply in sorted(supplies.iterdir()):
            kind = _read(supply / "type")
            if kind == "Mains" and (online := _read(supply / "online")):
                mains = online == "1"
            if kind == "Battery" and (capacity := _read(supply / "capacity")).isdigit():
                percent = int(capacity)
                if mains is None and _read(supply / "status") == "Discharging":
                    mains = False
    except OSError:
        pass
    return Power(mains, percent)


def _read(path: Path) -> str:
    try:
        return path.read_text("ascii", "replace").strip()
    except OSError:
        return ""
