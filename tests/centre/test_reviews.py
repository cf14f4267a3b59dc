"""What reviewers of the centre found, each as it was found."""

import csv
import fcntl
from pathlib import Path

import msgspec
import pytest

from kiosk import canonical
from kiosk.ballot import ballot as b
from kiosk.ballot.envelopes import signed_bytes
from kiosk.centre import tally as t
from kiosk.centre.intake import run as intake
from kiosk.centre.provision.run import ELECTION_FILE
from kiosk.centre.tables import Tables
from kiosk.errors import DeviceError, IntegrityError, ProblemsError
from kiosk.packet import archive
from kiosk.packet import content as c
from kiosk.trust import keys
from kiosk.trust.sealing import seal, unseal
from tests.centre.test_tally import refused, squashed, votes
from tests.stage.country import Country, envelopes, resealed, seal_again
from tests.stage.world import AWAY, HOME, NEIGHBOUR, REMOTE_ONLY, World


def test_one_sealed_ballot_under_several_voters_counts_for_none(country: Country) -> None:
    """A dishonest terminal would multiply a vote, and see in the result whose it was."""
    path = country.send(AWAY, [country.remote(AWAY, HOME, n, 1) for n in range(3)])
    rows = envelopes(country, path)
    station = keys.signing_key(bytes.fromhex(country.desk(AWAY).secrets.station_seed))
    hash_ = country.world.source.definition.hash
    for row in rows[1:]:
        sealed = bytes.fromhex(str(rows[0][2]))
        row[2:] = [sealed.hex(), station.sign(signed_bytes(hash_, bytes.fromhex(str(row[0])), 1, sealed)).hex()]
    seal_again(country, path, rows)
    made = country.tally()
    assert votes(made, 1) == {} and [why for _t, _s, why in squashed(made)] == ["copied"] * 3


def test_a_copy_names_the_station_of_the_other(country: Country) -> None:
    first = country.send(AWAY, [country.remote(AWAY, HOME, 0, 1)])
    second = country.send(REMOTE_ONLY, [country.remote(REMOTE_ONLY, HOME, 1, 1)])
    [[_person, _district, sealed, _signature]], [row] = envelopes(country, first), envelopes(country, second)
    key = keys.signing_key(bytes.fromhex(country.desk(REMOTE_ONLY).secrets.station_seed))
    told = signed_bytes(country.world.source.definition.hash, bytes.fromhex(str(row[0])), 1, bytes.fromhex(str(sealed)))
    row[2:] = [sealed, key.sign(told).hex()]
    seal_again(country, second, [row])
    with (country.tally().folder / "private" / "2-squash.csv").open(encoding="utf-8", newline="") as file:
        found = {(int(r["station"]), r["why"], int(r["other_station"])) for r in csv.DictReader(file)}
    assert found == {(AWAY, "copied", REMOTE_ONLY), (REMOTE_ONLY, "copied", AWAY)}


def test_what_a_station_says_of_another_s_voters_beats_no_envelope(country: Country) -> None:
    stranger = msgspec.structs.replace(country.home(NEIGHBOUR, 0, 4), tag=country.person(HOME, 3))
    country.send(NEIGHBOUR, [stranger])
    country.send(AWAY, [country.remote(AWAY, HOME, 3, 2)])
    made = country.tally()
    assert votes(made, 1) == {2: 1, 4: 1} and made.result.findings.strange == 1


def test_a_ballot_given_before_the_polls_opened_is_not_believed(country: Country) -> None:
    """The earliest envelope counts: a station must not date its own ones back."""
    path = country.send(AWAY, [country.remote(AWAY, HOME, 3, 2)])
    info = c.register_info(country.world.source.definition.hash, AWAY)
    entries = archive.read_file(path, c.ENTRIES)
    rows = msgspec.json.decode(unseal(entries[c.SEALED_REGISTER], country.world.authority.sealing, info))
    rows[0][3] = "2025-11-01T08:00:00-05:00"
    authority = country.world.authority.sealing.public_key()
    resealed(country, path, c.SEALED_REGISTER, seal(canonical.write(rows), authority, info))
    assert refused(country.tally()) == {path.name: "sealed_differs"}


def test_without_the_key_remote_ballots_stay_closed_and_the_result_says_so(country: Country) -> None:
    country.send(HOME, [country.home(HOME, 0, 1)])
    country.send(AWAY, [country.remote(AWAY, HOME, 3, 2)])
    tables = Tables.open()
    centre = t.Centre.in_folder(country.world.out)
    files = sorted(country.packets.iterdir())
    interim = t.Night(centre, tables, country.folder / "out").tally(files)
    assert votes(interim, 1) == {1: 1} and not interim.result.remote_opened
    assert 'id="interim"' in (interim.folder / "report.html").read_text("utf-8")
    final = t.Night(centre, tables, country.folder / "out", country.world.authority.sealing_seed).tally(files)
    tables.close()
    assert votes(final, 1) == {1: 1, 2: 1} and final.result.version == 2


