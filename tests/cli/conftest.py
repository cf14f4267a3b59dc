"""A folder with the small election."""

from pathlib import Path

import pytest

from tests.stage.world import small_files


@pytest.fixture
def small(tmp_path: Path) -> Path:
    folder = tmp_path / "election"
    folder.mkdir()
    for name, content in small_files().items():
        (folder / name).write_bytes(content)
    return folder
