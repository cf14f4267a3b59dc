"""Getting in: badges, PINs, files that are missing, changed, older or of elsewhere."""

import stat
from pathlib import Path

import msgspec
import pytest

from kiosk.day import folder, locked
from kiosk.day.station import Station
from kiosk.errors import IntegrityError, Refusal, must
from kiosk.trust import badges, credential, keys
from tests.stage.world import AWAY, HOME, World, code, give, serve


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
    told = [(e.event, e.badge, e.fields) for e in station._session.journal.entries()]
    assert ("badge_pin_wrong", "101-chair", {"tries": 5}) in told


def test_a_home_made_card_uses_up_no_try_and_no_time(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A card with somebody's public id and anything else in it is told from the genuine one before any PIN."""
    world.set_up()
    card, pin = world.card("chair")
    homemade = badges.make_card(badges.Badge("101-chair", keys.new_seed()), "123456", badges.Cost(1, 8))
    again = badges.make_card(must(badges.open_card(card, pin)), "654321", badges.Cost(1, 8))  # of a PIN that was seen
    with monkeypatch.context() as patched:
        patched.setattr(badges, "open_card", None)  # no PIN is tried at all
        for text in (homemade, again):
            for _ in range(20):
                assert code(Station.unlock(world.folder, world.clock, text, "000000")) == "badge_foreign"
    station = must(Station.unlock(world.folder, world.clock, card, pin))
    assert "badge_pin_wrong" not in [e.event for e in station._session.journal.entries()]


def test_a_voter_at_a_screen_that_was_handed_over_blocks_nobody(world: World) -> None:
    station = world.opened()
    card, pin = world.card("clerk-1")
    wrong = "000000" if pin != "000000" else "111111"
    waits = []
    for _ in range(60):
        refused = station.is_here(card, wrong)
        assert refused and refused.code in ("badge_pin_wrong", "badge_wait")
        if refused.code == "badge_wait":
            waits.append(int(refused.facts["seconds"]))
            world.clock.pass_time(waits[-1])
    assert max(waits) == 120
    assert station.is_here(card, pin) is None
    assert code(station.is_here(card, wrong)) == "badge_pin_wrong"  # from the beginning again
    station.sign_out()
    world.sign_in(station, "clerk-1")


def test_fifteen_wrong_pins_block_a_badge_and_the_journal_tells(world: World) -> None:
    world.set_up()
    station = world.unlock("chair")
    card, pin = world.card("clerk-1")
    wrong = "000000" if pin != "000000" else "111111"
    for _ in range(15):
        world.clock.pass_time(15 * 2**10)
        station.sign_in(card, wrong)
    assert station.sign_in(card, pin) == Refusal("badge_blocked", {"minutes": 60})
    events = [e.event for e in station._session.journal.entries() if e.badge == "101-clerk-1"]
    assert events.count("badge_pin_wrong") == 15
    assert events.count("badge_blocked") == 1


def test_the_chair_and_a_member_unblock_a_badge(world: World) -> None:
    """And whoever waits an hour gets one more try: nobody is shut out for good, not even the chair."""
    world.set_up()
    station = world.unlock("chair")
    card, pin = world.card("clerk-1")
    wrong = "000000" if pin != "000000" else "111111"
    for _ in range(15):
        world.clock.pass_time(15 * 2**10)
        station.sign_in(card, wrong)
    world.sign_in(station, "chair")
    assert [officer.id for officer in station.blocked()] == ["101-clerk-1"]
    assert code(station.unblock("101-chair")) == "badge_not_blocked"
    assert code(station.unblock("101-clerk-1")) == "second_badge_missing"
    world.attend(station, ("member-1",))
    assert station.unblock("101-clerk-1") is None
    assert station.blocked() == () and station._session.journal.last("badge_unblocked")
    world.sign_in(station, "clerk-1")
    chair, chairs_pin = world.card("chair")
    wrong = "000000" if chairs_pin != "000000" else "111111"
    for _ in range(15):
        world.clock.pass_time(15 * 2**10)
        station.sign_in(chair, wrong)
    world.clock.pass_time(59 * 60)
    assert station.sign_in(chair, chairs_pin) == Refusal("badge_blocked", {"minutes": 1})
    world.clock.pass_time(60)
    assert code(station.sign_in(chair, wrong)) == "badge_blocked"  # one try, and an hour again
    world.clock.pass_time(3600)
    world.sign_in(station, "chair")


def test_a_day_that_an_older_version_has_begun_is_not_begun_anew(world: World) -> None:
    world.set_up()
    (world.folder / "journal.sqlite").write_bytes(b"x")
    with pytest.raises(IntegrityError, match="day_of_old"):
        world.unlock("chair")


@pytest.mark.parametrize(
    "name", ["election.dsse.json", "credential.dsse.json", "keyring.json", "vault.bin", "roll.sqlite"]
)
def test_a_station_with_a_missing_or_changed_file_does_not_open(world: World, name: str) -> None:
    world.set_up()
    path = world.folder / name
    content = path.read_bytes()
    for changed in (None, content[: len(content) // 2], bytes([content[0] ^ 1]) + content[1:]):
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


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO event (person, what, kind, district, at, badge) VALUES"
        " (zeroblob(16), 'given', 'home', 1, '2025-11-30T09:00:00+06:00', 'x')",
        "INSERT INTO event (person, what, at, badge) VALUES (zeroblob(16), 'struck_off', '2025-11-30T09:00:00', 'x')",
        "INSERT INTO event (person, what, at, badge) VALUES (zeroblob(16), 'application', '2025-11-30T09:00:00', 'x')",
        "UPDATE slot SET used = 1 WHERE id = (SELECT min(id) FROM slot WHERE used = 0)",
    ],
)
def test_what_was_written_past_the_program_is_noticed(world: World, sql: str) -> None:
    """Every row has its entry in the journal: they are one commit."""
    station = world.opened()
    serve(world, station, [1, 2])
    station._session.files.day.conn.execute(sql)
    station.close()
    with pytest.raises(IntegrityError, match="counts_impossible"):
        world.unlock("clerk-1")


@pytest.mark.parametrize("content", [None, b""], ids=["gone", "emptied"])
def test_a_day_that_vanished_is_not_begun_anew(world: World, content: bytes | None) -> None:
    world.opened().close()
    path = world.folder / folder.DAY
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(IntegrityError, match="station_file_missing"):
        world.unlock("chair")


def test_a_first_start_that_was_cut_off_can_be_repeated(world: World) -> None:
    world.set_up()
    (world.folder / folder.DAY).touch()  # what a full disk leaves
    world.unlock("chair")


def test_the_booth_s_ballot_is_the_booth_s_after_a_restart(world: World) -> None:
    """A vote at home, settled while somebody stands in the booth, is never taken for the ballot in progress."""
    station = world.opened()
    remote = give(station, world.pins(AWAY)[0])
    world.sign_in(station, "chair")
    assert station.desk.ask_home_vote(world.pins(HOME)[0]) is None
    assert station.desk.settle_home_vote(world.pins(HOME)[0], voted=True) is None
    station.power_cut()
    station = world.unlock("chair")
    pending = station.pending
    assert pending and (pending.kind, pending.district) == (remote.kind, remote.district)
    assert station.desk.withdraw(pending, "wrong_person") is None
    assert code(station.desk.identify(world.pins(HOME)[0])) == "voted_at_home"


def test_two_programs_do_not_share_a_station(world: World) -> None:
    station = world.opened()
    with pytest.raises(IntegrityError, match="station_in_use"):
        world.unlock("chair")
    station.close()
    world.unlock("chair")


@pytest.mark.parametrize("content", [b"junk", None])
def test_a_count_of_tries_that_is_gone_makes_everybody_wait_and_is_told(world: World, content: bytes | None) -> None:
    world.set_up()
    path = world.folder / "attempts.json"
    path.unlink()
    if content:
        path.write_bytes(content)
    refused = Station.unlock(world.folder, world.clock, *world.card("chair"))
    assert isinstance(refused, Refusal) and refused.code == "badge_wait"
    world.clock.pass_time(15)
    station = world.unlock("chair")
    assert [e.event for e in station._session.journal.entries()].count("tries_lost") == 1
    station.close()
    assert "tries_lost" not in [e.event for e in world.unlock("chair")._session.journal.entries()][-2:]


def test_a_folder_that_others_may_enter_is_closed_to_them(world: World) -> None:
    world.set_up()
    for mode in (0o777, 0o755, 0o770, 0o701):
        world.folder.chmod(mode)
        locked.Locked(world.folder, world.clock)
        assert stat.S_IMODE(world.folder.stat().st_mode) == 0o700


def test_an_official_folder_that_stays_open_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a disk that keeps no rights: chmod does nothing there."""
    world.set_up()
    world.folder.chmod(0o755)
    monkeypatch.setattr(Path, "chmod", lambda *_: None)
    folder.make_private(world.folder, strict=False)
    with pytest.raises(IntegrityError, match="folder_open"):
        folder.make_private(world.folder, strict=True)
