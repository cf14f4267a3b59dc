"""What a station installs: no more than it runs on, and the very versions that were tested."""

import re
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
_LINE = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;]+)", re.M)


def locked(name: str) -> dict[str, str]:
    """Package → version and hashes, as they stand."""
    text = (ROOT / name).read_text("utf-8")
    return {entry.split("==")[0].lower(): entry for entry in re.split(r"\n(?=[A-Za-z])", text.strip())}


def needed(extra: str) -> set[str]:
    """Everything that kiosk and this extra need, by what the packages say of themselves."""
    found: set[str] = set()
    waiting = [("kiosk", extra)]
    while waiting:
        name, wanted = waiting.pop()
        for line in metadata.requires(name) or ():
            one = Requirement(line)
            if one.marker is None or one.marker.evaluate({"extra": wanted}):
                own = re.sub(r"[-_.]+", "-", one.name).lower()
                if own not in found:
                    found.add(own)
                    waiting.append((one.name, ""))
    return found


def test_a_station_gets_what_it_runs_on_and_nothing_else() -> None:
    station = {name for name in locked("requirements-station.lock") if name != "colorama"}  # on another system
    assert station == needed("ui") - {"pip"}  # which a library asks for and never calls
    for tool in ("pip", "setuptools", "pytest", "hypothesis", "selenium", "duckdb", "pyarrow", "mypy", "ruff"):
        assert tool not in station


def test_every_version_of_the_station_was_tested() -> None:
    whole, station = locked("requirements.lock"), locked("requirements-station.lock")
    for name, entry in station.items():
        version = _LINE.match(entry)
        tested = _LINE.match(whole[name])
        assert version and tested and version[2] == tested[2], name
        assert set(re.findall("sha256:[0-9a-f]{64}", entry)) == set(re.findall("sha256:[0-9a-f]{64}", whole[name]))


def test_every_lock_has_hashes() -> None:
    for name in ("requirements.lock", "requirements-station.lock", "packaging/supply.lock", "packaging/tpm.lock"):
        for entry in locked(name).values():
            assert "--hash=sha256:" in entry, entry[:60]
