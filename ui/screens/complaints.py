"""The register of complaints and incidents: number, time, who, what about, status, decision."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk.day.vocabulary import Author, Category, Status
from kiosk.text import _
from ui import intents as i
from ui import words
from ui.look.scale import px
from ui.views import ComplaintRow, ComplaintsView, View
from ui.widgets.basic import Button, Card, column, empty, label, row
from ui.widgets.kit import choose, frame, write
from ui.widgets.pills import Pill
from ui.widgets.screen import Screen
from ui.widgets.sheet import scrolled


class Complaints(Screen):
    def __init__(self) -> None:
        super().__init__()
        self._title, self._none = label("title"), label("strong", "muted")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(px(3))
        inside = QWidget()
        inside.setLayout(column(self._rows, 1))
        self._area = scrolled(inside)
        self.back = Button("tall", icon="back", then=self._back, name="back")
        self.incident = Button("tall", icon="warn", then=lambda: self._what("station"), name="new-incident")
        self.complaint = Button("primary", icon="flag", then=self._who, name="new-complaint")
        foot = row(self.back, 1, self.incident, self.complaint, spacing=4)
        frame(self, self._title, self._none, self._area, foot, fill=2, spacing=4, rim=5)
        self._role = ""

    def part(self, view: View) -> object:
        return view.of(ComplaintsView), view.officer

    def render_view(self, view: View) -> None:
        self._role = view.officer.role if view.officer else ""
        shown = view.of(ComplaintsView)
        self._title.setText(_("Complaints and incidents"))
        self._none.setText(_("Nothing was registered today."))
        self._none.setVisible(not shown.rows)
        self.back.say(_("Lock the screen") if self._role == "member" else _("Back"))
        self.incident.say(_("Register an incident"))
        self.complaint.say(_("Register a complaint"))
        self.incident.setVisible(self._role in ("chair", "clerk"))
        self.complaint.setVisible(shown.may_complain)
        empty(self._rows)
        for complaint in shown.rows:
            self._rows.addWidget(self._row(complaint, shown.may_decide))

    def _row(self, complaint: ComplaintRow, may_decide: bool) -> Card:
        head, text, decision = label("strong"), label("body"), label("body", "muted")
        who, what = words.chosen("author", complaint.author), words.chosen("category", complaint.category)
        head.setText(f"№ {complaint.number} · {complaint.at} · {who} · {what}")
        text.setText(complaint.text)
        decision.setText(complaint.decision)
        status = Pill("warn" if complaint.status in ("received", "under_review") else "good")
        status.say(
            words.chosen("status", complaint.status),
            "warn" if complaint.status in ("received", "under_review") else "good",
        )
        top = row(head, status, spacing=4)
        top.setStretch(0, 1)
        card = Card(top, text, margin=4.5, spacing=1.5)
        if complaint.decision:
            card.inside.addWidget(decision)
        if may_decide:
            decide = Button("plain", then=lambda: self._status(complaint), name=f"decide-{complaint.number}")
            decide.say(_("Decide"))
            card.inside.addLayout(row(1, decide))
        return card

    # -- one question after the other --------------------------------------------------------------------

    def _who(self) -> None:
        options = words.offered("author", "station")
        choose(self, _("Whose complaint is it?"), options, then=self._what)

    def _what(self, author: Author) -> None:
        options = words.offered("category")
        choose(self, _("What is it about?"), options, then=lambda category: self._write(author, category))

    def _write(self, author: Author, category: Category) -> None:
        hint = _("When, where and what. It stays at the station; only its kind and status travel.")
        title = words.dotted(words.chosen("author", author), words.chosen("category", category))

        def register(text: str) -> None:
            self.asked.emit(i.Complain(author, category, text))

        write(self, title, hint, verb=_("Register"), then=register)

    def _status(self, complaint: ComplaintRow) -> None:
        options = words.offered("status")
        title = _("What was decided on № {n}?", n=complaint.number)
        choose(self, title, options, then=lambda status: self._decision(complaint, status))

    def _decision(self, complaint: ComplaintRow, status: Status) -> None:
        title = words.dotted(f"№ {complaint.number}", words.chosen("status", status))
        hint = _("The decision in a sentence.")

        def decide(text: str) -> None:
            self.asked.emit(i.Decide(complaint.number, status, text))

        write(self, title, hint, verb=_("Keep the decision"), then=decide, text=complaint.decision)

    def _back(self) -> None:
        if self._role == "member":
            self.asked.emit(i.SignOut())
        else:
            self.asked.emit(i.Go("day" if self._role == "chair" else "desk"))
