"""The size of the screen as a setting from outside says it."""

import pytest

from ui import app as composition


@pytest.mark.parametrize(("told", "dpi"), [("120", 120.0), ("120,5", 120.5), (" 96.5 ", 96.5), ("130.25", 130.25)])
def test_a_size_is_read_with_a_comma_too(monkeypatch: pytest.MonkeyPatch, told: str, dpi: float) -> None:
    monkeypatch.setenv("KIOSK_DPI", told)
    assert composition.scale(composition.application()).dpi == dpi


@pytest.mark.parametrize("told", ["", "ninety", "96;5", "nan", "inf", "-96", "0", "1e9", "96,5,5"])
def test_what_is_no_size_leaves_the_screen_s_own(monkeypatch: pytest.MonkeyPatch, told: str) -> None:
    app = composition.application()
    monkeypatch.delenv("KIOSK_DPI", raising=False)
    own = composition.scale(app)
    monkeypatch.setenv("KIOSK_DPI", told)
    found = composition.scale(app)
    assert found == own and 80 <= found.dpi <= 170
