"""The ballot: pages of tiles, one mark. How many tiles a page holds follows from the screen and the size of letters."""

from collections.abc import Iterator
from time import monotonic

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from kiosk.text import _
from ui import intents as i
from ui import words
from ui.look import tokens
from ui.look.scale import px
from ui.look.theme import look_of
from ui.screens.voter.face import Face, Reading, page
from ui.views import BoothView, Option, View
from ui.widgets.announce import announce
from ui.widgets.basic import Button, column, label, retone, row
from ui.widgets.choice import Choice

_GAP = 3.6
_WRAP = int(Qt.TextFlag.TextWordWrap)
_STRETCH = 1.3  # tiles may grow to fill the page
_TWO_COLUMNS_FROM = 92  # mm of tile

DOUBLE_TAP_SECONDS = 0.6


class Unseen(i.Intent, frozen=True):
    """The voter wants to check without having seen every page: the booth asks. It never leaves the booth."""


UNSEEN = Unseen()


class Ballot(Face):
    def __init__(self) -> None:
        super().__init__()
        self._marked_at = 0.0
        self._booth = BoothView()
        self._built: object = None
        self._page = 0
        self._anchor: int | None = None  # a candidate whose page stays up when pages are cut anew
        self._pages: list[list[Option]] = [[]]
        self._seen: set[int] = set()  # candidates that have been on the screen
        self._district = ""
        self._beside = True  # there is room for the chosen name beside “Check”
        self._taken_away = ""  # what is said when a mark goes, in the voter's language
        self.reading = Reading()
        self.reading.asked.connect(self.asked)
        self._title, self._note = label("display", name="title"), label("body", "muted")
        head = row(column(self._title, self._note, spacing=0.5), self.reading, spacing=4)
        head.setStretch(0, 1)
        head.setAlignment(self.reading, Qt.AlignmentFlag.AlignTop)
        self.tiles = QWidget()
        self._grid = QGridLayout(self.tiles)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(px(_GAP))
        self._tiles: list[Choice] = []
        self.previous = Button("tall", icon="back", then=lambda: self._turn(-1), name="previous-page")
        self.next = Button("tall", icon="next", then=lambda: self._turn(1), name="next-page", icon_after=True)
        self._where = label("body", "muted", wrap=False, name="page-number")
        self._chosen = label("strong", name="chosen-here")
        self._chosen.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._chosen.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)  # it takes what is left
        self.review = Button("primary", icon="next", then=self._check, name="review", icon_after=True)
        foot = row(self.previous, self._where, self.next, self._chosen, self.review, spacing=4)
        foot.setStretch(foot.indexOf(self._chosen), 1)
        page(self, head, self.tiles, foot)

    # -- showing --------------------------------------------------------------------------------------

    def show_booth(self, booth: BoothView, view: View) -> None:
        came = self._booth.options != booth.options
        self._booth = booth
        self.reading.show_booth(booth)
        self._title.setText(_("Choose one candidate"))
        self._district = words.dotted(booth.district_name.here, _("one mark"))
        self.previous.say("", _("Previous page"))
        self.review.say(_("Check"))
        self._taken_away = _("mark taken away")
        if came:
            self._page, self._anchor = 0, booth.choice  # back from the review: to the page with the mark
            self._seen = {o.number for o in booth.options} if booth.choice is not None else set()
        self.lay_out_again()
        self._show_mark()

    def _crowded(self) -> bool:
        """Whether the words of the lowest row have no room at this size of letters."""
        around = self.parentWidget() or self
        needed = self.review.sizeHint().width() + self.next.sizeHint().width() + px(70)
        return needed > around.width() - 2 * px(11)

    def lay_out_again(self) -> None:
        """The tiles for this size, language, contrast and height of letters, if any of them changed."""
        booth = self._booth
        self.next.say(_("Next page"))
        if self._crowded():
            self.next.say("", _("Next page"))
        self._beside = self._room_beside()
        self._name_chosen(booth.choice)
        area = self._area()
        wanted = (booth.options, booth.language, booth.size, booth.contrast, area, self._page)
        if wanted == self._built or not booth.options:
            return
        self._built = wanted
        self._paginate(*area)
        self._page = next(self._holding({self._anchor}), min(self._page, len(self._pages) - 1))
        self._build()

    def _room_beside(self) -> bool:
        """Whether the longest name stands beside “Check” in two lines, no higher than the button."""
        look = look_of(self)
        metrics = QFontMetrics(look.font(tokens.STRONG, 600))
        taken = sum(b.sizeHint().width() for b in (self.previous, self._where, self.next, self.review)) + 4 * px(4)
        left = (self.parentWidget() or self).width() - 2 * px(11) - taken
        high = max(self.review.sizeHint().height(), self.next.sizeHint().height())
        names = (o.name.here for o in self._booth.options)
        fits = QRect(0, 0, max(left, 1), 9999)
        return all(
            (box := metrics.boundingRect(fits, _WRAP, name)).height() <= high and box.width() <= left for name in names
        )

    def _area(self) -> tuple[int, int]:
        """Width and height for tiles, known before the layout has run: the booth is as large as the face will be."""
        look = look_of(self)
        around = self.parentWidget() or self
        wide, high = around.width(), around.height()
        inner = wide - 2 * px(11)
        room = inner - self.reading.sizeHint().width() - px(4)
        head = sum(
            QFontMetrics(look.font(em, weight)).boundingRect(QRect(0, 0, room, 9999), _WRAP, words_.text()).height()
            for em, weight, words_ in ((tokens.DISPLAY, 700, self._title), (tokens.BODY, 400, self._note))
        )
        head = max(head + px(1.5), self.reading.sizeHint().height())
        foot = max(self.review.sizeHint().height(), self.next.sizeHint().height())
        return inner, int(high - head - foot - px(7) - px(6) - 2 * px(4) - px(4))

    def _paginate(self, wide: int, high: int) -> None:
        """Pages of equal tiles, against all last."""
        look = look_of(self)
        options = self._booth.options
        gap = px(_GAP)
        letters = max(1.0, look.scale.em / tokens.voter_em(tokens.VOTER_DEFAULT))
        self._columns = 2 if (wide - gap) / 2 >= px(_TWO_COLUMNS_FROM * letters) else 1
        tile = (wide - gap * (self._columns - 1)) // self._columns
        needed = max(Choice.height_for(look, o.name.here, self._note_of(o), tile) for o in options)
        lines = max(1, (high + gap) // (needed + gap))
        fits = lines * self._columns
        count = -(-len(options) // fits)
        each = -(-len(options) // count)
        each += -each % self._columns
        self._lines = each // self._columns
        fill = (high - gap * (self._lines - 1)) // self._lines
        self._tile_height = max(needed, min(int(needed * _STRETCH), fill))
        self._pages = [list(options[n : n + each]) for n in range(0, len(options), each)]

    @staticmethod
    def _note_of(option: Option) -> str:
        return _("born in {year}", year=option.year) if option.year else _("none of the candidates")

    def _build(self) -> None:
        self._clear()
        for place, option in enumerate(self._pages[self._page]):
            sign = str(option.number) if option.number else "–"
            tile = Choice(option.number, sign, option.name.here, self._note_of(option))
            tile.setFixedHeight(self._tile_height)
            tile.clicked.connect(lambda _checked=False, t=tile: self._touched(t))
            self._tiles.append(tile)
            self._grid.addWidget(tile, place // self._columns, place % self._columns)
        for x in range(2):
            self._grid.setColumnStretch(x, 1 if x < self._columns else 0)
        for y in range(self._grid.rowCount()):
            self._grid.setRowStretch(y, 0)
        self._grid.setRowStretch(self._lines, 1)
        several = len(self._pages) > 1
        self.previous.setVisible(several)
        self.next.setVisible(several)
        self._where.setVisible(several)
        self.previous.setEnabled(self._page > 0)
        self.next.setEnabled(self._page + 1 < len(self._pages))
        where = _("page {n} of {all}", n=self._page + 1, all=len(self._pages))
        self._where.setText(f"{self._page + 1} / {len(self._pages)}")
        self._where.setAccessibleName(where)
        self._seen |= {option.number for option in self._pages[self._page]}
        self._show_mark()

    def _clear(self) -> None:
        for tile in self._tiles:
            self._grid.removeWidget(tile)
            tile.hide()
            tile.setParent(None)
            tile.deleteLater()
        self._tiles = []

    def _show_mark(self) -> None:
        """What the station holds is what is shown: one mark or none."""
        for tile in self._tiles:
            tile.setChecked(tile.choice == self._booth.choice)
        self._name_chosen(self._booth.choice)

    def _name_chosen(self, number: int | None) -> None:
        """Beside “Check”, on every page: a mark on another page is not lost."""
        chosen = next((o for o in self._booth.options if o.number == number), None)
        self._chosen.setText(chosen.name.here if chosen and self._beside else "")
        above = chosen is not None and not self._beside
        self._note.setText(chosen.name.here if chosen and above else self._district)
        retone(self._note, tone="ink" if above else "muted")

    # -- touching ---------------------------------------------------------------------------------------

    def _touched(self, tile: Choice) -> None:
        """The mark is painted at once and told to the station; a second touch takes it away."""
        again = self._booth.choice == tile.choice
        if again and monotonic() - self._marked_at < DOUBLE_TAP_SECONDS:
            self._show_mark()  # the second tap of one touch takes nothing away
            return
        self._marked_at = monotonic()
        for other in self._tiles:
            other.setChecked(other is tile and not again)
        self._name_chosen(None if again else tile.choice)
        announce(tile, self._taken_away if again else tile.accessibleName())
        self.asked.emit(i.Mark(None if again else tile.choice))

    def _holding(self, numbers: set[int | None]) -> Iterator[int]:
        """Pages on which one of these candidates stands."""
        return (n for n, page_ in enumerate(self._pages) if numbers & {o.number for o in page_})

    def _turn(self, by: int) -> None:
        self._page = max(0, min(self._page + by, len(self._pages) - 1))
        self._anchor = self._pages[self._page][0].number if self._pages[self._page] else None
        self.again.emit()

    @property
    def unseen(self) -> int | None:
        """The first page that has not been on the screen; None when all have."""
        missing: set[int | None] = {o.number for o in self._booth.options if o.number not in self._seen}
        return next(self._holding(missing), None)

    def turn_to(self, number: int) -> None:
        self._turn(number - self._page)

    def _check(self) -> None:
        self.asked.emit(i.Review() if self.unseen is None else UNSEEN)

    def empty_face(self) -> None:
        self._booth = BoothView()
        self._built = None
        self._page, self._anchor = 0, None
        self._pages = [[]]
        self._seen = set()
        self._chosen.setText("")
        self._note.setText("")
        self._clear()

    def arrive(self) -> None:
        if self._tiles:
            self._tiles[0].setFocus(Qt.FocusReason.OtherFocusReason)
