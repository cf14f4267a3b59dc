"""A voter's screen: one language on every page, no mark before a touch, no vote spoilt by a hurried hand."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAccessible, QKeyEvent
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from kiosk.election.definition import Candidate
from kiosk.text import language
from tests.stage.desktop import Desktop
from tests.stage.world import HOME, World
from ui.model.ballot import options
from ui.screens.voter import booth as booth_screen
from ui.screens.voter.ballot import Ballot
from ui.widgets import announce as announcing
from ui.widgets import focus
from ui.widgets.choice import Choice


def start(desktop: Desktop, speak: str = "en") -> None:
    desktop.give(desktop.world.pins(HOME)[0])
    desktop.hand.touch("voter-ready")
    desktop.hand.touch(f"speak-{speak}")
    desktop.hand.touch("start-ballot")


def ballot(desktop: Desktop) -> Ballot:
    [found] = [b for b in desktop.window.findChildren(Ballot) if b.isVisible()]
    return found


@pytest.fixture
def crowded(desktop: Desktop, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desktop]:
    """A ballot of several pages: thirty candidates."""
    district = desktop.world.source.definition.district(1)
    one = district.standing[0]
    many = tuple(
        msgspec.structs.replace(one, number=n, name_ky=f"Талапкер {n} уулу", name_ru=f"Кандидат {n}")
        for n in range(1, 31)
    )
    assert isinstance(one, Candidate)
    options.cache_clear()
    monkeypatch.setattr(type(district), "standing", property(lambda self: many))
    yield desktop
    options.cache_clear()


def spoken_here(monkeypatch: pytest.MonkeyPatch, said: list[tuple[str, str, str]]) -> None:
    """Note the language of every sentence that a module of the voter's screens makes."""
    for name, module in list(sys.modules.items()):
        if name.startswith("ui.screens.voter") and hasattr(module, "_"):
            real: Callable[..., str] = module._

            def noted(sentence: str, /, _real: Callable[..., str] = real, _name: str = name, **facts: object) -> str:
                said.append((_name, sentence, language()))
                return _real(sentence, **facts)

            monkeypatch.setattr(module, "_", noted)


@pytest.mark.parametrize(("desk", "voter"), [("ru", "ky"), ("ky", "ru"), ("ru", "en")])
def test_every_word_on_the_voter_s_pages_is_in_the_voter_s_language(
    crowded: Desktop, monkeypatch: pytest.MonkeyPatch, desk: str, voter: str
) -> None:
    """Whatever is touched: pages, marks, sizes, sheets; what is announced too. The rule is held, not the page."""
    from kiosk.text import use_language

    desktop = crowded
    desktop.at_the_desk()
    heard: list[str] = []
    monkeypatch.setattr(QAccessible, "isActive", lambda: True)

    def hears(_widget: QWidget, words: str) -> None:
        heard.append(words)

    monkeypatch.setattr(announcing, "QAccessibleAnnouncementEvent", hears)
    monkeypatch.setattr(QAccessible, "updateAccessibility", lambda event: None)
    desktop.give(desktop.world.pins(HOME)[0])
    use_language(desk)
    try:
        desktop.hand.touch("voter-ready")
        desktop.hand.touch(f"speak-{voter}")
        said: list[tuple[str, str, str]] = []
        spoken_here(monkeypatch, said)
        desktop.hand.touch("start-ballot")
        while (following := desktop.hand.see("next-page")) is not None and following.isEnabled():
            desktop.hand.touch("next-page")
        against = desktop.hand.see("choice-0")
        assert against is not None
        desktop.hand.touch("choice-0")
        desktop.hand.touch("choice-0")
        desktop.hand.touch("text-size")
        desktop.hand.touch("contrast")
        desktop.window.resize(1024, 768)
        QApplication.processEvents()
        desktop.window.resize(1280, 800)
        desktop.hand.touch("previous-page")
        desktop.hand.touch("review")
        desktop.hand.touch("change")
        [screen] = [b for b in desktop.window.findChildren(booth_screen.Booth) if b.isVisible()]
        screen._ask()
        screen._close_question()
        monkeypatch.setattr(booth_screen, "DOUBLE_TAP_SECONDS", 0.0, raising=False)
        wrong = {(where, sentence) for where, sentence, spoken in said if spoken != voter}
        assert said and not wrong
        other = {"ky": "года рождения", "ru": "жылы туулган", "en": "года рождения"}[voter]
        assert heard and not [words for words in heard if other in words]
        for label in desktop.window.findChildren(QLabel):
            assert not label.isVisible() or other not in label.text()
    finally:
        use_language("en")


