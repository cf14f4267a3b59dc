"""P2 and the whole tally: double votes of each kind, packets that are wrong in every way, decisions, versions."""

import csv
from collections import Counter

import msgspec
import pyarrow.parquet
import pytest

from kiosk.ballot import ballot as b
from kiosk.ballot.envelopes import signed_bytes
from kiosk.centre.steps.anonymous import anonymise, count
from kiosk.centre.steps.anonymous import unseal as opening
from kiosk.centre.steps.anonymous.anonymise import SealedBallot
from kiosk.centre.steps.findings import Twice
from kiosk.centre.tally import Tally
from kiosk.demo.fabricate import packet
from kiosk.election.definition import AGAINST_ALL, INVALID
from kiosk.packet import archive
from kiosk.packet import content as c
from kiosk.trust import keys
from kiosk.trust.sealing import seal, unseal
from tests.stage.country import Country, envelopes, resealed, seal_again
from tests.stage.world import AWAY, HOME, NEIGHBOUR, REMOTE_ONLY, World


def votes(made: Tally, district: int) -> dict[int, int]:
    """Choice → all votes of a district, those of nobody left out."""
    found = next(d for d in made.result.districts if d.number == district)
    counted = {x.number: x.votes for x in found.candidates}
    counted[AGAINST_ALL] = found.against_stations + found.against_remote
    counted[INVALID] = found.invalid_stations + found.invalid_remote
    return {choice: n for choice, n in counted.items() if n}


def refused(made: Tally) -> dict[str, str]:
    return {r.file: r.code for r in made.result.findings.rejected}


def squashed(made: Tally) -> list[tuple[str, int, str]]:
    with (made.folder / "private" / "2-squash.csv").open(encoding="utf-8", newline="") as file:
        return [(row["tag"], int(row["station"]), row["why"]) for row in csv.DictReader(file)]


# -- P2: nobody is counted twice -----------------------------------------------------------------------


def test_what_is_cast_is_counted_at_home_and_away(country: Country) -> None:
    country.send(HOME, [country.home(HOME, 0, 1), country.home(HOME, 1, 2), country.home(HOME, 2, AGAINST_ALL)])
    country.send(
        AWAY, [country.home(AWAY, 0, 1), country.remote(AWAY, HOME, 5, 2), country.remote(AWAY, HOME, 6, INVALID)]
    )
    country.send(REMOTE_ONLY, [country.remote(REMOTE_ONLY, HOME, 7, 2)])
    made = country.tally()
    assert votes(made, 1) == {1: 1, 2: 3, AGAINST_ALL: 1, INVALID: 1}
    assert votes(made, 2) == {1: 1}
    assert made.result.findings.missing == (NEIGHBOUR,) and squashed(made) == []
    district = made.result.districts[0]
    assert [(x.number, x.stations, x.remote) for x in district.candidates] == [(1, 1, 0), (2, 1, 2), (4, 0, 0)]
    assert district.remote == 3 and district.valid == 5


def test_a_ballot_at_home_beats_an_envelope_whichever_was_first(country: Country) -> None:
    country.send(HOME, [country.home(HOME, 0, 1, minute=600), country.home(HOME, 1, 1, kind="outside")])
    country.send(AWAY, [country.remote(AWAY, HOME, 0, 2, minute=0), country.remote(AWAY, HOME, 1, 2)])
    made = country.tally()
    assert votes(made, 1) == {1: 2}
    assert sorted(squashed(made)) == sorted((country.person(HOME, n).hex(), AWAY, "beaten_by_home") for n in (0, 1))


def test_of_several_envelopes_the_earliest_given_counts_by_the_real_instant(country: Country) -> None:
    """New York opens when Bishkek has voted for eleven hours: minutes since opening say nothing."""
    country.send(REMOTE_ONLY, [country.remote(REMOTE_ONLY, HOME, 3, 1, minute=650)])
    country.send(AWAY, [country.remote(AWAY, HOME, 3, 2, minute=5)])
    assert country.at(REMOTE_ONLY, 650) < country.at(AWAY, 5)
    made = country.tally()
    assert votes(made, 1) == {1: 1}
    assert squashed(made) == [(country.person(HOME, 3).hex(), AWAY, "beaten_by_earlier")]