def test_tables_belong_to_one_election(country: Country, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Training packets must not count in a later election because the database was the same."""
    country.send(HOME, [country.home(HOME, 0, 1)])
    tables = Tables.open()
    country.tally(tables)
    folder = tmp_path_factory.mktemp("other")
    other = Country(World.make(folder, purpose="demo"), folder)
    other.packets  # noqa: B018 (makes the folder)
    with pytest.raises(IntegrityError, match="tables_foreign"):
        other.tally(tables)
    tables.close()
    with pytest.raises(IntegrityError, match="version_foreign"):
        centre, seed = t.Centre.in_folder(other.world.out), other.world.authority.sealing_seed
        t.Night(centre, Tables.open(), country.folder / "out", seed).tally([])


def test_where_nothing_is_counted_nobody_is_elected(country: Country) -> None:
    country.packets  # noqa: B018 (makes the folder)
    made = country.tally()
    assert made.result.seated == 0 and "partial" in (made.folder / "report.html").read_text("utf-8")


def test_names_that_no_font_has_do_not_stop_the_result(country: Country) -> None:
    country.send(HOME, [country.home(HOME, 0, 1)])
    (country.packets / "😀投票.zip").write_bytes(b"x")
    (country.packets / "Көчүрмө.ZIP").write_bytes(b"y")
    assert set(refused(country.tally())) == {"???.zip", "Көчүрмө.ZIP"}


def test_packets_are_found_whatever_the_folder_is_called(country: Country, tmp_path: Path) -> None:
    hidden = tmp_path / ".x" / "packets"
    hidden.mkdir(parents=True)
    for name in ("a.zip", "B.ZIP", ".c.zip", "101.package.zip", "d.txt", "e.zip.txt", "f.zip.part"):
        (hidden / name).write_bytes(b"x")
    assert [p.name for p in intake.files_in(hidden)] == ["B.ZIP", "a.zip", "e.zip.txt"]
    assert len(intake.files_in(hidden / ".." / "packets")) == 3


def test_a_portable_box_that_is_not_apart_cannot_be_annulled_alone(country: Country) -> None:
    country.send(HOME, [country.home(HOME, 0, 1), country.home(HOME, 1, 2, kind="outside")])
    apart = country.tally(decisions='[[annul]]\nstation = 101\npart = "outside"\nreason = "x"\n')
    assert votes(apart, 1) == {1: 1}
    tables = Tables.open()
    country.tally(tables)
    tables.run("UPDATE vote SET legal = legal + 3 WHERE number = 2")
    next(country.packets.iterdir()).rename(country.folder / "kept.zip")  # else it would be read anew
    with pytest.raises(ProblemsError):
        country.tally(tables, decisions='[[annul]]\nstation = 101\npart = "outside"\nreason = "x"\n')
    tables.close()


def test_one_tally_at_a_time_in_a_folder(country: Country) -> None:
    country.send(HOME, [country.home(HOME, 0, 1)])
    (country.folder / "out").mkdir()
    with (country.folder / "out" / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(IntegrityError, match="output_busy"):
            country.tally()
    assert country.tally().new_version


def test_a_database_that_fails_in_the_middle_is_told(country: Country) -> None:
    tables = Tables.open()
    with pytest.raises(DeviceError, match="tables_failed"):
        tables.rows("SELECT nonsense")
    with pytest.raises(DeviceError, match="tables_failed"):
        tables.add("vote", {"sha256": ["a"], "number": [2**40], "electronic": [1], "legal": [1]})
    tables.close()


@pytest.mark.parametrize(
    "complaints",
    [
        [{"number": 1}, {"number": 1}],
        [{"number": 2**40}],
        [{"number": 1, "status": "\0"}],
        [{"number": 1, "category": "<b>"}],
    ],
)
def test_complaints_that_no_station_writes_refuse_the_packet(
    country: Country, complaints: list[dict[str, object]]
) -> None:
    path = country.send(AWAY, [country.home(AWAY, 0, 1)])
    good = {"at": "2025-11-30T10:00:00-05:00", "author_kind": "voter", "category": "other", "status": "received"}
    resealed(country, path, c.COMPLAINTS, canonical.write([{**good, **x} for x in complaints]))
    assert refused(country.tally()) == {path.name: "entry_malformed"}


@pytest.mark.parametrize("version", [0, -3, 10_000, 2**40])
def test_a_version_that_no_station_writes(country: Country, version: int) -> None:
    path = country.send(AWAY, [country.home(AWAY, 0, 1)], version=version, name="x.zip")
    assert refused(country.tally()) == {path.name: "manifest_foreign"}


def test_an_envelope_holds_a_whole_sealed_ballot_or_the_packet_is_refused(country: Country) -> None:
    path = country.send(AWAY, [country.remote(AWAY, HOME, 0, 1)])
    rows = envelopes(country, path)
    rows[0][2] = str(rows[0][2])[:-2]
    assert len(bytes.fromhex(str(rows[0][2]))) == b.SEALED_BYTES - 1
    seal_again(country, path, rows)
    assert refused(country.tally()) == {path.name: "sealed_malformed"}
    assert (country.world.out / ELECTION_FILE).exists()
