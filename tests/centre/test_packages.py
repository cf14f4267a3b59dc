"""Provisioning: signed packages, each with its own people only; wrong rolls make nothing."""

import stat
from pathlib import Path

import msgspec
import pytest

from kiosk.centre.provision import authority as authority_file
from kiosk.centre.provision.run import ELECTION_FILE, NATION_FILE, NATION_KEY_FILE, Run, provision
from kiosk.centre.provision.station import PINS
from kiosk.demo.nation import Row
from kiosk.errors import IntegrityError, Problem, ProblemsError
from kiosk.packet import archive, package
from kiosk.roll.book import Book
from kiosk.trust import badges, keys, signing
from kiosk.trust import credential as cr
from kiosk.trust.sealing import unseal
from tests.stage.world import AWAY, CHEAP, HOME, NEIGHBOUR, REMOTE_ONLY, World, roll_csv


def all_rows(world: World) -> list[Row]:
    return [row for number in (HOME, NEIGHBOUR, AWAY) for row in world.rows(number)]


def run(world: World, folder: Path, rows: list[Row], stations: list[int] | None = None) -> tuple[list[int], list[str]]:
    roll = folder / "roll.csv"
    roll.write_bytes(roll_csv(rows))
    found: list[Problem] = []
    out = folder / "out"
    try:
        made = provision(
            Run(
                source=world.source, roll=roll, out=out, authority=world.authority, now=world.opens, stations=stations,
                badge_cost=CHEAP,
            ),
            report=found.append,
        )  # fmt: skip
    except ProblemsError as error:
        assert error.total == len(found)
        assert list(out.iterdir()) == []
        return [], [p.what for p in found]
    assert {p.name for p in out.iterdir()} == {
        ELECTION_FILE,
        NATION_FILE,
        NATION_KEY_FILE,
        *(str(p.station) for p in made),
        PINS,
    }
    return [p.station for p in made], []


def test_one_package_per_station_and_one_index_for_all(world: World, tmp_path: Path) -> None:
    assert sorted(run(world, tmp_path, all_rows(world))[0]) == [HOME, NEIGHBOUR, AWAY, REMOTE_ONLY]
    out = tmp_path / "out"
    for path in (out / str(HOME) / "badges.pdf", out / PINS / f"{HOME}.pdf"):
        assert path.read_bytes().startswith(b"%PDF")


def test_cards_and_pins_lie_apart(world: World, tmp_path: Path) -> None:
    """Whoever carries or copies a station's folder has no PIN of it, in no file."""
    run(world, tmp_path, all_rows(world))
    out = tmp_path / "out"
    assert {p.name for p in (out / str(HOME)).iterdir()} == {package.file_name(HOME), "badges.pdf"}
    letters = sorted((out / PINS).iterdir())
    assert [p.name for p in letters] == sorted(f"{n}.pdf" for n in (HOME, NEIGHBOUR, AWAY, REMOTE_ONLY))
    assert stat.S_IMODE((out / PINS).stat().st_mode) == 0o700
    assert {stat.S_IMODE(p.stat().st_mode) for p in letters} == {0o600}


def test_rows_may_come_in_any_order_and_again(world: World, tmp_path: Path) -> None:
    assert run(world, tmp_path, all_rows(world)[::-1], [HOME]) == ([HOME], [])
    (tmp_path / "again").mkdir()
    assert run(world, tmp_path / "again", all_rows(world), [AWAY]) == ([AWAY], [])
    with pytest.raises(IntegrityError, match="packages_in_the_way"):
        run(world, tmp_path / "again", all_rows(world), [HOME])
    assert (tmp_path / "again" / "out" / str(AWAY)).is_dir()
    roll = tmp_path / "roll.csv"
    provision(
        Run(
            source=world.source, roll=roll, out=tmp_path / "out", authority=world.authority, now=world.opens,
            stations=[HOME], badge_cost=CHEAP,
        ),
        replace=True,
    )  # fmt: skip


def test_a_package_never_holds_another_station_s_people(world: World, tmp_path: Path) -> None:
    run(world, tmp_path, all_rows(world))
    found = package.read_file(world.made[HOME].package)
    badge = badges.open_card(*world.card("chair"))
    assert isinstance(badge, badges.Badge)
    sealed, info = package.open_keyring(found.entries[package.KEYRING], found.credential, badge.id)
    store_key = unseal(sealed, badge.sealing, info)
    path = tmp_path / "roll.sqlite"
    path.write_bytes(found.entries[package.ROLL])
    book = Book.open(path, package.roll_key(store_key))
    assert [v.pin for v in book.in_order()] == world.pins(HOME)
    book.close()


def test_a_badge_of_another_station_does_not_open_the_store(world: World) -> None:
    found = package.read_file(world.made[HOME].package)
    with pytest.raises(IntegrityError, match="keyring_malformed"):
        package.open_keyring(found.entries[package.KEYRING], found.credential, f"{AWAY}-chair")
    with pytest.raises(IntegrityError, match="keyring_malformed"):
        package.open_keyring(found.entries[package.KEYRING], found.credential, f"{HOME}-technician-1")
    away = badges.open_card(*world.in_folder(world.folder, AWAY).card("chair"))
    assert isinstance(away, badges.Badge)
    sealed, info = package.open_keyring(found.entries[package.KEYRING], found.credential, f"{HOME}-chair")
    with pytest.raises(IntegrityError, match="sealed_unreadable"):
        unseal(sealed, away.sealing, info)


