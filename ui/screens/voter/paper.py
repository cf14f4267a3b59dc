"""The voter reads the paper: it says what was chosen, or it does not."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap, QPixmapCache
from PySide6.QtWidgets import QBoxLayout, QLabel, QWidget

from kiosk.text import _
from ui import intents as i
from ui.look.scale import px
from ui.screens.voter.face import Face, page, stand_up
from ui.views import BoothView, View
from ui.widgets.basic import Button, column, label, row
from ui.widgets.picture import Picture
from ui.widgets.sheet import scrolled


class Paper(Face):
    """The printed paper is read before anything is recorded."""

    def __init__(self) -> None:
        super().__init__()
        self._title, self._note = label("display", name="title"), label("strong", "muted")
        self.name = label("title", name="chosen")
        self.sheet = QLabel()
        self.sheet.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.wrong = Button("tall", icon="bad", then=lambda: self.asked.emit(i.PaperWrong()), name="paper-wrong")
        self.record = Button("primary", icon="check", then=lambda: self.asked.emit(i.Record()), name="record")
        self.record.setMinimumWidth(px(80))
        picture = Picture("paper", "act", 40)
        self._picture = picture
        left = QWidget()
        left.setLayout(column(self._title, self._note, self.name, 1, spacing=5))
        self._body = row(scrolled(left), self.sheet, picture, spacing=8)
        self._body.setStretch(0, 1)
        self._paper = QPixmap()
        self._foot = row(self.wrong, 1, self.record)
        page(self, None, self._body, self._foot)

    def show_booth(self, booth: BoothView, view: View) -> None:
        self._title.setText(_("Take your paper and read it"))
        self._note.setText(_("Does it say what you chose? Then record your vote and put the paper into the box."))
        chosen = next((o for o in booth.options if o.number == booth.choice), None)
        self.name.setText(chosen.name.here if chosen else _("No mark"))
        self.wrong.say(_("No, the paper is wrong"))
        self.record.say(_("Yes: record my vote"))
        self.sheet.setVisible(booth.paper is not None)
        if booth.paper:
            self._paper.loadFromData(booth.paper)
            self.sheet.setAccessibleName(_("The printed paper"))
        self.lay_out_again()

    def lay_out_again(self) -> None:
        """The paper beside the words; on an upright screen below them."""
        around = self.parentWidget() or self
        upright = around.height() > around.width()
        stands = stand_up(self._foot, around.width() - 2 * px(11))
        self._picture.setVisible(self._paper.isNull() and not stands)
        self._body.setDirection(QBoxLayout.Direction.TopToBottom if upright else QBoxLayout.Direction.LeftToRight)
        if not self._paper.isNull():
            room = around.height() // 2 if upright else around.height() - self._foot.sizeHint().height() - px(46)
            high = max(px(60), min(px(150), room))
            self.sheet.setPixmap(self._paper.scaledToHeight(high, Qt.TransformationMode.SmoothTransformation))

    def empty_face(self) -> None:
        self._paper = QPixmap()
        self.sheet.setPixmap(QPixmap())
        QPixmapCache.clear()  # where Qt would keep the picture of the paper
        self.name.setText("")

    def arrive(self) -> None:
        self.wrong.setFocus(Qt.FocusReason.OtherFocusReason)