def test_a_voter_who_left_the_booth_at_home_has_used_the_ballot(country: Country) -> None:
    left = msgspec.structs.replace(country.home(HOME, 0, 1), cast=False)
    country.send(HOME, [left])
    country.send(AWAY, [country.remote(AWAY, HOME, 0, 2)])
    made = country.tally()
    assert votes(made, 1) == {} and squashed(made)[0][2] == "beaten_by_home"


def test_tags_that_are_nobody_s_and_envelopes_that_belong_elsewhere(country: Country) -> None:
    stranger = msgspec.structs.replace(country.remote(AWAY, HOME, 0, 1), tag=b"\0" * 16)
    wrong = msgspec.structs.replace(country.remote(AWAY, HOME, 1, 1), district=2, choice=1)
    inside = country.remote(NEIGHBOUR, HOME, 2, 1)  # the same district: only the home station may serve
    country.send(AWAY, [stranger, wrong])
    country.send(NEIGHBOUR, [inside])
    country.send(HOME, [msgspec.structs.replace(country.home(HOME, 9, 1), tag=country.person(AWAY, 0))])
    made = country.tally()
    assert {(station, why) for _tag, station, why in squashed(made)} == {
        (AWAY, "not_on_roll"), (AWAY, "other_district"), (NEIGHBOUR, "own_district"), (HOME, "given_to_a_stranger"),
    }  # fmt: skip
    assert votes(made, 1) == {1: 1} and votes(made, 2) == {}
    assert made.result.findings.strange == 1


def test_two_stations_that_gave_one_voter_a_home_ballot_are_listed(country: Country) -> None:
    country.send(HOME, [country.home(HOME, 0, 1)])
    country.send(NEIGHBOUR, [msgspec.structs.replace(country.home(NEIGHBOUR, 0, 1), tag=country.person(HOME, 0))])
    made = country.tally()
    assert made.result.findings.twice_at_home == (Twice((HOME, NEIGHBOUR), 1),)
    assert {(s, w) for _t, s, w in squashed(made) if w == "twice_at_home"} == {
        (HOME, "twice_at_home"), (NEIGHBOUR, "twice_at_home"),
    }  # fmt: skip


# -- packets ---------------------------------------------------------------------------------------------


def test_every_bad_packet_is_one_line_and_the_rest_goes_on(
    country: Country, tmp_path_factory: pytest.TempPathFactory
) -> None:
    good = country.send(HOME, [country.home(HOME, 0, 1)])
    content = good.read_bytes()
    (country.packets / "flipped.zip").write_bytes(content[:4000] + bytes([content[4000] ^ 1]) + content[4001:])
    (country.packets / "cut.zip").write_bytes(content[:-500])
    (country.packets / "empty.zip").write_bytes(b"")
    (country.packets / "text.zip").write_bytes(b"hello")
    (country.packets / "a b\nc.zip").write_bytes(content)  # the same packet under a hostile name
    (country.packets / "link.zip").symlink_to("/etc/passwd")
    other = Country(World.make(tmp_path_factory.mktemp("other"), purpose="demo"), tmp_path_factory.mktemp("others"))
    foreign = other.packets / "x.zip"
    foreign.write_bytes(packet(other.desk(HOME), [other.home(HOME, 0, 2)]))
    (country.packets / "demo.zip").write_bytes(foreign.read_bytes())
    made = country.tally()
    codes = refused(made)
    assert set(codes) == {"flipped.zip", "cut.zip", "empty.zip", "text.zip", "link.zip", "demo.zip"}
    assert codes["demo.zip"] in ("credential_foreign", "authority_foreign")
    assert made.result.findings.replayed == ("a b?c.zip",) or made.result.findings.replayed == (good.name,)
    assert votes(made, 1) == {1: 1}
    page = (made.folder / "report.html").read_text("utf-8")
    assert "cut.zip" in page and "\nc.zip" not in page


