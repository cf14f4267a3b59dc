"""The chair and the members, by touch: opening, pause, closing, count, acts, signatures, a stick that fails."""

from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from kiosk.centre.provision import authority as authority_file
from kiosk.cli import kiosk
from kiosk.devices import stick
from kiosk.packet.verify import verify_file
from tests.stage.desktop import Desktop
from tests.stage.world import HOME, NEIGHBOUR
from ui.intents import Diagnostics, Go, PrintForm
from ui.views import ComplaintsView, DayView, DifferencesView, ExportView, ProtocolView


def test_the_polls_do_not_open_before_the_hour_nor_without_the_members(desktop: Desktop) -> None:
    desktop.sign_in("chair")
    desktop.hand.touch("next-step")
    assert desktop.hand.see("prepare") is None  # not enough badges yet
    desktop.badge("chair")
    desktop.badge("clerk-1")
    assert "not needed here" in desktop.hand.says("badges-note")
    desktop.badge("member-1")
    assert desktop.hand.see("prepare") is None
    desktop.badge("member-2")
    desktop.hand.touch("prepare")
    assert dict(desktop.view.badges.zero) == {"given": 0, "cast": 0, "envelopes": 0}
    assert desktop.hand.see("open-polls") is None  # it is an hour early
    desktop.hand.touch("print-zero")
    assert desktop.printer.printed == 1
    desktop.hand.touch("answer-0")
    assert desktop.view.phase == "ready"


def test_a_whole_day_with_a_difference_and_its_act(desktop: Desktop, tmp_path: Path) -> None:
    desktop.at_the_desk()
    desktop.serve([1, 2, 2, 4])
    desktop.close_polls()
    assert desktop.view.phase == "closed"
    desktop.open_box()
    assert desktop.view.phase == "counted"
    desktop.enter_count("member-1", {1: 1, 2: 2, 4: 0})  # one paper was not found
    desktop.enter_count("member-2", {1: 1, 2: 1, 4: 0})
    assert desktop.view.of(DifferencesView).hand  # the two part, and no electronic figure is shown
    assert not desktop.view.of(DifferencesView).acts
    desktop.enter_count("member-2", {1: 1, 2: 2, 4: 0})
    desktop.sign_in("chair")
    desktop.hand.touch("next-step")
    assert desktop.hand.see("to-protocol") is None  # acts are missing
    for line in [d for d in desktop.view.of(DifferencesView).acts if not d.same]:
        desktop.hand.touch(f"act-{line.field}")
        desktop.hand.key("Q")
        desktop.hand.touch("write-done")
    desktop.hand.touch("to-protocol")
    assert desktop.view.of(ProtocolView).pages and desktop.hand.see("sign") is None
    desktop.gather()
    desktop.hand.touch("sign")
    desktop.hand.touch("answer-0")
    assert desktop.view.phase == "signed"
    desktop.hand.touch("stick-stick")
    assert desktop.view.of(ExportView).fingerprint in desktop.hand.says("fingerprint")
    desktop.hand.touch("release")
    assert desktop.view.of(ExportView).released
    verdict = verify_file(next((tmp_path / "stick").glob("*.packet.zip")), desktop.world.election)
    assert verdict.accepted
    desktop.hand.touch("copies")
    desktop.hand.touch("pick-3")
    assert desktop.printer.printed >= 4 + 3
    desktop.hand.touch("answer-0")
    desktop.hand.touch("back")
    assert desktop.view.of(DayView).steps[-1].state == "done"


