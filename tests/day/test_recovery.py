"""When fewer than k members come back: a request on a stick, the commission's answer, one badge."""

import json
from pathlib import Path

import msgspec
import pytest

from kiosk.day import box_key, recovery
from kiosk.devices.stick import FolderStick
from kiosk.errors import IntegrityError, Refusal, must
from kiosk.packet import package
from kiosk.trust import keys, sealing, signing
from kiosk.trust.credential import Credential
from tests.stage.world import HOME, World, code, serve


def credential_of(world: World, station: int = HOME) -> Credential:
    return package.read_file(world.made[station].package).credential


def answered(world: World, folder: Path) -> bytes:
    """What the commission does with the request that lies in `folder`."""
    who, name = credential_of(world), f"{HOME}{recovery.REQUEST_SUFFIX}"
    request = recovery.read_request((folder / name).read_bytes(), who)
    authority = world.authority
    made = recovery.answer(request, who, sealing=authority.sealing, signing_key=authority.signing)
    (folder / f"{HOME}{recovery.ANSWER_SUFFIX}").write_bytes(made)
    return made


def test_the_commission_opens_the_box_with_one_badge_that_is_here(world: World, tmp_path: Path) -> None:
    station = world.opened()
    serve(world, station, [1, 1, 2])
    stick = FolderStick(tmp_path)
    world.sign_in(station, "chair")
    assert code(station.ask_recovery(stick)) == "wrong_phase"
    world.closed(station)
    assert code(station.ask_recovery(stick)) == "too_few_shares"
    assert code(station.count_from([tmp_path])) == "recovery_missing"
    world.attend(station, ("member-2",))
    must(station.ask_recovery(stick))
    assert code(station.count_from([tmp_path])) == "recovery_missing"
    answered(world, tmp_path)
    station.close()

    station = world.unlock("chair")  # the answer comes in the night, to a terminal that was switched off
    assert station.count_from([tmp_path]) == Refusal("recovery_badge_missing", {"badge": "101-member-2"})
    world.attend(station, ("member-1",))
    assert station.count_from([tmp_path]) == Refusal("recovery_badge_missing", {"badge": "101-member-2"})
    world.attend(station, ("member-2",))
    assert must(station.count_from([tmp_path])).votes() == {1: 2, 2: 1}
    told = [(e.event, e.badge) for e in station._session.journal.entries()]
    assert ("recovery_asked", "101-member-2") in told and station._session.state.recovery_copy_used  # type: ignore[union-attr]


def test_with_enough_badges_nobody_is_asked(world: World, tmp_path: Path) -> None:
    station = world.opened()
    world.closed(station)
    world.attend(station, ("chair", "member-1"))  # k, and not one more
    assert station.ask_recovery(FolderStick(tmp_path)) == Refusal("shares_enough")
    assert list(tmp_path.glob("*.json")) == []


def test_neither_file_helps_whoever_finds_it(world: World, tmp_path: Path) -> None:
    """The stick is lost on its way, with both files, and the thief has every other badge and the disk."""
    station = world.opened()
    serve(world, station, [1])
    world.closed(station)
    world.attend(station, ("chair",))
    must(station.ask_recovery(FolderStick(tmp_path)))
    answered(world, tmp_path)
    found = [json.loads(signing.read(path.read_bytes(), kind).payload) for path, kind in (
        (tmp_path / f"{HOME}{recovery.REQUEST_SUFFIX}", recovery._REQUEST),
        (tmp_path / f"{HOME}{recovery.ANSWER_SUFFIX}", recovery._ANSWER),
    )]  # fmt: skip
    info = box_key.authority_info(station._session.definition.hash, HOME)
    bound = (info, f"ks1 recovered {station._session.definition.hash} {HOME} 101-chair".encode())
    for role in ("member-1", "member-2", "member-3"):
        station.dismiss()
        world.attend(station, (role,))
        badge = station._session.present[f"101-{role}"]
        for made in found:
            for place in bound:
                with pytest.raises(IntegrityError, match="sealed_unreadable"):
                    sealing.unseal(bytes.fromhex(made["sealed"]), badge.sealing, place)


def test_what_is_not_the_commission_s_answer_opens_nothing(world: World, tmp_path: Path) -> None:
    station = world.opened()
    serve(world, station, [1])
    world.closed(station)
    world.attend(station, ("chair",))
    must(station.ask_recovery(FolderStick(tmp_path)))
    good = answered(world, tmp_path)
    path = tmp_path / f"{HOME}{recovery.ANSWER_SUFFIX}"
    payload = signing.read(good, recovery._ANSWER).payload
    other = keys.signing_key(b"x" * 32)
    request = (tmp_path / f"{HOME}{recovery.REQUEST_SUFFIX}").read_bytes()

    def signed(**changes: object) -> bytes:
        made = json.dumps({**json.loads(payload), **changes}, separators=(",", ":"), sort_keys=True).encode()
        return signing.sign(made, recovery._ANSWER, [world.authority.signing])

    for untrusted, refused in (
        (b"", "recovery_foreign"),
        (b"[" * 15_000, "recovery_foreign"),
        (good[:-9], "recovery_foreign"),
        (request, "recovery_foreign"),
        (signing.sign(payload, recovery._ANSWER, [other]), "recovery_foreign"),
        (signing.sign(payload, recovery._ANSWER, [station._session.keys.station]), "recovery_foreign"),
        (signed(station=102), "recovery_foreign"),
        (signed(definition_hash="00" * 32), "recovery_foreign"),
        (signed(sealed="zz"), "recovery_foreign"),
        (signed(sealed="00" * 1200), "recovery_foreign"),
        (signed(more=1), "recovery_foreign"),
        (signed(badge="101-member-1"), "recovery_badge_missing"),
    ):
        path.write_bytes(untrusted)
        assert code(station.count_from([tmp_path])) == refused, untrusted[:60]
    path.write_bytes(good)
    (tmp_path / "0.recovery-answer.json").write_bytes(b"older, and no good")
    assert must(station.count_from([tmp_path])).votes() == {1: 1}


def test_what_is_no_request_is_not_answered(world: World, tmp_path: Path) -> None:
    station = world.opened()
    world.closed(station)
    world.attend(station, ("chair",))
    must(station.ask_recovery(FolderStick(tmp_path)))
    good = (tmp_path / f"{HOME}{recovery.REQUEST_SUFFIX}").read_bytes()
    who = credential_of(world)
    payload = signing.read(good, recovery._REQUEST).payload
    forged = signing.sign(payload, recovery._REQUEST, [keys.signing_key(b"x" * 32)])
    for untrusted in (b"", good[:-5], forged):
        with pytest.raises(IntegrityError):
            recovery.read_request(untrusted, who)
    stranger = signing.sign(
        payload.replace(b"101-chair", b"999-chair"), recovery._REQUEST, [station._session.keys.station]
    )
    with pytest.raises(IntegrityError, match="recovery_foreign"):
        recovery.read_request(stranger, who)
    read = recovery.read_request(good, who)
    with pytest.raises(IntegrityError, match="recovery_foreign"):
        recovery.answer(
            msgspec.structs.replace(read, badge="999-chair"), who,
            sealing=world.authority.sealing, signing_key=world.authority.signing,
        )  # fmt: skip
    names = ("101.recovery-request.json", "101", "x.recovery-request.json", "٣.recovery-request.json", "")
    assert [recovery.station_of(name) for name in names] == [101, None, None, None, None]