def test_the_latest_version_of_a_station_counts(country: Country) -> None:
    country.send(HOME, [country.home(HOME, 0, 1)])
    country.send(HOME, [country.home(HOME, 0, 1), country.home(HOME, 1, 2)], version=2)
    made = country.tally()
    assert votes(made, 1) == {1: 1, 2: 1} and made.result.findings.superseded == ((HOME, 1),)


def test_two_packets_of_one_version_count_neither(country: Country) -> None:
    country.send(HOME, [country.home(HOME, 0, 1)])
    country.send(HOME, [country.home(HOME, 0, 2)], name="second.zip")
    made = country.tally()
    assert votes(made, 1) == {} and made.result.findings.ambiguous == ((HOME, 1), (HOME, 1))


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (b"[]", "sealed_differs"),
        (b'[["zz",1,"00","00"]]', "sealed_malformed"),
        (b"{", "sealed_malformed"),
        (b'[["' + b"00" * 16 + b'",1]]', "sealed_malformed"),
    ],
)
def test_envelopes_that_do_not_fit_the_signed_protocol(country: Country, rows: bytes, code: str) -> None:
    path = country.send(AWAY, [country.remote(AWAY, HOME, 0, 1)])
    authority = country.world.authority.sealing.public_key()
    info = c.envelopes_info(country.world.source.definition.hash, AWAY)
    resealed(country, path, c.SEALED_ENVELOPES, seal(rows, authority, info))
    assert refused(country.tally()) == {path.name: code}


def test_a_list_that_leaves_out_somebody_who_was_served(country: Country) -> None:
    """An insider who hides a tag from the list would let that person's envelope elsewhere count."""
    path = country.send(AWAY, [country.home(AWAY, 0, 1), country.home(AWAY, 1, 2)])
    info = c.register_info(country.world.source.definition.hash, AWAY)
    entries = archive.read_file(path, c.ENTRIES)
    rows = msgspec.json.decode(unseal(entries[c.SEALED_REGISTER], country.world.authority.sealing, info))
    authority = country.world.authority.sealing.public_key()
    resealed(country, path, c.SEALED_REGISTER, seal(msgspec.json.encode(rows[1:]), authority, info))
    assert refused(country.tally()) == {path.name: "sealed_differs"}


def test_a_sealed_part_that_does_not_open(country: Country) -> None:
    path = country.send(AWAY, [country.remote(AWAY, HOME, 0, 1)])
    resealed(country, path, c.SEALED_REGISTER, b"x" * 2000)
    assert refused(country.tally()) == {path.name: "sealed_unreadable"}


def test_an_envelope_that_was_tampered_with_is_not_opened(country: Country) -> None:
    path = country.send(AWAY, [country.remote(AWAY, HOME, 0, 1), country.remote(AWAY, HOME, 1, 2)])
    rows = envelopes(country, path)
    sealed = str(rows[0][2])
    rows[0][2] = sealed[:-2] + ("00" if sealed[-2:] != "00" else "01")
    seal_again(country, path, rows)
    made = country.tally()
    assert Counter(why for _tag, _station, why in squashed(made)) == {"not_genuine": 1}
    assert sum(votes(made, 1).values()) == 1


