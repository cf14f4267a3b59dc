"""The evening: closing, hand counts, acts, signing, exporting."""

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from kiosk.day import orders, phases, signing_off
from kiosk.day.station import Station
from kiosk.devices.stick import FolderStick
from kiosk.election.definition import AGAINST_ALL, INVALID
from kiosk.errors import IntegrityError, Refusal, must
from kiosk.packet import content as c
from kiosk.packet.archive import read_file
from kiosk.packet.verify import verify_file
from kiosk.trust import keys, sealing
from tests.stage.world import AWAY, HOME, World, code, give, serve, vote


def test_closing_needs_the_hour_and_an_empty_booth(world: World) -> None:
    station = world.opened()
    given = give(station, world.pins(HOME)[0])
    assert code(station.close_polls()) == "not_permitted"
    world.sign_in(station, "chair")
    assert code(station.close_polls()) == "close_too_early"
    world.clock.set(world.closes)
    assert station.close_polls() == Refusal("ballot_in_progress", {"count": 1})
    vote(station, given, 1)
    assert code(station.close_polls()) == "second_badge_missing"
    must(station.attend(*world.card("chair")))  # one's own is no second
    assert code(station.close_polls()) == "second_badge_missing"
    must(station.attend(*world.card("member-2")))
    assert station.close_polls() is None


def test_reopening_needs_a_signed_order_for_this_station(world: World) -> None:
    station = world.closed(world.opened())
    definition = world.source.definition
    later = world.closes + timedelta(hours=1)
    order = orders.Order(
        definition_hash=definition.hash, station=HOME, action="reopen", number=1, until=later.isoformat()
    )
    good = orders.issue(order, world.authority.signing)
    for bad in (
        b"",
        orders.issue(order, keys.signing_key(b"x" * 32)),
        orders.issue(msgspec.structs.replace(order, station=AWAY), world.authority.signing),
        orders.issue(msgspec.structs.replace(order, definition_hash="0"), world.authority.signing),
        orders.issue(msgspec.structs.replace(order, until="tomorrow"), world.authority.signing),
        orders.issue(msgspec.structs.replace(order, until="2052-11-30T21:00+06:00"), world.authority.signing),
        orders.issue(msgspec.structs.replace(order, until="2025-11-30T21:00"), world.authority.signing),
    ):
        assert code(station.reopen(bad)) == "order_invalid"
    assert station.reopen(good) is None
    assert station.state.name == "open"
    assert code(station.close_polls()) == "close_too_early"
    longer = msgspec.structs.replace(order, number=2, until=(later + timedelta(hours=3)).isoformat())
    shorter = msgspec.structs.replace(order, number=3)
    for again in (longer, shorter):  # a later order corrects the hour, also while the polls are open
        assert station.reopen(orders.issue(again, world.authority.signing)) is None
    assert station._session.closes() == later
    vote(station, give(station, world.pins(HOME)[0]), 1)  # the new closing hour holds at the desk too
    world.clock.set(later)
    assert code(station.desk.identify(world.pins(HOME)[1])) == "after_hours"
    must(station.attend(*world.card("member-1")))
    assert station.close_polls() is None
    assert code(station.reopen(good)) == "order_invalid"  # each order is obeyed once
    world.attend(station)
    must(station.count())
    assert code(station.reopen(good)) == "wrong_phase"


