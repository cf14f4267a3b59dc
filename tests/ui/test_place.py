"""Which page stands: a pure function, walked through whole."""

import subprocess
import sys
from itertools import product
from typing import get_args

from kiosk.day.permissions import PAGES, Page, Phase
from kiosk.election.definition import Role
from ui.model.place import Turned, page_of, refusal

ROLES: tuple[Role | None, ...] = (None, *get_args(Role))
PHASES: tuple[Phase, ...] = tuple(phase for part in get_args(Phase) for phase in (get_args(part) or (part,)))
WISHES: tuple[Page | None, ...] = (None, *get_args(Page))


def test_a_page_stands_only_before_a_role_and_in_a_phase_that_has_it() -> None:
    for role, phase, wish in product(ROLES, PHASES, WISHES):
        page = page_of(role, phase, "away", wish)
        assert phase in PAGES[role][page]
        if wish and refusal(role, phase, wish) is None:
            assert page == wish


def test_everybody_has_somewhere_to_start_in_every_phase() -> None:
    assert {page_of("chair", phase, "away", None) for phase in PHASES} == {"day"}
    assert {page_of("clerk", phase, "away", None) for phase in PHASES} == {"desk"}
    assert {page_of("technician", phase, "away", None) for phase in PHASES} == {"setup"}
    assert {phase for phase in PHASES if page_of("member", phase, "away", None) == "hand"} == {"counted"}
    assert {phase for phase in PHASES if page_of(None, phase, "away", None) == "setup"} == {"unconfigured"}


def test_the_screen_that_is_the_voters_shows_nothing_else_whatever_was_asked_for() -> None:
    shown = {turned: set() for turned in get_args(Turned)}  # type: dict[str, set[Page]]
    for role, phase, turned, wish in product(ROLES, PHASES, get_args(Turned), WISHES):
        shown[turned].add(page_of(role, phase, turned, wish))
    assert shown["turning"] == {"handover"} and shown["voter"] == {"booth"}
    assert not shown["away"] & {"handover", "booth", "starting"}


def test_why_a_page_may_not_be_asked_for() -> None:
    for role, phase, page in product(ROLES, PHASES, get_args(Page)):
        found = refusal(role, phase, page)
        code = found.code if found else ""
        if page not in PAGES[role]:
            assert code == ("not_permitted" if role else "not_signed_in")
        else:
            assert code == ("" if phase in PAGES[role][page] else "wrong_phase")


def test_a_real_station_imports_no_trainer() -> None:
    code = (
        "import sys, ui.behind\n"
        "print(*(m for m in sys.modules if m.startswith(('kiosk.demo', 'ui.model.training', 'ui.play'))))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
