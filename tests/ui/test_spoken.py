"""What a screen reader is told, as the window hands it over: pages, verdicts, refusals, counts, progress."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget

from tests.stage.desktop import Desktop
from tests.stage.world import HOME, World
from ui.widgets import announce


class Reader:
    """Hears what Qt is given to speak."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    @staticmethod
    def isActive() -> bool:  # noqa: N802
        return True

    def updateAccessibility(self, event: Any) -> None:  # noqa: N802
        self.heard.append(event.message())

    def since(self) -> str:
        """Everything since it was asked last."""
        said, self.heard = "\n".join(self.heard), []
        return said


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Reader:
    made = Reader()
    monkeypatch.setattr(announce, "QAccessible", made)
    return made


@pytest.fixture
def desktop(world: World, tmp_path: Path) -> Iterator[Desktop]:
    world.set_up()
    with Desktop(world, tmp_path) as made:
        yield made


def test_a_whole_service_can_be_followed_by_ear(desktop: Desktop, reader: Reader) -> None:
    desktop.open_polls()
    desktop.hand.touch("sign-out")
    assert "Show your badge" in reader.since()
    card, pin = desktop.world.card("clerk-1")
    desktop.hand.scan(card)
    assert "Enter the PIN" in reader.since()
    desktop.hand.pin("000000")
    assert "Wrong PIN" in reader.since()
    desktop.hand.scan(card)
    desktop.hand.pin(pin)
    assert "Scan the document" in reader.since()
    surname = desktop.station.desk.entry(desktop.world.pins(HOME)[0]).name.split()[0]  # type: ignore[union-attr]
    desktop.hand.type(surname[:3])
    assert " of " in reader.since() or "The first" in reader.since()
    desktop.hand.type("жжжжж")
    assert "Nobody of this name" in reader.since()
    for voter in desktop.world.pins(HOME)[:2]:
        desktop.hand.scan(voter)
        assert "The ballot may be given" in reader.since()  # for the second as for the first
        desktop.hand.touch("not-this-person")
    desktop.give(desktop.world.pins(HOME)[0])
    assert "Turn the screen to the voter" in reader.since()


def test_the_voter_hears_their_own_language(desktop: Desktop, reader: Reader) -> None:
    desktop.at_the_desk()
    desktop.give(desktop.world.pins(HOME)[0])
    desktop.hand.touch("voter-ready")
    assert "Тилди тандаңыз" in reader.since()
    desktop.hand.touch("speak-ru")
    desktop.hand.touch("start-ballot")
    assert "Выберите одного кандидата" in reader.since()
    desktop.hand.touch("choice-2")
    option = next(o for o in desktop.view.booth.options if o.number == 2)
    assert option.name.ru in reader.since()
    desktop.hand.touch("review")
    assert "Это ваш выбор?" in reader.since()
    desktop.printer.out_of_paper = True
    desktop.hand.touch("print-paper")
    assert "нет бумаги" in reader.since()


def test_what_was_refused_is_spoken_whole(desktop: Desktop, reader: Reader) -> None:
    desktop.at_the_desk()
    desktop.hand.scan(desktop.world.pins(HOME)[0])
    desktop.setting.printer.out_of_paper = True  # type: ignore[attr-defined]
    desktop.setting.watch()
    reader.since()
    desktop.hand.touch("give")
    said = reader.since()
    assert "paper" in said and said.count(". ") >= 1  # the title, and what to do next


def test_work_that_takes_longer_says_what_it_is(desktop: Desktop, reader: Reader) -> None:
    desktop.app.shell._progress.show_step("opening_box", 0, 0)
    desktop.app.shell._progress.open_sheet()
    desktop.app.shell._progress.show_step("drawing", 0, 0)
    assert reader.since().splitlines() == ["Opening the box and counting…", "Drawing up the protocol…"]


def test_the_system_gets_names_and_roles(desktop: Desktop) -> None:
    """What the bridge of the system reads, asked as it asks."""
    desktop.at_the_desk()
    for name, role in (("search", QAccessible.Role.EditableText), ("sign-out", QAccessible.Role.Button)):
        control = desktop.window.findChild(QWidget, name)
        assert control is not None
        found = QAccessible.queryAccessibleInterface(control)
        assert found.role() == role and found.text(QAccessible.Text.Name)