def test_the_hand_count_is_by_two_people_and_a_slip_shows(world: World) -> None:
    station = world.opened()
    serve(world, station, [1, 1, 2])
    assert code(station.enter_hand_count(1, {}, {})) == "not_permitted"
    world.closed(station)
    world.sign_in(station, "member-1")
    assert code(station.enter_hand_count(1, {}, {})) == "wrong_phase"
    world.attend(station)
    must(station.count())
    lines = {"portable": 0, "stationary": 3, "valid": 3, "invalid": 0}
    right, slip = {0: 0, 1: 2, 2: 1, 4: 0}, {0: 0, 1: 2, 2: 0, 4: 1}
    assert code(station.enter_hand_count(3, lines, right)) == "hand_count_impossible"
    assert code(station.enter_hand_count(1, lines, {})) == "hand_count_incomplete"
    assert station.hand_differences() == Refusal("hand_count_missing", {"entered": 0})
    assert station.enter_hand_count(1, lines, right) is None
    assert station.enter_hand_count(2, lines, right) == Refusal("same_person")
    world.sign_in(station, "member-2")
    assert station.enter_hand_count(2, lines, slip) is None
    assert [(d.field, d.first, d.second) for d in must(station.hand_differences())] == [
        ("vote:2", 1, 0),
        ("vote:4", 0, 1),
    ]
    assert code(station.count_differences()) == "hand_counts_differ"
    world.sign_in(station, "chair")
    assert code(station.sign()) == "hand_counts_differ"
    world.sign_in(station, "member-2")
    assert station.enter_hand_count(2, lines, right) is None
    assert must(station.count_differences()) == ()
    assert must(station.draft()).line_values()["stationary"] == 3


def test_each_difference_needs_its_act(world: World, tmp_path: Path) -> None:
    station = world.opened()
    serve(world, station, [1, 1, 2])
    assert code(station.write_act("vote:1", "x")) == "not_permitted"
    world.closed(station)
    assert code(station.write_act("vote:1", "x")) == "wrong_phase"
    world.attend(station)
    must(station.count())
    assert code(station.sign()) == "hand_count_missing"
    world.enter(station, {1: 1, 2: 1, INVALID: 2})  # a paper more than was given: an equation fails too
    world.sign_in(station, "chair")
    fields = [d.field for d in must(station.count_differences())]
    assert fields == ["invalid", "vote:1"]
    assert code(station.sign()) == "difference_unexplained"
    assert code(station.write_act("vote:1", "  ")) == "text_missing"
    assert code(station.write_act("vote:99", "x")) == "field_unknown"
    world.attend(station)
    for field in (*fields, "equation:boxes_given", "equation:stationary_cast"):
        assert code(station.sign()) == "difference_unexplained"
        assert station.write_act(field, "Explained.") is None
    must(station.sign())
    (tmp_path / "stick").mkdir()
    written = must(station.export(FolderStick(tmp_path / "stick")))
    verdict = verify_file(written.path, world.election)
    assert verdict.accepted
    told = next(x.found for x in verdict.checks if x.name == "equations that fail, explained by an act")
    assert told == "boxes_given, stationary_cast"


def test_signing_needs_the_chair_and_k_members(world: World) -> None:
    station = world.opened()
    serve(world, station, [1])
    world.counted(station, {1: 1})
    station.dismiss()
    assert code(station.sign()) == "chair_missing"
    world.attend(station, ("chair", "member-1"))
    assert station.sign() == Refusal("quorum_missing", {"present": 1, "needed": 2})
    world.sign_in(station, "clerk-1")
    assert code(station.sign()) == "not_permitted"
    assert code(station.export(FolderStick(world.folder))) == "not_permitted"
    world.sign_in(station, "chair")
    assert code(station.export(FolderStick(world.folder))) == "wrong_phase"
    assert code(station.sign()) == "chair_missing"  # the badges that were opened went with the one who signed out
    world.attend(station)
    must(station.sign())
    assert code(station.draft()) == "wrong_phase"
    assert code(station.sign()) == "wrong_phase"


def test_the_packet_can_be_exported_again_the_same_bytes(world: World, tmp_path: Path) -> None:
    station = world.opened()
    serve(world, station, [1, 2])
    first = world.packet(station, {1: 1, 2: 1}, tmp_path / "one").read_bytes()
    station.close()
    station = world.unlock("chair")
    assert isinstance(station.state, phases.Exported) and station.state.version == 1
    (tmp_path / "two").mkdir()
    progress: list[tuple[str, int, int]] = []
    again = must(station.export(FolderStick(tmp_path / "two"), lambda *at: progress.append(at)))
    assert again.path.read_bytes() == first
    assert progress[-1] == ("writing", len(first), len(first))
    name, _ = must(signing_off.signed_packet(station._session))
    (world.folder / name).unlink()
    with pytest.raises(IntegrityError, match="station_file_missing"):
        station.export(FolderStick(tmp_path / "two"))


