"""The day of a small station through every verb, and the promises that hang on it."""

import os
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
import sqlcipher3

from kiosk.centre.packages import NATION_FILE
from kiosk.day import counting, opening, orders, phases, signing_off, unlocking
from kiosk.day.journal import Happened
from kiosk.day.setup import load_package
from kiosk.day.station import Station
from kiosk.devices.clock import SystemClock
from kiosk.devices.stick import FolderStick
from kiosk.election.definition import AGAINST_ALL, INVALID
from kiosk.errors import DeviceError, IntegrityError, Refusal, must
from kiosk.packet import content as c
from kiosk.packet.archive import read_file
from kiosk.packet.verify import verify_file
from kiosk.trust import badges, credential, keys, sealing
from tests.world import AWAY, HOME, World, give, vote


def code(answer: object) -> str | None:
    return answer.code if isinstance(answer, Refusal) else None


def serve(world: World, station: Station, choices: list[int], first: int = 0) -> None:
    for pin, choice in zip(world.pins(HOME)[first:], choices, strict=False):
        vote(station, give(station, pin), choice)


# -- getting in ---------------------------------------------------------------------------------------


def test_the_wrong_badge_and_the_wrong_pin(world: World) -> None:
    world.set_up()
    card, pin = world.card("chair")
    wrong = "000000" if pin != "000000" else "111111"

    def unlock(text: str, number: str) -> str | None:
        return code(Station.unlock(world.folder, world.clock, text, number))

    assert unlock("nonsense", pin) == "badge_malformed"
    foreign = world.in_folder(world.folder.parent, AWAY).card("chair")
    assert unlock(*foreign) == "badge_unknown"
    copied = badges.make_card(badges.Badge("101-chair", keys.new_seed()), "123456", badges.Cost(1, 8))
    assert unlock(copied, "123456") == "badge_foreign"
    assert unlock(*world.card("technician-1")) == "not_permitted"
    for _ in range(4):
        assert unlock(card, wrong) == "badge_pin_wrong"
    assert unlock(card, wrong) == "badge_wait"
    assert unlock(card, pin) == "badge_wait"
    world.clock.pass_time(15)
    station = must(Station.unlock(world.folder, world.clock, card, pin))
    told = [(e.event, e.badge, e.fields) for e in station.session.journal.entries()]
    assert ("badge_pin_wrong", "101-chair", {"tries": 5}) in told


def test_fifteen_wrong_pins_block_a_badge_and_the_journal_tells(world: World) -> None:
    world.set_up()
    station = world.unlock("chair")
    card, pin = world.card("clerk-1")
    wrong = "000000" if pin != "000000" else "111111"
    for _ in range(15):
        station.sign_in(card, wrong)
        world.clock.pass_time(15 * 2**10)
    assert station.sign_in(card, pin) == Refusal("badge_blocked")
    events = [e.event for e in station.session.journal.entries() if e.badge == "101-clerk-1"]
    assert events.count("badge_pin_wrong") == 15
    assert events.count("badge_blocked") == 1


def test_a_token_opens_the_station_like_a_card(world: World) -> None:
    world.set_up()
    locked = unlocking.Locked(world.folder, world.clock)
    badge = must(badges.open_card(*world.card("member-1")))
    session = must(locked.unlock_with(badge))
    assert session.by == "101-member-1"
    session.close()
    assert code(locked.unlock_with(badges.Badge("101-member-1", keys.new_seed()))) == "badge_foreign"
    assert code(locked.unlock_with(badges.Badge("nobody", keys.new_seed()))) == "badge_foreign"


