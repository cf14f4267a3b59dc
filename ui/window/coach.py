"""In training: one line on every staff screen that says what to touch next. A newcomer needs no manual."""

from PySide6.QtWidgets import QFrame

from kiosk.text import N_, _
from ui.look.scale import px
from ui.views import DayView, DeskView, DifferencesView, ExportView, OpeningView, Page, Phase, View
from ui.widgets.basic import label, row
from ui.widgets.picture import Picture

_LOCKED: dict[Phase, str] = {
    "sealed": N_("The station goes on where it stopped: whoever works next signs in with badge and PIN."),
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
    "counting": N_("Touch a badge and type its PIN, one after the other. Then open the box."),
    "hand": N_("“Trainer” shows the papers of the ballot box. Type how many there are of each."),
    "protocol": N_("Read the page, touch the badges again, then sign."),
    "setup": N_("Test the devices and print the readiness report."),
}


def hint(view: View) -> str:
    """What to do next, as things stand on this page; "" where it speaks for itself."""
    if view.trainer is None:
        return ""
    match view.page:
        case "locked":
            return _(_LOCKED[view.phase]) if view.phase in _LOCKED else ""
        case "day" if view.phase == "open" and not view.of(DayView).from_:
            return _("The closing hour has come: touch “Close the polls”.")
        case "day":
            return _(_DAY[view.phase]) if view.phase in _DAY else ""
        case "taking_over":
            return _("Touch a member's badge and type its PIN; then touch “Take the day over”.")
        case "closing":
            return _("Touch a member's badge and type its PIN; then touch “Close the polls”.")
        case "opening":
            return _opening(view)
        case "desk":
            return _desk(view)
        case "differences":
            return _differences(view)
        case "export":
            return _export(view)
        case "handover" | "booth":
            return _("Play the voter now. Afterwards “Show the clerk's badge” stands for holding it under the scanner.")
        case _:
            return _(_PAGES[view.page]) if view.page in _PAGES else ""


def _opening(view: View) -> str:
    badges = view.badges
    if view.phase == "ready":
        if view.of(OpeningView).from_:
            return _("“Trainer” moves the clock to the opening hour; then touch “Open the polls”.")
        return _("Touch “Open the polls”.")
    if badges.chair and badges.members >= badges.quorum:
        return _("Touch “Self-test and zero report”.")
    return _("Touch a badge and type its PIN. Needed: the chair, and of the members {n}.", n=badges.quorum)


def _desk(view: View) -> str:
    if view.phase == "paused":
        return _("Voting is paused: the chair signs in and touches “Resume voting”.")
    if view.phase != "open":
        return _("No ballot can be given now. Lock the screen with the padlock; the chair goes on with the day.")
    if view.of(DeskView).can_give:
        return _("Compare the face and the document, then touch “Give the ballot”.")
    if view.of(DeskView).calls:
        return _("Let the voter go on, or take the ballot back.")
    return _("“Trainer” sends the next person to the desk; or type the first letters of a name.")


def _differences(view: View) -> str:
    if view.of(DifferencesView).hand is None:
        return _("Lock the screen: two members sign in and enter the hand count. Then come back here.")
    if not view.of(DifferencesView).hand and view.officer and view.officer.role == "member":
        return _("Both counts agree. Lock the screen: the chair goes on to the protocol.")
    if view.officer and view.officer.role == "member":
        return _("Lock the screen. Whoever was wrong corrects the count; then the chair goes on.")
    return _("Where figures differ, write an act. When nothing is open, go on to the protocol.")


def _export(view: View) -> str:
    if view.of(ExportView).released:
        return _("The training day is over. “Trainer” shows what went wrong, and begins a new day.")
    if view.of(ExportView).written_to:
        return _("Touch “Eject the stick”.")
    return _("Touch the stick. Its packet is written, read back and verified.")


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