def test_a_packet_changed_on_the_terminal_is_not_passed_on(world: World, tmp_path: Path) -> None:
    station = world.opened()
    serve(world, station, [1])
    world.packet(station, {1: 1}, tmp_path / "one")
    [kept] = world.folder.glob("*.packet.zip")
    content = bytearray(kept.read_bytes())
    content[len(content) // 2] ^= 1
    kept.write_bytes(content)
    with pytest.raises(IntegrityError):
        station.export(FolderStick(tmp_path / "one"))


def test_a_full_day_verifies_and_says_what_happened(world: World, tmp_path: Path) -> None:
    station = world.opened()
    serve(world, station, [1, 1, 2, 4, AGAINST_ALL, INVALID])
    vote(station, give(station, world.pins(AWAY)[0]), 1)
    given = give(station, world.pins(HOME)[10])
    assert station.desk.withdraw(given, "wrong_person") is None
    world.sign_in(station, "chair")
    complaint = must(station.complain("observer", "technical", "Асанов said so"))
    assert code(station.complain("observer", "technical", " ")) == "text_missing"
    assert code(station.report_incident("technical", " ")) == "text_missing"
    assert must(station.report_incident("technical", "The lamp broke.")).author_kind == "station"
    must(station.decide_complaint(complaint.number, "warning", "done"))
    assert code(station.decide_complaint(99, "warning", "done")) == "complaint_unknown"
    assert [x.status for x in station.complaints.all()] == ["warning", "received"]
    path = world.packet(station, {1: 2, 2: 1, 4: 1, AGAINST_ALL: 1, INVALID: 1}, tmp_path / "stick")
    verdict = verify_file(path, world.election)
    assert verdict.accepted, verdict
    assert verdict.protocol
    values = verdict.protocol.line_values()
    assert (values["given_inside"], values["cast"], values["cancelled"], values["remote_sealed"]) == (7, 6, 1, 1)
    assert all(e.holds for e in verdict.protocol.equations)
    entries = read_file(path, c.ENTRIES)
    assert "Асанов".encode() not in entries[c.COMPLAINTS]
    assert b'"status":"warning"' in entries[c.COMPLAINTS]
    info = c.register_info(world.source.definition.hash, HOME)
    served = msgspec.json.decode(sealing.unseal(entries[c.SEALED_REGISTER], world.authority.sealing, info))
    assert len(served) == 7
    info = c.envelopes_info(world.source.definition.hash, HOME)
    assert len(msgspec.json.decode(sealing.unseal(entries[c.SEALED_ENVELOPES], world.authority.sealing, info))) == 1


def test_members_sign_only_while_they_are_there(world: World) -> None:
    station = world.opened()
    serve(world, station, [1])
    world.closed(station)
    world.attend(station)
    must(station.count())
    world.enter(station, {1: 1})
    world.sign_in(station, "chair")
    assert code(station.sign()) == "chair_missing"
    world.attend(station)
    must(station.sign())
    assert station.present == frozenset()


def test_a_clock_that_is_put_right_in_the_evening_spoils_no_packet(world: World, tmp_path: Path) -> None:
    """The protocol is then drawn up before the close, by the clock; the journal tells of it."""
    station = world.opened()
    serve(world, station, [1])
    world.counted(station, {1: 1})
    world.clock.set(world.closes - timedelta(minutes=30))
    must(station.sign())
    (tmp_path / "stick").mkdir()
    assert verify_file(must(station.export(FolderStick(tmp_path / "stick"))).path, world.election).accepted
    assert station._session.journal.last("clock_backwards")


def test_nothing_is_signed_before_it_happened(world: World) -> None:
    """The centre would refuse a protocol that is older than a ballot in it, and the box key is gone by then."""
    station = world.opened()
    serve(world, station, [1, 1, 2])
    world.closed(station)
    world.attend(station)
    must(station.count())
    world.enter(station, {1: 2, 2: 1})
    world.sign_in(station, "chair")
    world.attend(station)
    right = world.clock.now()
    world.clock.set(right - timedelta(days=9465))
    assert code(station.sign()) == "clock_behind"
    world.clock.set(right)
    must(station.sign())


def signed_day(world: World) -> Station:
    station = world.opened()
    serve(world, station, [1, 1, 2])
    world.counted(station, {1: 2, 2: 1})
    must(station.sign())
    return station


def corrected(world: World, station: Station) -> c.Protocol:
    """The hand counts entered anew, with an act for the paper that was found, and signed."""
    world.enter(station, {1: 2, 2: 2})
    world.sign_in(station, "chair")
    fields = [d.field for d in must(station.count_differences())]
    for field in (*fields, *(f"equation:{e}" for e in ("boxes_given", "stationary_cast"))):
        assert station.write_act(field, "A paper had stuck to the lid.") is None
    world.attend(station)
    drawn = must(station.draft())
    must(station.sign())
    return drawn


def test_a_signed_figure_that_was_wrong_is_corrected_as_the_next_version(world: World, tmp_path: Path) -> None:
    station = signed_day(world)
    first = must(station.packet())
    (tmp_path / "stick").mkdir()
    assert code(station.correct("A paper was found.")) == "wrong_phase"  # first what is signed gets out
    must(station.export(FolderStick(tmp_path / "stick")))
    assert code(station.correct("  ")) == "text_missing"
    world.sign_in(station, "member-1")
    assert code(station.correct("A paper was found.")) == "not_permitted"
    world.sign_in(station, "chair")
    assert station.correct("A paper was found.") is None
    assert station.state.name == "counted" and station.present == frozenset()
    assert code(station.correct("Again.")) == "wrong_phase"
    station._session.power_cut()  # in the middle of it: the day goes on where it was
    station = world.unlock("chair")
    assert station.state.name == "counted"
    drawn = corrected(world, station)
    assert drawn.version == 2
    assert ("correction:2", "A paper was found.") in [(act.field, act.text) for act in drawn.acts]
    written = must(station.export(FolderStick(tmp_path / "stick")))
    verdict = verify_file(written.path, world.election)
    assert verdict.accepted and verdict.manifest and verdict.manifest.version == 2
    assert "-2." in written.path.name
    assert (world.folder / first[0]).read_bytes() == first[1]  # the version before stays


def test_where_the_law_wants_an_order_a_correction_waits_for_it(world: World, tmp_path: Path) -> None:
    station = signed_day(world)
    (tmp_path / "stick").mkdir()
    must(station.export(FolderStick(tmp_path / "stick")))
    plain = station.definition
    definition = msgspec.structs.replace(plain, corrections="order")
    station._session.definition = definition
    order = orders.Order(definition_hash=definition.hash, station=HOME, action="correct", number=4)
    for bad in (
        msgspec.structs.replace(order, station=AWAY),
        msgspec.structs.replace(order, definition_hash="0"),
        msgspec.structs.replace(order, action="reopen", until=world.closes.isoformat()),
    ):
        (tmp_path / "stick" / "1.order.json").write_bytes(orders.issue(bad, world.authority.signing))
        assert code(station.correct("A paper was found.", [tmp_path / "stick"])) == "correction_not_ordered"
    (tmp_path / "stick" / "1.order.json").write_bytes(orders.issue(order, keys.signing_key(b"x" * 32)))
    assert code(station.correct("A paper was found.", [tmp_path / "stick"])) == "correction_not_ordered"
    (tmp_path / "stick" / "2.order.json").write_bytes(orders.issue(order, world.authority.signing))
    assert code(station.correct("A paper was found.")) == "correction_not_ordered"  # no stick
    assert code(station.reopen((tmp_path / "stick" / "2.order.json").read_bytes())) in ("order_invalid", "wrong_phase")
    assert station.correct("A paper was found.", [tmp_path / "stick"]) is None
    station._session.definition = plain
    corrected(world, station)
    must(station.export(FolderStick(tmp_path / "stick")))
    station._session.definition = definition
    assert code(station.correct("Once more.", [tmp_path / "stick"])) == "correction_not_ordered"  # obeyed once
