"""What is held by one place: the wish for a page, the scale, the language, what a stopped window hears."""

import ast
from pathlib import Path
from threading import Thread

import pytest

from kiosk.text import language, speaking, use_language
from tests.stage.desktop import Desktop
from tests.stage.world import World
from ui.look.scale import current_scale, scaled
from ui.look.tokens import Scale

UI = Path(__file__).parents[2] / "ui"


def test_a_page_is_wished_for_in_one_function() -> None:
    """Nothing assigns a page; the wish is born with the seat and set by `go`."""
    places = []
    for path in sorted((UI / "model").rglob("*.py")):
        for function in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(function, ast.FunctionDef):
                continue
            for node in ast.walk(function):
                targets = node.targets if isinstance(node, ast.Assign) else []
                targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
                if any(isinstance(t, ast.Attribute) and t.attr in ("page", "_wish", "wish") for t in targets):
                    places.append(f"{path.name}:{function.name}")
    assert sorted(places) == ["seat.py:__init__", "seat.py:go"]


def test_the_scale_comes_back_whatever_happens_inside() -> None:
    before = current_scale()
    with pytest.raises(ValueError, match="broke"), scaled(Scale(140.0)):
        assert current_scale() == Scale(140.0)
        raise ValueError("broke")
    assert current_scale() == before


def test_who_speaks_to_the_voter_does_not_change_what_others_say() -> None:
    """Not another thread's language, and not after something broke."""
    use_language("ru")
    heard: list[str] = []
    with pytest.raises(ValueError, match="broke"), speaking("ky"):
        other = Thread(target=lambda: heard.append(language()))
        other.start()
        other.join()
        heard.append(language())
        raise ValueError("broke")
    assert [*heard, language()] == ["ru", "ky", "ru"]


def test_a_stopped_window_shows_nothing_any_more(world: World, tmp_path: Path) -> None:
    world.set_up()
    with Desktop(world, tmp_path) as desktop:
        view, tasks, app = desktop.view, desktop.app.tasks, desktop.app
    tasks.viewed.emit(view)
    tasks.progressed.emit("printing", 0, 0)
    app._viewed(view)  # as one that was under way
    app._crashed(ValueError())
    assert not desktop.crashes