def test_voters_missing_or_too_many_are_told(world: World, tmp_path: Path) -> None:
    made, problems = run(world, tmp_path, all_rows(world)[1:])
    assert made == []
    assert problems == [
        "station 101: men 13, women 16; the definition says 14 and 16; correct one of them"
    ] or problems == ["station 101: men 14, women 15; the definition says 14 and 16; correct one of them"]


def test_stations_without_any_voter_are_told_in_one_line(world: World, tmp_path: Path) -> None:
    _, problems = run(world, tmp_path, world.rows(HOME))
    assert problems == ["stations without a voter in this roll: 2, among them 102; name the stations to make"]


def test_stations_that_are_not_wanted_may_be_absent(world: World, tmp_path: Path) -> None:
    assert run(world, tmp_path, world.rows(HOME), [HOME]) == ([HOME], [])


def test_a_bad_row_and_a_double_pin_make_nothing(world: World, tmp_path: Path) -> None:
    rows = all_rows(world)
    bad = [(*rows[0][:4], "1980-02-30", *rows[0][5:]), *rows[1:]]
    assert any("birth date" in p for p in run(world, tmp_path, bad)[1])
    double = [rows[0], (rows[0][0], *rows[1][1:]), *rows[2:]]
    with pytest.raises(IntegrityError, match="nation_duplicate"):
        run(world, tmp_path, double)
    assert list((tmp_path / "out").iterdir()) == []


# -- what a package is refused for ------------------------------------------------------------------------


def forge(world: World, tmp_path: Path, parts: dict[str, bytes], **changes: object) -> Path:
    found = package.read_file(world.made[HOME].package)
    made = {**found.entries, **parts}
    del made[package.MANIFEST]
    who = cr.read(made[package.CREDENTIAL]) if package.CREDENTIAL in parts else found.credential
    built = package.build(who, found.manifest.nation, made, world.authority.signing)
    if changes:
        raw = archive.read(built, package.ENTRIES)
        envelope = signing.read(raw[package.MANIFEST], package.TYPE)
        manifest = msgspec.structs.replace(msgspec.json.decode(envelope.payload, type=package.Manifest), **changes)
        from kiosk.packet.content import to_json

        raw[package.MANIFEST] = signing.sign(to_json(manifest), package.TYPE, [world.authority.signing])
        built = archive.write(raw)
    path = tmp_path / "forged.zip"
    path.write_bytes(built)
    return path


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"format": 9}, "package_format"),
        ({"entries": ()}, "manifest_entries"),
        ({"purpose": "official"}, "package_foreign"),
        ({"definition_hash": "0" * 64}, "package_foreign"),
        ({"station": NEIGHBOUR}, "package_foreign"),
    ],
)
def test_a_manifest_that_does_not_fit(world: World, tmp_path: Path, change: dict[str, object], code: str) -> None:
    assert package.read_file(forge(world, tmp_path, {})).manifest.station == HOME
    with pytest.raises(IntegrityError) as caught:
        package.read_file(forge(world, tmp_path, {}, **change))
    assert caught.value.code == code


def test_parts_of_two_packages_do_not_mix(world: World, tmp_path: Path) -> None:
    away = package.read_file(world.made[AWAY].package)
    with pytest.raises(IntegrityError, match="keyring_malformed"):
        found = package.read_file(forge(world, tmp_path, {package.KEYRING: away.entries[package.KEYRING]}))
        package.open_keyring(found.entries[package.KEYRING], found.credential, f"{HOME}-chair")
    other = authority_file.new()
    known = cr.read(away.entries[package.CREDENTIAL])
    for change, code in (
        ({"authority_key": other.public.hex()}, "package_foreign"),
        ({"authority_sealing_key": other.sealing_public.hex()}, "package_foreign"),
        ({"purpose": "official"}, "credential_foreign"),
    ):
        signer = other if "authority_key" in change else world.authority
        issued = cr.issue(msgspec.structs.replace(known, **change), signer.signing)
        with pytest.raises(IntegrityError, match=code):
            package.read_file(forge(world, tmp_path, {package.CREDENTIAL: issued}))


def test_a_package_signed_by_somebody_else(world: World, tmp_path: Path) -> None:
    found = package.read_file(world.made[HOME].package)
    entries = {n: d for n, d in found.entries.items() if n != package.MANIFEST}
    path = tmp_path / "p.zip"
    path.write_bytes(package.build(found.credential, found.manifest.nation, entries, keys.signing_key(b"x" * 32)))
    with pytest.raises(IntegrityError, match="package_signature"):
        package.read_file(path)
    content = bytearray(found.entries[package.ROLL])
    content[500] ^= 1
    raw = dict(found.entries) | {package.ROLL: bytes(content)}
    path.write_bytes(archive.write(raw))
    with pytest.raises(IntegrityError, match="entry_hash"):
        package.read_file(path)


# -- the authority's key file --------------------------------------------------------------------------------


def test_the_authority_file(tmp_path: Path) -> None:
    made = authority_file.new()
    path = tmp_path / "authority.json"
    authority_file.save(made, path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert authority_file.load(path) == made
    assert made.signing_seed.hex() not in repr(made)
    with pytest.raises(FileExistsError):
        authority_file.save(made, path)
    for content in (
        b"",
        b"{}",
        b'{"signing_seed":"00","sealing_seed":"00"}',
        b'{"signing_seed":"zz","sealing_seed":"00"}',
    ):
        path.write_bytes(content)
        with pytest.raises(IntegrityError, match="authority_malformed"):
            authority_file.load(path)
    with pytest.raises(IntegrityError, match="authority_malformed"):
        authority_file.load(tmp_path / "none")