@pytest.mark.parametrize(
    "name", ["election.dsse.json", "credential.dsse.json", "keyring.json", "vault.bin", "roll.sqlite"]
)
def test_a_station_with_a_missing_or_changed_file_does_not_open(world: World, name: str) -> None:
    world.set_up()
    path = world.folder / name
    content = path.read_bytes()
    for changed in (None, content[: len(content) // 2], bytes([content[100] ^ 1]) + content[1:]):
        path.unlink() if changed is None else path.write_bytes(changed)
        with pytest.raises(IntegrityError):
            world.unlock("chair")
        path.write_bytes(content)
    world.unlock("chair").close()


def test_a_credential_of_another_authority_does_not_open(world: World) -> None:
    world.set_up()
    path = world.folder / "credential.dsse.json"
    other = keys.signing_key(b"o" * 32)
    good = credential.read(path.read_bytes())
    forged = msgspec.structs.replace(good, authority_key=keys.signing_public(other).hex())
    path.write_bytes(credential.issue(forged, other))
    with pytest.raises(IntegrityError, match="credential_foreign"):
        world.unlock("chair")


def test_a_vault_of_another_station_does_not_open(world: World) -> None:
    world.set_up()
    away = world.in_folder(world.folder.parent / "other", AWAY)
    away.set_up()
    (world.folder / "vault.bin").write_bytes((away.folder / "vault.bin").read_bytes())
    with pytest.raises(IntegrityError, match="sealed_unreadable"):
        world.unlock("chair")


# -- opening ------------------------------------------------------------------------------------------


def test_opening_needs_members_the_hour_and_zero_counters(world: World) -> None:
    world.set_up()
    station = world.unlock("clerk-1")
    assert code(station.prepare()) == "not_permitted"
    assert code(station.open_polls()) == "not_permitted"
    world.sign_in(station, "chair")
    assert code(station.attend(*world.card("clerk-1"))) == "holds_no_share"
    assert code(station.attend("nonsense", "1")) == "badge_malformed"
    world.attend(station, ("chair",))
    assert station.prepare() == Refusal("quorum_missing", {"present": 1, "needed": 2})
    world.attend(station, ("member-1",))
    assert code(station.open_polls()) == "wrong_phase"
    assert [tuple(counter) for counter in must(station.prepare())] == [("given", 0), ("cast", 0), ("envelopes", 0)]
    world.clock.set(world.opens - timedelta(seconds=1))
    assert code(station.open_polls()) == "before_hours"
    world.clock.set(world.closes)
    assert code(station.open_polls()) == "after_hours"
    world.clock.set(world.opens)
    assert station.open_polls() is None
    assert station.state == phases.Open(world.opens.isoformat())
    assert station.session.present == {}


def test_a_counter_that_is_not_zero_keeps_the_station_shut(world: World) -> None:
    world.set_up()
    station = world.unlock("chair")
    world.attend(station)
    from kiosk.roll.nation import tag

    person = tag(station.session.nation_key, world.pins(HOME)[0])
    station.session.register.add(person, "given", world.clock.now(), "x", "home", 1)
    assert station.prepare() == Refusal("counter_not_zero", {"counter": "given", "value": 1})


def test_a_roll_that_is_not_the_definition_s_fails_the_self_test(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.set_up()
    station = world.unlock("chair")
    world.attend(station)
    monkeypatch.setattr(type(station.session.book), "__len__", lambda _book: 29)
    assert station.prepare() == Refusal("self_test_failed")


def test_an_opening_that_was_cut_off_starts_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The power goes after the box was made and before the phase was written."""
    world.set_up()
    station = world.unlock("chair")
    world.attend(station)
    must(station.prepare())
    world.clock.set(world.opens)

    def cut(*_args: object, **_more: object) -> None:
        raise DeviceError("disk_error", file="journal", reason="cut")

    with monkeypatch.context() as patched:
        patched.setattr(station.session.journal, "write", cut)
        with pytest.raises(DeviceError):
            station.open_polls()
    station.session.power_cut()
    station = world.unlock("chair")
    assert station.state.name == "ready"
    assert station.open_polls() is None
    world.sign_in(station, "clerk-1")
    serve(world, station, [1])
    world.counted(station, {1: 1})
    assert must(station.draft()).candidates[0].electronic == 1


# -- P4, P5, P6: nobody reads the box alone or early -------------------------------------------------------


def test_no_result_before_the_polls_are_closed(world: World) -> None:
    station = world.opened()
    serve(world, station, [1, 2])
    world.sign_in(station, "chair")
    assert station.count() == Refusal("wrong_phase", {"phase": "open"})
    assert station.pause("power") is None
    assert station.count() == Refusal("wrong_phase", {"phase": "paused"})
    assert station.draft() == Refusal("hand_count_missing", {"entered": 0})
    assert counting.electronic(station.session) is None
    assert code(station.attend(*world.card("member-1"))) == "wrong_phase"


def test_a_box_key_exchanged_during_the_day_is_noticed(world: World) -> None:
    """Whoever puts a key of their own in place would read ballots at noon and the commission none in the evening."""
    station = world.opened()
    path = world.folder / unlocking.BOX_PUBLIC
    good = path.read_bytes()
    station.session.power_cut()
    path.write_bytes(keys.sealing_public(b"x" * 32))
    with pytest.raises(IntegrityError, match="box_exchanged"):
        world.unlock("chair")
    path.unlink()
    with pytest.raises(IntegrityError, match="box_exchanged"):
        world.unlock("chair")
    path.write_bytes(good)
    world.unlock("chair")


def test_a_box_with_nothing_readable_in_it_is_still_counted(world: World) -> None:
    station = world.opened()
    session = station.session
    assert session.box is not None
    give(station, world.pins(HOME)[0])
    session.box.put(1, os.urandom(1232))  # a dying disk, or a forger without the station's key
    session.take_back()
    world.closed(station)
    world.attend(station)
    count = must(station.count())
    assert (count.records, count.unreadable) == ((), 1)


@pytest.mark.parametrize("old", ["register.sqlite", "box.sqlite"])
def test_an_older_file_put_in_place_of_the_day_s_is_noticed(world: World, old: str) -> None:
    station = world.opened()
    before = (world.folder / old).read_bytes()
    serve(world, station, [1, 2])
    station.close()
    (world.folder / old).write_bytes(before)
    with pytest.raises(IntegrityError, match="counts_impossible"):
        world.unlock("chair")


@pytest.mark.parametrize("gone", ["register.sqlite", "journal.sqlite", "envelopes.sqlite"])
def test_a_day_s_file_that_vanished_is_not_made_anew(world: World, gone: str) -> None:
    station = world.opened()
    station.close()
    (world.folder / gone).unlink()
    with pytest.raises(IntegrityError, match="station_file_missing"):
        world.unlock("chair")


@pytest.mark.parametrize("name", ["register.sqlite", "envelopes.sqlite", "journal.sqlite"])
def test_a_first_start_that_was_cut_off_can_be_repeated(world: World, name: str) -> None:
    world.set_up()
    (world.folder / name).touch()  # what a full disk leaves
    if name == "journal.sqlite":
        for other in ("register.sqlite", "envelopes.sqlite"):
            (world.folder / other).touch()
    world.unlock("chair")


def test_the_booth_s_ballot_is_the_booth_s_after_a_restart(world: World) -> None:
    """A vote at home, settled while somebody stands in the booth, is never taken for the ballot in progress."""
    station = world.opened()
    remote = give(station, world.pins(AWAY)[0])
    world.sign_in(station, "chair")
    assert station.desk.ask_home_vote(world.pins(HOME)[0]) is None
    assert station.desk.settle_home_vote(world.pins(HOME)[0], voted=True) is None
    station.session.power_cut()
    station = world.unlock("chair")
    pending = station.session.pending
    assert pending and (pending.kind, pending.district) == (remote.kind, remote.district)
    assert station.desk.withdraw(pending, "wrong_person") is None
    assert code(station.desk.identify(world.pins(HOME)[0])) == "voted_at_home"


def test_two_programs_do_not_share_a_station(world: World) -> None:
    station = world.opened()
    with pytest.raises(IntegrityError, match="station_in_use"):
        world.unlock("chair")
    station.close()
    world.unlock("chair")


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
    assert station.session.present == {}


def test_a_damaged_count_of_tries_does_not_lock_everybody_out(world: World) -> None:
    world.set_up()
    (world.folder / "attempts.json").write_bytes(b"junk")
    world.unlock("chair")


def test_fewer_than_k_badges_open_nothing(world: World) -> None:
    station = world.opened()
    serve(world, station, [1, 2])
    world.closed(station)
    world.attend(station, ("member-1",))
    assert station.count() == Refusal("too_few_shares", {"found": 1, "needed": 2})
    session = station.session
    split = opening.read_split_key(session)
    badge = session.present["101-member-1"]
    for other in ("101-chair", "101-member-2"):
        with pytest.raises(IntegrityError, match="sealed_unreadable"):
            sealing.unseal(bytes.fromhex(split.shares[other]), badge.sealing, opening.share_info(session, other))
    world.attend(station, ("member-3",))
    assert must(station.count()).votes() == {1: 1, 2: 1}


def test_any_k_of_the_members_open_it(world: World) -> None:
    station = world.opened()
    serve(world, station, [1])
    world.closed(station)
    world.attend(station, ("member-2", "member-3"))
    assert must(station.count()).votes() == {1: 1}


def test_shares_of_another_box_change_nothing(world: World) -> None:
    station = world.opened()
    serve(world, station, [1])
    path = world.folder / opening.BOX_KEY
    good = path.read_bytes()
    other_seed = keys.new_seed()
    from kiosk.trust import shares

    holders = station.session.credential.shareholders
    forged = {
        o.id: sealing.seal(w.encode(), keys.read_sealing_public(bytes.fromhex(o.sealing_key)),
                           opening.share_info(station.session, o.id)).hex()
        for o, w in zip(holders, shares.split(other_seed, 2, len(holders)), strict=True)
    }  # fmt: skip
    world.closed(station)
    world.attend(station)
    for content in (msgspec.json.encode(opening.SplitKey(forged, "00")), b"junk", b'{"shares":{},"recovery":""}'):
        path.write_bytes(content)
        with pytest.raises(IntegrityError, match="box_key_missing"):
            station.count()
        assert station.state.name == "closed"
    path.write_bytes(good)
    assert must(station.count()).votes() == {1: 1}
    assert not path.exists()


def test_after_the_count_nothing_on_the_disk_opens_the_box(world: World) -> None:
    station = world.opened()
    serve(world, station, [1])
    world.closed(station)
    world.attend(station)
    must(station.count())
    assert not (world.folder / opening.BOX_KEY).exists()
    assert "box_key_destroyed" in [e.event for e in station.session.journal.entries()]
    with pytest.raises(IntegrityError, match="box_key_missing"):
        counting.recovery_copy(station.session)
    opening.destroy_split_key(station.session)  # twice does no harm


def test_a_power_cut_between_count_and_wiping_is_made_good(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    station = world.opened()
    serve(world, station, [1])
    world.closed(station)
    world.attend(station)
    with monkeypatch.context() as patched:
        patched.setattr(counting, "finish_destroying", lambda _session: None)
        must(station.count())
    assert (world.folder / opening.BOX_KEY).exists()
    station.session.power_cut()
    station = world.unlock("chair")
    assert not (world.folder / opening.BOX_KEY).exists()
    assert "box_key_destroyed" in [e.event for e in station.session.journal.entries()]


def test_the_central_commission_can_open_it_when_members_are_missing(world: World) -> None:
    station = world.opened()
    serve(world, station, [1, 1])
    world.closed(station)
    world.attend(station, ("member-1",))
    copy = counting.recovery_copy(station.session)
    info = opening.share_info(station.session, "authority")
    seed = sealing.unseal(copy, world.authority.sealing, info)
    assert station.count(recovered_seed=b"short") == Refusal("shares_do_not_match")
    assert station.count(recovered_seed=b"x" * 32) == Refusal("shares_do_not_match")
    assert must(station.count(recovered_seed=seed)).votes() == {1: 2}
    assert ("box_opened", {"shares": 1, "recovery": 1}) in [
        (e.event, e.fields) for e in station.session.journal.entries()
    ]
    world.enter(station, {1: 2})
    assert must(station.draft()).recovery_copy_used


def test_a_clerk_may_not_count(world: World) -> None:
    station = world.closed(world.opened())
    world.sign_in(station, "clerk-1")
    assert code(station.count()) == "not_permitted"


# -- P10 and P4: nothing in the clear -----------------------------------------------------------------------


def test_a_stolen_folder_or_stick_gives_no_person_and_no_choice(world: World, tmp_path: Path) -> None:
    station = world.opened()
    serve(world, station, [1, 2, 4, AGAINST_ALL])
    vote(station, give(station, world.pins(AWAY)[0]), 1)
    packet = world.packet(station, {1: 1, 2: 1, 4: 1, AGAINST_ALL: 1}, tmp_path / "stick")
    station.close()
    secrets = [s.encode() for row in (*world.rows(HOME), *world.rows(AWAY)) for s in (row[0], row[1], row[8], row[9])]
    secrets += [f"{int(row[0]):x}".encode() for row in world.rows(HOME)]
    for path in [*world.folder.rglob("*"), packet]:
        assert not any(secret in str(path.relative_to(tmp_path)).encode() for secret in secrets)
        if path.is_file():
            content = path.read_bytes()
            assert not any(secret in content for secret in secrets), path.name


def test_the_journal_tells_of_no_voter_and_no_choice(world: World) -> None:
    station = world.opened()
    serve(world, station, [1, 2, INVALID])
    station.desk.identify_scan("junk<")
    entries = station.session.journal.entries()
    values = {v for e in entries if e.event != "box_made" for v in e.fields.values() if isinstance(v, str)}
    assert values <= {"posting", "ready", "open", "home", "mrz_characters", "mrz_length", "mrz_partial"}
    cast = [e for e in entries if e.event == "ballot_cast"]
    assert len(cast) == 3
    assert {e.badge for e in cast} == {""}
    assert {tuple(e.fields) for e in cast} == {("kind",)}


@pytest.mark.parametrize(
    "fields", [{"kind": "Асанов"}, {"kind": "two words"}, {"kind": "x" * 41}, {"kind": "home", "pin": "1"}, {}]
)
def test_free_text_cannot_get_into_the_journal(world: World, fields: dict[str, str]) -> None:
    station = world.opened()
    with pytest.raises(ValueError, match="ballot_given"):
        station.session.journal.write(Happened("ballot_given", "b", dict(fields)))


# -- P9: the journal is kept ---------------------------------------------------------------------------------


@pytest.mark.parametrize("sql", ["DELETE FROM entry", "UPDATE entry SET event='x'", "DELETE FROM checkpoint",
                                 "UPDATE checkpoint SET seq=1", "DELETE FROM record", "UPDATE record SET body='x'",
                                 "INSERT INTO entry VALUES (999, 'x', '{}')"])  # fmt: skip
def test_the_journal_is_append_only(world: World, sql: str) -> None:
    station = world.opened()
    with pytest.raises(sqlcipher3.dbapi2.IntegrityError):
        station.session.journal._database.conn.execute(sql)


def test_a_journal_edited_behind_our_back_does_not_open(world: World) -> None:
    station = world.opened()
    serve(world, station, [1])
    connection = station.session.journal._database.conn
    connection.execute("DROP TRIGGER entry_no_update")
    trigger = "CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry BEGIN SELECT raise(ABORT, 'append-only'); END"
    connection.execute(
        "UPDATE entry SET body = replace(body, 'ballot_given', 'ballot_cast') WHERE event = 'ballot_given'"
    )
    connection.execute(trigger)
    station.close()
    with pytest.raises(IntegrityError, match="journal_broken"):
        world.unlock("chair")


def test_the_clock_going_backwards_is_an_event_and_checkpoints_come_due(world: World) -> None:
    station = world.opened()
    world.clock.set(world.opens + timedelta(hours=1))
    station.session.tell(Happened("signed_out", "x"))
    world.clock.set(world.opens)
    station.session.tell(Happened("signed_out", "x"))
    entries = station.session.journal.entries()
    assert [(e.event, e.fields) for e in entries[-2:]] == [("clock_backwards", {"seconds": 3600}), ("signed_out", {})]
    for _ in range(60):
        station.session.tell(Happened("signed_out", "x"))
    checkpoints = station.session.journal.checkpoints()
    assert any(cp.seq > entries[-1].seq for cp in checkpoints)


# -- closing, counting, signing ---------------------------------------------------------------------------------


def test_closing_needs_the_hour_and_an_empty_booth(world: World) -> None:
    station = world.opened()
    given = give(station, world.pins(HOME)[0])
    assert code(station.close_polls()) == "not_permitted"
    world.sign_in(station, "chair")
    assert code(station.close_polls()) == "close_too_early"
    world.clock.set(world.closes)
    assert station.close_polls() == Refusal("ballot_in_progress", {"count": 1})
    vote(station, given, 1)
    assert station.close_polls() is None


def test_reopening_needs_a_signed_order_for_this_station(world: World) -> None:
    station = world.closed(world.opened())
    definition = world.source.definition
    later = world.closes + timedelta(hours=1)
    order = orders.Order(definition.hash, HOME, "reopen", 1, later.isoformat())
    good = orders.issue(order, world.authority.signing)
    for bad in (
        b"",
        orders.issue(order, keys.signing_key(b"x" * 32)),
        orders.issue(msgspec.structs.replace(order, station=AWAY), world.authority.signing),
        orders.issue(msgspec.structs.replace(order, definition_hash="0"), world.authority.signing),
        orders.issue(msgspec.structs.replace(order, until="tomorrow"), world.authority.signing),
        orders.issue(msgspec.structs.replace(order, until="2025-11-30T21:00"), world.authority.signing),
    ):
        assert code(station.reopen(bad)) == "order_invalid"
    assert station.reopen(good) is None
    assert station.state.name == "open"
    assert code(station.close_polls()) == "close_too_early"
    vote(station, give(station, world.pins(HOME)[0]), 1)  # the new closing hour holds at the desk too
    world.clock.set(later)
    assert code(station.desk.identify(world.pins(HOME)[1])) == "after_hours"
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
    world.attend(station)
    for field in (*fields, "equation:boxes_given"):
        assert code(station.sign()) == "difference_unexplained"
        assert station.write_act(field, "Explained.") is None
    must(station.sign())
    (tmp_path / "stick").mkdir()
    written = must(station.export(FolderStick(tmp_path / "stick")))
    verdict = verify_file(written.path, world.election)
    assert verdict.accepted
    assert ("equations that fail, explained by an act", "boxes_given") in [(x.name, x.found) for x in verdict.checks]


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
    world.attend(station, ("member-2",))
    must(station.sign())
    assert code(station.draft()) == "wrong_phase"
    assert code(station.sign()) == "wrong_phase"


def test_the_packet_can_be_exported_again_the_same_bytes(world: World, tmp_path: Path) -> None:
    station = world.opened()
    serve(world, station, [1, 2])
    first = world.packet(station, {1: 1, 2: 1}, tmp_path / "one").read_bytes()
    station.close()
    station = world.unlock("chair")
    assert station.state == phases.Exported(1)
    (tmp_path / "two").mkdir()
    progress: list[tuple[int, int]] = []
    again = must(station.export(FolderStick(tmp_path / "two"), lambda *at: progress.append(at)))
    assert again.path.read_bytes() == first
    assert progress[-1] == (len(first), len(first))
    name, _ = must(signing_off.signed_packet(station.session))
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
    info = signing_off.register_info(world.source.definition.hash, HOME)
    served = msgspec.json.decode(sealing.unseal(entries[c.SEALED_REGISTER], world.authority.sealing, info))
    assert len(served) == 7
    info = signing_off.envelopes_info(world.source.definition.hash, HOME)
    assert len(msgspec.json.decode(sealing.unseal(entries[c.SEALED_ENVELOPES], world.authority.sealing, info))) == 1


# -- P8 and set-up ---------------------------------------------------------------------------------------------------


def test_a_package_of_another_purpose_authority_or_nation_is_refused(world: World, tmp_path: Path) -> None:
    package, nation = world.made[HOME].package, world.out / NATION_FILE
    good = keys.fingerprint(world.authority.public)

    def load(purpose: str = "test", paper: str | None = good, source: Path = package, index: Path = nation) -> str:
        try:
            checks = load_package(source, index, tmp_path / "new", purpose, paper)  # type: ignore[arg-type]
        except IntegrityError as error:
            assert not (tmp_path / "new").exists()
            assert not (tmp_path / "new.part").exists()
            return error.code
        return f"{len(checks)} checks"

    assert load("official") == "purpose_foreign"
    assert load("demo") == "purpose_foreign"
    assert load(paper="0" * 32) == "fingerprint_differs"
    other = tmp_path / "other.sqlite"
    other.write_bytes(nation.read_bytes()[:-1] + b"x")
    assert load(index=other) == "nation_differs"
    other.write_bytes(nation.read_bytes() + b"x")
    assert load(index=other) == "nation_differs"
    broken = tmp_path / "broken.zip"
    content = package.read_bytes()
    for at in range(0, len(content), len(content) // 40):
        broken.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        assert not load(source=broken).endswith("checks")
    assert load(paper=good.upper()) == "7 checks"
    with pytest.raises(IntegrityError, match="folder_in_use"):
        load_package(package, nation, tmp_path / "new", "test", good)


def test_an_official_terminal_wants_the_fingerprint_from_paper(tmp_path: Path) -> None:
    world = World.make(tmp_path, "official")
    package, nation = world.made[HOME].package, world.out / NATION_FILE
    with pytest.raises(IntegrityError, match="fingerprint_missing"):
        load_package(package, nation, tmp_path / "new", "official", None)
    with pytest.raises(IntegrityError, match="fingerprint_missing"):
        load_package(package, nation, tmp_path / "new", "official", "  ")
    good = keys.fingerprint(world.authority.public)
    checks = load_package(package, nation, tmp_path / "new", "official", good)
    assert ("purpose", "official") in [(check.name, check.found) for check in checks]


def test_no_room_for_a_station(world: World, tmp_path: Path) -> None:
    target = tmp_path / "file"
    target.write_text("in the way")
    with pytest.raises(DeviceError, match="disk_error"):
        load_package(world.made[HOME].package, world.out / NATION_FILE, target / "station", "test", None)


def test_real_devices_and_stand_ins(world: World) -> None:
    now = SystemClock("Asia/Bishkek").now()
    assert now.microsecond == 0 and now.utcoffset() == timedelta(hours=6)
    from kiosk.devices.clock import SetClock

    with pytest.raises(DeviceError, match="fake_refused"):
        SetClock(now, "official")


def test_wiped_means_overwritten(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    station = world.opened()
    path = world.folder / opening.BOX_KEY
    before = path.read_bytes()
    seen: list[bytes] = []
    real = Path.unlink

    def unlink(self: Path, missing_ok: bool = False) -> None:
        if self == path:
            seen.append(self.read_bytes())
        real(self, missing_ok)

    monkeypatch.setattr(Path, "unlink", unlink)
    opening.destroy_split_key(station.session)
    assert len(seen[0]) == len(before)
    assert sum(a == b for a, b in zip(seen[0], before, strict=True)) < len(before) // 20
    assert not os.path.exists(path)  # noqa: PTH110