def test_a_stick_that_is_pulled_out_ends_in_a_sentence_and_the_next_one_works(
    desktop: Desktop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desktop.at_the_desk()
    desktop.serve([1])
    desktop.close_polls()
    assert desktop.view.phase == "closed"
    desktop.open_box()
    assert desktop.view.phase == "counted"
    for role in ("member-1", "member-2"):
        desktop.enter_count(role, {1: 1})
    desktop.sign_protocol()

    def gone(*_args: object) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(stick, "sync_folder", gone)
        desktop.hand.touch("stick-stick")
    assert desktop.hand.says("band-title") == "The stick has a fault"
    desktop.hand.touch("stick-stick")
    assert desktop.view.of(ExportView).written_to == "stick"
    desktop.media.pulled_out = True
    desktop.hand.wait(lambda: desktop.hand.see("look-again") is not None, "the stick to be missed")
    desktop.hand.touch("look-again")
    assert desktop.view.of(ExportView).media == ()


def test_complaints_are_numbered_decided_and_followed(desktop: Desktop) -> None:
    desktop.open_polls()
    desktop.hand.touch("to-complaints")
    desktop.hand.touch("new-complaint")
    desktop.hand.touch("pick-observer")
    desktop.hand.touch("pick-campaigning")
    desktop.hand.key("Q")
    desktop.hand.touch("write-done")
    desktop.hand.touch("decide-1")
    desktop.hand.touch("pick-dismissed")
    desktop.hand.key("Q")
    desktop.hand.touch("write-done")
    [row] = desktop.view.of(ComplaintsView).rows
    assert (row.number, row.author, row.status, row.decision) == (1, "observer", "dismissed", "Q")


def test_pause_and_resume_and_nobody_closes_early(desktop: Desktop) -> None:
    desktop.open_polls()
    desktop.hand.touch("pause")
    desktop.hand.touch("pick-evacuation")
    assert desktop.view.phase == "paused"
    desktop.hand.touch("pause")
    assert desktop.view.phase == "open"
    assert desktop.hand.see("next-step") is None  # before the closing hour


def test_the_chair_strikes_off_and_settles_votes_at_home(desktop: Desktop) -> None:
    desktop.open_polls()
    first, second = desktop.world.pins(HOME)[:2]
    desktop.hand.touch("to-desk")
    desktop.hand.scan(first)
    desktop.hand.touch("more")
    desktop.hand.touch("pick-strike")
    desktop.hand.touch("answer-0")
    assert desktop.hand.says("band-title") == "Struck off the roll"
    desktop.hand.scan(second)
    for step, title in (("ask", "Asked to vote at home"), ("voted", "Voted at home")):
        desktop.hand.touch("more")
        desktop.hand.touch(f"pick-{step}")
        assert desktop.hand.says("band-title") == title


def test_only_the_chair_closes_the_program(desktop: Desktop) -> None:
    desktop.app.shell._may_close = False
    desktop.app.shell.close()
    assert desktop.app.shell.isVisible()
    desktop.sign_in("clerk-1")
    assert desktop.hand.see("quit") is None
    desktop.sign_in("chair")
    assert desktop.hand.see("quit") is not None


def test_the_chair_can_close_the_program_while_the_polls_are_open(
    desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For a terminal that must be restarted; what it costs is said first."""
    ended: list[str] = []
    monkeypatch.setattr(desktop.app.app, "quit", lambda: ended.append("quit"))
    desktop.open_polls()
    desktop.app.shell._may_close = False
    desktop.hand.touch("print")
    desktop.hand.touch("pick-quit")
    assert ended == [] and desktop.hand.see("answer-0") is not None
    desktop.hand.touch("answer-0")
    assert ended == ["quit"] and not desktop.app.shell.isVisible()


def test_by_order_of_the_commission_voting_goes_on_after_it_was_closed(desktop: Desktop, tmp_path: Path) -> None:
    """The order comes on a stick; without one, or with another station's, nothing opens."""
    desktop.at_the_desk()
    desktop.close_polls()
    world, key = desktop.world, tmp_path / "authority.json"
    authority_file.save(world.authority, key)
    until = world.closes + timedelta(hours=1)
    [stick_] = desktop.media.found()

    def obey() -> str:
        desktop.hand.touch("print")
        desktop.hand.touch("pick-order")
        said = desktop.hand.says("sheet-title")
        desktop.hand.touch("answer-0")
        return said

    def order(station: int, number: int) -> None:
        arguments = [
            "order",
            str(world.out),
            "--station",
            station,
            "--until",
            f"{until:%Y-%m-%dT%H:%M}",
            "--number",
            number,
        ]
        arguments += ["--authority-key", key, "--out", stick_.folder]
        done = CliRunner().invoke(kiosk, [str(part) for part in arguments])
        assert done.exit_code == 0, done.output

    assert obey() == "No order on a stick" and desktop.view.phase == "closed"
    order(NEIGHBOUR, 1)
    assert obey() == "Not a valid order" and desktop.view.phase == "closed"
    order(HOME, 2)
    assert obey() == "Voting goes on" and desktop.view.phase == "open"
    desktop.sign_in("clerk-1")
    desktop.give(world.pins(HOME)[0])
    desktop.vote(1)
    assert desktop.view.counters.recorded == 1
    desktop.clerk_comes_back()
    desktop.sign_in("chair")
    assert desktop.hand.see("next-step") is None  # not before the new hour
    assert desktop.view.of(DayView).from_ == f"{until:%H:%M}"
    assert obey() == "Not a valid order"  # each is obeyed once


def test_who_signs_out_takes_the_opened_badges_along(desktop: Desktop) -> None:
    desktop.sign_in("chair")
    desktop.hand.touch("next-step")
    desktop.gather()
    assert len(desktop.station.present) == 3
    desktop.sign_in("clerk-1")
    assert desktop.station.present == frozenset()


def test_a_pin_goes_to_the_badge_it_was_typed_for(desktop: Desktop) -> None:
    desktop.sign_in("chair")
    desktop.hand.touch("next-step")
    first, second = desktop.world.card("member-1"), desktop.world.card("member-2")
    desktop.hand.scan(first[0])
    desktop.hand.scan(second[0])  # a sheet is up: the second badge waits for an answer to the first
    desktop.hand.pin(first[1])
    here = {person.id for person, shown in desktop.view.badges.people if shown}
    assert here == {f"{HOME}-member-1"} and desktop.view.badges.refused is None


def test_printing_the_list_needs_a_role(desktop: Desktop) -> None:
    desktop.app._ask(PrintForm("list"))
    desktop.hand.settle()
    assert desktop.printer.printed == 0
    desktop.hand.touch("answer-0")
    desktop.sign_in("clerk-1")
    for intent in (PrintForm("list"), Go("day"), Go("export"), Diagnostics()):
        desktop.app._ask(intent)
        desktop.hand.settle()
        assert desktop.view.notice is not None and desktop.view.page == "desk"
        desktop.hand.touch("answer-0")
    assert desktop.printer.printed == 0


def test_a_blocked_badge_is_unblocked_by_two(desktop: Desktop) -> None:
    desktop.open_polls()
    card, pin = desktop.world.card("clerk-1")
    wrong = "000000" if pin != "000000" else "111111"
    desktop.hand.touch("sign-out")
    for _ in range(15):
        desktop.world.clock.pass_time(15 * 2**10)
        desktop.hand.scan(card)
        desktop.hand.pin(wrong)
    desktop.hand.scan(card)
    desktop.hand.pin(pin)
    assert desktop.view.page == "locked" and "blocked" in desktop.hand.says("title")
    desktop.badge("chair")
    desktop.hand.touch("print")
    desktop.hand.touch("pick-unblock")
    assert desktop.hand.see(f"unblock-{HOME}-clerk-1") is None  # not by one alone
    desktop.badge("member-1")
    desktop.hand.touch(f"unblock-{HOME}-clerk-1")
    assert desktop.view.page == "day"
    desktop.sign_in("clerk-1")
    assert desktop.view.page == "desk"


def test_when_members_do_not_come_back_the_commission_opens_the_box(desktop: Desktop, tmp_path: Path) -> None:
    """One badge is here: a request on the stick, the commission's answer, and the box opens."""
    desktop.at_the_desk()
    desktop.serve([1, 2])
    desktop.close_polls()
    world, key = desktop.world, tmp_path / "authority.json"
    authority_file.save(world.authority, key)
    [stick_] = desktop.media.found()
    desktop.hand.touch("next-step")
    assert desktop.hand.see("fewer") is None  # nobody has shown a badge yet
    desktop.badge("chair")

    def said(pick: str) -> str:
        desktop.hand.touch("fewer")
        desktop.hand.touch(f"pick-{pick}")
        title = desktop.hand.says("sheet-title")
        desktop.hand.touch("answer-0")
        return title

    assert said("answer") == "No answer on a stick"
    assert said("ask") == "The request is written"
    request = stick_.folder / f"{HOME}.recovery-request.json"
    arguments = ["recover", world.out, request, "--authority-key", key, "--out", stick_.folder]
    done = CliRunner().invoke(kiosk, [str(part) for part in arguments])
    assert done.exit_code == 0 and "101-chair" in done.output, done.output
    desktop.hand.touch("fewer")
    desktop.hand.touch("pick-answer")
    assert desktop.view.phase == "counted"


def test_a_signed_figure_that_was_wrong_is_corrected_from_the_window(desktop: Desktop, tmp_path: Path) -> None:
    """Both counters read a 2 for a 1; the chair sees it on the signed paper."""
    desktop.at_the_desk()
    desktop.serve([1, 2])
    desktop.close_polls()
    desktop.open_box()
    for role in ("member-1", "member-2"):
        desktop.enter_count(role, {1: 1, 2: 1})
    desktop.sign_protocol()
    desktop.hand.touch("stick-stick")
    desktop.hand.touch("correct-protocol")
    desktop.hand.key("Q")
    desktop.hand.touch("write-done")
    desktop.hand.touch("answer-1")  # not yet
    assert desktop.view.phase == "exported"
    desktop.hand.touch("correct-protocol")
    desktop.hand.key("Q")
    desktop.hand.touch("write-done")
    desktop.hand.touch("answer-0")
    assert desktop.view.phase == "counted"
    assert desktop.view.page == "differences"
    desktop.sign_in("member-1")  # lands on the own figures, to be changed where they are wrong
    assert desktop.view.page == "hand" and desktop.hand.says("band-title") == "Your count is saved"
    desktop.sign_protocol()
    assert desktop.view.phase == "signed"
    desktop.hand.touch("stick-stick")
    packets = sorted((tmp_path / "stick").glob("*.packet.zip"))
    assert len(packets) == 2 and all(verify_file(p, desktop.world.election).accepted for p in packets)