def test_an_envelope_of_another_election_is_not_opened(
    country: Country, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The ballot inside opens with this authority's key, but its station signed it for another election."""
    path = country.send(AWAY, [country.remote(AWAY, HOME, 0, 1)])
    rows = envelopes(country, path)
    station = keys.signing_key(bytes.fromhex(country.desk(AWAY).secrets.station_seed))
    authority = country.world.authority.sealing.public_key()
    foreign = "f" * 64
    sealed = seal(b.encode(b.Ballot(1, 2)), authority, b.envelope_info(foreign, 1))
    signature = station.sign(signed_bytes(foreign, bytes.fromhex(str(rows[0][0])), 1, sealed))
    rows[0][2:] = [sealed.hex(), signature.hex()]
    seal_again(country, path, rows)
    made = country.tally()
    assert {why for _tag, _station, why in squashed(made)} == {"not_genuine"} and votes(made, 1) == {}


def test_a_station_that_signs_another_election_s_ballot_only_makes_it_unreadable(country: Country) -> None:
    path = country.send(AWAY, [country.remote(AWAY, HOME, 0, 1)])
    rows = envelopes(country, path)
    station = keys.signing_key(bytes.fromhex(country.desk(AWAY).secrets.station_seed))
    authority = country.world.authority.sealing.public_key()
    sealed = seal(b.encode(b.Ballot(1, 2)), authority, b.envelope_info("f" * 64, 1))
    hash_ = country.world.source.definition.hash
    signature = station.sign(signed_bytes(hash_, bytes.fromhex(str(rows[0][0])), 1, sealed))
    rows[0][2:] = [sealed.hex(), signature.hex()]
    seal_again(country, path, rows)
    made = country.tally()
    assert votes(made, 1) == {} and made.result.districts[0].unreadable_remote == 1


def test_a_broken_equation_is_shown_with_its_act(country: Country) -> None:
    country.send(HOME, [country.home(HOME, 0, 1)], slip=3)
    made = country.tally()
    assert [(b.station, b.equation, b.explained) for b in made.result.findings.broken] == [
        (HOME, "boxes", True), (HOME, "boxes_given", True), (HOME, "stationary_cast", True),
    ]  # fmt: skip


# -- opening -----------------------------------------------------------------------------------------------


def test_no_step_after_anonymising_can_see_a_tag(country: Country) -> None:
    """In the types, in the imports (contract 6), and in what is written."""
    assert SealedBallot.__struct_fields__ == ("district", "sealed")
    country.send(AWAY, [country.remote(AWAY, HOME, n, 1) for n in range(5)])
    made = country.tally()
    table = pyarrow.parquet.read_table(made.folder / "3-anonymous.parquet")
    assert table.column_names == ["district", "sealed"] and table.num_rows == 5
    sealed = table["sealed"].to_pylist()
    assert sealed == sorted(sealed)
    tags = {country.person(HOME, n).hex() for n in range(30)}
    for name in (
        "4-open.csv",
        "5-count.csv",
        "6-seats.csv",
        "results.csv",
        "results.json",
        "report.html",
        "version.json",
    ):
        text = (made.folder / name).read_text("utf-8")
        assert not any(tag in text for tag in tags), name
    for module in (anonymise, opening, count):
        assert not hasattr(module, "Tag") and not hasattr(module, "squash")


def test_remote_ballots_that_do_not_open_are_counted_as_such(country: Country) -> None:
    definition, seed = country.world.source.definition, country.world.authority.sealing_seed
    authority = country.world.authority.sealing.public_key()

    def sealed(ballot: bytes, district: int) -> SealedBallot:
        return SealedBallot(district, seal(ballot, authority, b.envelope_info(definition.hash, district)))

    good = sealed(b.encode(b.Ballot(1, 2)), 1)
    opened = opening.open_ballots(
        [
            good,
            sealed(b.encode(b.Ballot(1, 3)), 1),  # struck off
            sealed(b.encode(b.Ballot(2, 1)), 1),  # another district inside
            sealed(b"x" * b.PLAIN_BYTES, 2),
            SealedBallot(2, good.sealed),
        ],
        seed,
        definition,
    )
    assert opened.choices == {(1, 2): 1, (1, INVALID): 1}
    assert opened.unreadable == {(1, "ballot_foreign"): 1, (2, "ballot_malformed"): 1, (2, "sealed_unreadable"): 1}
