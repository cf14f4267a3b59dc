"""A terminal with a window for each journey."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ui_world import Desktop
from tests.world import World


@pytest.fixture
def desktop(world: World, tmp_path: Path) -> Iterator[Desktop]:
    """A station that is set up, its window locked."""
    world.set_up()
    made = Desktop(world, tmp_path)
    yield made
    made.close()
    assert not made.crashes
