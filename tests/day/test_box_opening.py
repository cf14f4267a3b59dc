"""P4, P5, P6: nobody reads the box alone or early."""

import os
from pathlib import Path

import msgspec
import pytest

from kiosk.day import box_key, counting
from kiosk.day.folder import BOX_KEY, DAY
from kiosk.errors import IntegrityError, Refusal, must
from kiosk.trust import keys, sealing
from tests.stage.world import HOME, World, code, give, serve


def test_no_result_before_the_polls_are_closed(world: World) -> None:
    station = world.opened()
    serve(world, station, [1, 2])
    world.sign_in(station, "chair")
    assert station.count() == Refusal("wrong_phase", {"phase": "open"})
    assert station.pause("power") is None
    assert station.count() == Refusal("wrong_phase", {"phase": "paused"})
    assert station.draft() == Refusal("hand_count_missing", {"entered": 0})
    assert counting.electronic(station._session) is None


def test_a_box_key_exchanged_during_the_day_is_noticed(world: World) -> None:
    """Whoever puts a key of their own in place would read ballots at noon and the commission none in the evening."""
    station = world.opened()
    other = box_key.record(keys.sealing_public(b"x" * 32))
    station._session.journal.write(records=[other])
    station.close()
    with pytest.raises(IntegrityError, match="box_exchanged"):
        world.unlock("chair")


def test_a_box_with_nothing_readable_in_it_is_still_counted(world: World) -> None:
    station = world.opened()
    session = station._session
    give(station, world.pins(HOME)[0])
    session.files.box.put(1, os.urandom(1232))  # a dying disk, or a forger without the station's key
    session.take_back()
    world.closed(station)
    world.attend(station)
    count = must(station.count())
    assert (count.records, count.unreadable) == ((), 1)


def test_fewer_than_k_badges_open_nothing(world: World) -> None:
    station = world.opened()
    serve(world, station, [1, 2])
    world.closed(station)
    world.attend(station, ("member-1",))
    assert station.count() == Refusal("too_few_shares", {"found": 1, "needed": 2})
    session = station._session
    split = box_key._read_split(session)
    badge = session.present["101-member-1"]
    for other in ("101-chair", "101-member-2"):
        with pytest.raises(IntegrityError, match="sealed_unreadable"):
            sealing.unseal(bytes.fromhex(split.shares[other]), badge.sealing, box_key.share_info(session, other))
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
    path = world.folder / BOX_KEY
    good = path.read_bytes()
    other_seed = keys.new_seed()
    from kiosk.trust import shares

    holders = station._session.credential.shareholders
    forged = {
        o.id: sealing.seal(w.encode(), keys.read_sealing_public(bytes.fromhex(o.sealing_key)),
                           box_key.share_info(station._session, o.id)).hex()
        for o, w in zip(holders, shares.split(other_seed, 2, len(holders)), strict=True)
    }  # fmt: skip
    world.closed(station)
    world.attend(station)
    for content in (msgspec.json.encode(box_key.SplitKey(forged, {})), b"junk", b'{"shares":{},"recovery":{}}'):
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
    assert not (world.folder / BOX_KEY).exists()
    assert "box_key_destroyed" in [e.event for e in station._session.journal.entries()]
    with pytest.raises(IntegrityError, match="box_key_missing"):
        box_key.recovery_copy(station._session)
    box_key.destroy(station._session)  # twice does no harm


def test_a_power_cut_between_count_and_wiping_is_made_good(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    station = world.opened()
    serve(world, station, [1])
    world.closed(station)
    world.attend(station)
    with monkeypatch.context() as patched:
        patched.setattr(box_key, "finish_destroying", lambda _session: None)
        must(station.count())
    assert (world.folder / BOX_KEY).exists()
    station.power_cut()
    station = world.unlock("chair")
    assert not (world.folder / BOX_KEY).exists()
    assert "box_key_destroyed" in [e.event for e in station._session.journal.entries()]


def test_the_central_commission_can_open_it_when_members_are_missing(world: World) -> None:
    station = world.opened()
    serve(world, station, [1, 1])
    world.closed(station)
    world.attend(station, ("member-1",))
    copy = must(box_key.recovery_copy(station._session))
    info = box_key.authority_info(station._session.definition.hash, HOME)
    seed = sealing.unseal(copy, world.authority.sealing, info)
    assert station.count(recovered_seed=b"short") == Refusal("shares_do_not_match")
    assert station.count(recovered_seed=b"x" * 32) == Refusal("shares_do_not_match")
    assert must(station.count(recovered_seed=seed)).votes() == {1: 2}
    assert ("box_opened", {"shares": 1, "recovery": 1}) in [
        (e.event, e.fields) for e in station._session.journal.entries()
    ]
    world.enter(station, {1: 2})
    assert must(station.draft()).recovery_copy_used


def test_the_authority_opens_nothing_with_the_disk_alone(world: World) -> None:
    """A recovery copy needs the authority *and* one badge of those who hold a share."""
    station = world.opened()
    serve(world, station, [1, 1])
    world.closed(station)
    split = msgspec.json.decode((world.folder / BOX_KEY).read_bytes(), type=box_key.SplitKey)
    assert set(split.recovery) == {o.id for o in station._session.credential.shareholders}
    assert box_key.recovery_copy(station._session) == Refusal("too_few_shares", {"found": 0, "needed": 1})
    info = box_key.authority_info(station._session.definition.hash, HOME)
    for copy in split.recovery.values():
        for bound in (info, *(box_key.recovery_info(station._session, badge) for badge in split.recovery)):
            with pytest.raises(IntegrityError, match="sealed_unreadable"):
                sealing.unseal(bytes.fromhex(copy), world.authority.sealing, bound)
    opened = set()
    for role in ("chair", "member-1", "member-2"):
        station.dismiss()
        world.attend(station, (role,))
        opened.add(sealing.unseal(must(box_key.recovery_copy(station._session)), world.authority.sealing, info))
    assert len(opened) == 1 and must(station.count(recovered_seed=opened.pop())).votes() == {1: 2}


def test_shares_that_are_gone_come_back_from_the_mirror(world: World, tmp_path: Path) -> None:
    """And a station without them says so at once, not in the evening."""
    world.mirror = tmp_path / "mirror"
    station = world.opened()
    serve(world, station, [1, 1])
    station.close()
    good = (world.folder / BOX_KEY).read_bytes()
    for bad in (b"junk", None):
        (world.folder / BOX_KEY).unlink()
        if bad:
            (world.folder / BOX_KEY).write_bytes(bad)
        world.unlock("clerk-1").close()
        assert (world.folder / BOX_KEY).read_bytes() == (tmp_path / "mirror" / BOX_KEY).read_bytes() == good
    (world.folder / BOX_KEY).unlink()
    (tmp_path / "mirror" / BOX_KEY).unlink()
    with pytest.raises(IntegrityError, match="box_key_missing"):
        world.unlock("clerk-1")


def test_a_day_from_before_the_count_does_not_open_again(world: World) -> None:
    """P5: the result is known; whoever puts the day's file back to noon finds the key gone."""
    station = world.opened()
    serve(world, station, [1, 1])
    station.close()
    noon = (world.folder / DAY).read_bytes()
    station = world.closed(world.unlock("chair"))
    world.attend(station)
    must(station.count())
    station.close()
    (world.folder / DAY).write_bytes(noon)
    with pytest.raises(IntegrityError, match="box_key_missing"):
        world.unlock("chair")


def test_a_clerk_may_not_count(world: World) -> None:
    station = world.closed(world.opened())
    world.sign_in(station, "clerk-1")
    assert code(station.count()) == "not_permitted"
