"""In training: one line on every staff screen that says what to touch next. A newcomer needs no manual."""

from PySide6.QtWidgets import QFrame

from kiosk.text import N_, _
from ui.views import Page, Phase, View
from ui.widgets.basic import Picture, label, px, row

_LOCKED: dict[Phase, str] = {
    "posting": N_("The chair begins the day: touch the chair's badge, then type its PIN."),
    "ready": N_("The chair opens the polls: touch the chair's badge, then type its PIN."),
    "open": N_("A clerk serves the voters: touch the clerk's badge. In the evening the chair closes the polls."),
    "paused": N_("The chair resumes voting: touch the chair's badge."),
    "closed": N_("The chair opens the box with the members: touch the chair's badge."),
    "counted": N_("Two members enter the hand count, one after the other. Then the chair goes on."),
    "signed": N_("The chair exports the packet: touch the chair's badge."),
    "exported": N_("The training day is over. “Trainer” shows what went wrong, and begins a new day."),
}
_DAY: dict[Phase, str] = {
    "posting": N_("Touch “Prepare the opening”."),
    "ready": N_("“Trainer” moves the clock to the opening hour; then touch “Open the polls”."),
    "open": N_("Lock the screen with the padlock and sign in as clerk. “Trainer” moves the clock to the closing hour."),
    "paused": N_("Touch “Resume voting”."),
    "closed": N_("Touch “Open the box and count”."),
    "counted": N_("Lock the screen: two members sign in and enter the hand count. Then come back here."),
    "signed": N_("Touch “Export the packet”."),
    "exported": N_("The training day is over. “Trainer” shows what went wrong, and begins a new day."),
}
_PAGES: dict[Page, str] = {
    "opening": N_("Touch a badge and type its PIN; the chair and three members are needed. Then run the self-test."),
    "counting": N_("Touch a badge and type its PIN, one after the other. Then open the box."),
    "desk": N_("“Trainer” sends the next person to the desk; or type the first letters of a name."),
    "hand": N_("“Trainer” shows the papers of the ballot box. Type how many there are of each."),
    "differences": N_("Where figures differ, write an act. When nothing is open, go on to the protocol."),
    "protocol": N_("Read the page, touch the badges again, then sign."),
    "export": N_("Touch the stick. Its packet is written, read back and verified."),
    "setup": N_("Test the devices and print the readiness report."),
}


def hint(view: View) -> str:
    """What to do next on this page, "" where it speaks for itself."""
    if view.trainer is None:
        return ""
    if view.page == "locked":
        return _(_LOCKED[view.phase]) if view.phase in _LOCKED else ""
    if view.page == "day":
        return _(_DAY[view.phase]) if view.phase in _DAY else ""
    return _(_PAGES[view.page]) if view.page in _PAGES else ""


class Coach(QFrame):
    def __init__(self) -> None:
        super().__init__()
        self.setProperty("band", "warn")
        self.words = label("body", "warn", name="coach")
        inside = row(Picture("school", "warn", 5.6), self.words, spacing=3)
        inside.setStretch(1, 1)
        inside.setContentsMargins(px(7), px(1), px(7), px(1))
        self.setLayout(inside)
        self.setMinimumHeight(px(8.5))
        self.hide()

    def show_view(self, view: View) -> None:
        text = hint(view)
        self.words.setText(text)
        self.setVisible(bool(text))
