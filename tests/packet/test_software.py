"""The hash of the software in every packet: a change of anything that runs or is shown changes it."""

import shutil
from pathlib import Path

import pytest

from kiosk.packet import write

ROOT = Path(__file__).parents[2]


def hash_of(root: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(write, "__file__", str(root / "kiosk" / "packet" / "write.py"))
    return write.software_hash.__wrapped__()


def test_a_change_of_any_file_that_runs_changes_the_hash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for top in ("kiosk", "ui", "resources"):
        shutil.copytree(ROOT / top, tmp_path / top, ignore=shutil.ignore_patterns("__pycache__"))
    whole = hash_of(tmp_path, monkeypatch)
    seen = {whole}
    samples = ["ui/program.py", "ui/window/shell.py", "kiosk/day/booth.py"]
    samples += [
        str(next((tmp_path / "resources").rglob(f"*.{end}")).relative_to(tmp_path)) for end in ("typ", "toml", "mo")
    ]
    for name in samples:
        path = tmp_path / name
        content = path.read_bytes()
        path.write_bytes(content + b"\n")
        seen.add(hash_of(tmp_path, monkeypatch))
        path.write_bytes(content)
    assert len(seen) == len(samples) + 1
    (tmp_path / "ui" / "more.py").write_bytes(b"")  # a file more
    assert hash_of(tmp_path, monkeypatch) not in seen
    (tmp_path / "ui" / "more.py").unlink()
    (tmp_path / "ui" / "__pycache__").mkdir()
    (tmp_path / "ui" / "__pycache__" / "x.pyc").write_bytes(b"compiled")
    assert hash_of(tmp_path, monkeypatch) == whole
