"""While the station's files are looked at: the name of the thing, nothing to touch."""

from PySide6.QtCore import Qt

from kiosk.text import _
from ui.views import View
from ui.widgets.basic import column, label
from ui.widgets.picture import Picture
from ui.widgets.screen import Screen


class Starting(Screen):
    def __init__(self) -> None:
        super().__init__()
        self.setProperty("page", "true")
        self._words = label("title", "muted")
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        inside = column(1, Picture("globe", "act", 24), self._words, 1, spacing=6)
        inside.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setLayout(inside)

    def part(self, view: View) -> object:
        return view.page

    def render_view(self, view: View) -> None:
        self._words.setText(_("Starting…"))
