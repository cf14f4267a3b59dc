"""What every face has: the voter's reading buttons, and header, body and buttons alike."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QWidget

from kiosk.text import _
from ui import intents as i
from ui.look.scale import current_scale, px
from ui.look.tokens import VOTER_CAPITALS, Contrast, next_contrast
from ui.views import BoothView, View
from ui.widgets.basic import Button, Part, column, row
from ui.widgets.languages import LANGUAGES


class Face(QWidget):
    """One step of the voter. Words are made in `show_booth` and `lay_out_again` alone, which the booth calls in the
    voter's language: whatever a touch changes on the page emits `again`."""

    asked = Signal(object)
    again = Signal()

    def show_booth(self, booth: BoothView, view: View) -> None:
        raise NotImplementedError

    def lay_out_again(self) -> None:
        """The booth has another size."""

    def empty_face(self) -> None:
        """Nothing of this voter stays on the widgets."""

    def arrive(self) -> None:
        """The focus goes to what is most likely touched next."""


class Reading(QWidget):
    """Size, contrast and language, on every page where something is read."""

    asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._size, self._speaks = 1, "ky"  # and nothing else of the voter
        self._colours: Contrast = "standard"
        self.letters = Button("plain", icon="size", then=self._larger, name="text-size")
        self.contrast = Button("plain", icon="contrast", then=self._contrast, name="contrast")
        self.language = Button("plain", then=self._language, name="voter-language")
        self.setLayout(row(self.letters, self.contrast, self.language))

    def show_booth(self, booth: BoothView) -> None:
        self._size, self._colours, self._speaks = booth.size, booth.contrast, booth.language
        self.letters.say("", _("Size of the letters"))
        self.contrast.say("", _("Colours"))
        sign = next(sign for code, sign, _name in LANGUAGES if code == booth.language)
        self.language.say(sign, _("Language"))

    def _larger(self) -> None:
        offered = (
            len(VOTER_CAPITALS) - current_scale().dense
        )  # the largest letters leave a small screen no room for names
        self.asked.emit(i.Present(size=(self._size + 1) % offered))

    def _contrast(self) -> None:
        self.asked.emit(i.Present(contrast=next_contrast(self._colours)))

    def _language(self) -> None:
        codes = [code for code, _sign, _name in LANGUAGES]
        now = codes.index(self._speaks)
        self.asked.emit(i.Present(language=codes[(now + 1) % len(codes)]))


def stand_up(line: QBoxLayout, room: int) -> bool:
    """Buttons beside each other as long as their words have room, else below each other. What is between them takes
    room only while they lie. Whether they stand."""
    items = [item for item in map(line.itemAt, range(line.count())) if item]
    widths = [widget.sizeHint().width() for item in items if (widget := item.widget())]
    stands = sum(widths) + line.spacing() * (len(widths) - 1) > room
    line.setDirection(QBoxLayout.Direction.TopToBottom if stands else QBoxLayout.Direction.LeftToRight)
    policy = QSizePolicy.Policy
    for place, item in enumerate(items):
        if between := item.spacerItem():
            between.changeSize(0, 0, policy.Minimum if stands else policy.Expanding, policy.Minimum)
            line.setStretch(place, 0 if stands else 1)
    line.invalidate()
    return stands


def page(face: Face, top: Part, middle: Part, foot: Part) -> None:
    """Header, body, and the row of buttons: alike on every face."""
    inside = column(top, middle, foot, spacing=4)
    inside.setStretch(0 if top is None else 1, 1)
    inside.setContentsMargins(px(11), px(7), px(11), px(6))
    face.setLayout(inside)