def frames(widget: QWidget) -> Iterator[tuple[Choice, int, int]]:
    """Of each tile: how many pixels on the way in from its left edge have another colour than its middle."""
    picture = widget.grab().toImage()
    ratio = picture.devicePixelRatio()
    for tile in widget.findChildren(Choice):
        at = tile.mapTo(widget, QPoint(0, tile.height() // 2)) * ratio
        row = [picture.pixel(at.x() + x, at.y()) for x in range(14)]
        yield tile, tile.choice, sum(colour != row[-1] for colour in row)


@pytest.mark.parametrize("contrast", ["standard", "black_on_white", "white_on_black", "yellow_on_black"])
def test_no_tile_looks_chosen_before_a_touch(desktop: Desktop, contrast: str) -> None:
    """In no contrast, on arrival or after “Change”; a ring comes with a key, and is no frame of a choice."""
    desktop.at_the_desk()
    start(desktop)
    for _again in range(4):
        if desktop.view.booth.contrast == contrast:
            break
        desktop.hand.touch("contrast")
    QApplication.processEvents()
    assert len({width for _tile, _n, width in frames(ballot(desktop))}) == 1
    desktop.hand.touch("choice-2")
    widths = {n: width for _tile, n, width in frames(ballot(desktop))}
    assert {n for n, width in widths.items() if width != widths[1]} == {2}
    desktop.hand.touch("review")
    desktop.hand.touch("change")
    widths = {n: width for _tile, n, width in frames(ballot(desktop))}
    assert {n for n, width in widths.items() if width != widths[1]} == {2}


def test_a_ring_shows_only_after_a_key(desktop: Desktop) -> None:
    desktop.at_the_desk()
    start(desktop)
    tile = next(t for t in ballot(desktop).findChildren(Choice) if t.choice == 1)
    assert not focus.ringed(tile)
    for _press in range(12):
        held = QApplication.focusWidget() or desktop.window
        QApplication.sendEvent(held, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier))
        QApplication.processEvents()
    now = QApplication.focusWidget()
    assert now is not None and focus.ringed(now)
    desktop.hand.touch("choice-2")
    now = QApplication.focusWidget()
    assert now is None or not focus.ringed(now)


def test_the_choice_is_named_on_every_page_and_change_goes_back_to_it(crowded: Desktop) -> None:
    desktop = crowded
    desktop.at_the_desk()
    start(desktop)
    pages = len(ballot(desktop)._pages)
    assert pages > 2
    desktop.hand.touch("next-page")
    page = ballot(desktop)._page
    number = ballot(desktop)._pages[page][1].number
    desktop.hand.touch(f"choice-{number}")
    assert desktop.hand.says("chosen-here") == f"Талапкер {number} уулу" or f"{number}" in desktop.hand.says(
        "chosen-here"
    )
    desktop.hand.touch("next-page")
    assert str(number) in desktop.hand.says("chosen-here")
    desktop.hand.touch("review")
    if pages > 3:
        desktop.hand.touch("answer-1")
    desktop.hand.touch("change")
    assert ballot(desktop)._page == page
    assert next(t for t in ballot(desktop).findChildren(Choice) if t.choice == number).isChecked()
    desktop.hand.touch("review")  # asked once is enough
    assert desktop.view.booth.page == "review"


def test_pages_that_were_not_seen_are_said_before_the_review(crowded: Desktop) -> None:
    desktop = crowded
    desktop.at_the_desk()
    start(desktop)
    desktop.hand.touch("choice-1")
    desktop.hand.touch("review")
    assert desktop.hand.says("sheet-title") == "You have not seen the whole ballot"
    desktop.hand.touch("answer-0")
    assert desktop.view.booth.page == "ballot" and ballot(desktop)._page == 1
    desktop.hand.touch("review")
    desktop.hand.touch("answer-1")
    assert desktop.view.booth.page == "review"


def test_a_vote_without_a_mark_is_asked_for_and_never_where_the_finger_is(desktop: Desktop, tmp_path: Path) -> None:
    desktop.at_the_desk()
    start(desktop)
    check = desktop.hand.see("review")
    assert check is not None
    spot = check.mapTo(desktop.window, check.rect().center())
    desktop.hand.touch("review")
    under = desktop.window.childAt(spot)
    while under is not None and not under.objectName():
        under = under.parentWidget()
    assert under is not None and under.objectName() != "print-paper"
    desktop.hand.touch("print-paper")
    assert desktop.printer.printed == 0 and "without a mark?" in desktop.hand.says("sheet-title")
    primary = desktop.hand.see("answer-0")
    assert primary is not None and primary.text() == "Choose a candidate"  # type: ignore[attr-defined]
    desktop.hand.touch("answer-0")
    assert desktop.view.booth.page == "ballot"
    desktop.hand.touch("review")
    desktop.hand.touch("print-paper")
    desktop.hand.touch("answer-1")
    assert desktop.view.booth.page == "paper" and desktop.printer.printed == 1


def test_the_name_in_the_review_is_the_largest_of_the_voter_s_way(desktop: Desktop, world: World) -> None:
    desktop.at_the_desk()
    start(desktop)
    desktop.hand.touch("choice-1")
    heights = [label.fontMetrics().height() for label in desktop.window.findChildren(QLabel) if label.isVisible()]
    desktop.hand.touch("review")
    labels = [label for label in desktop.window.findChildren(QLabel) if label.isVisible()]
    name = next(label for label in labels if label.objectName() == "chosen")
    assert all(label.fontMetrics().height() < name.fontMetrics().height() for label in labels if label is not name)
    assert name.fontMetrics().height() > max(heights)
