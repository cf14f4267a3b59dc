"""The example election has the published figures; definitions are read strictly."""

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from kiosk import canonical
from kiosk.election import definition as d
from kiosk.election.source import Source
from kiosk.errors import IntegrityError
from tests.stage.world import small_source


def test_the_example_reproduces_every_published_figure(example: Source) -> None:
    election = example.definition
    candidates = [c for district in election.districts for c in district.candidates]
    assert len(election.stations) == 2492
    abroad = [s for s in election.stations if s.kind == "abroad"]
    assert len(abroad) == 100
    assert len({s.zone for s in abroad}) > 25
    assert sum(s.voters for s in election.stations) == 4_297_040
    men, women = sum(s.voters_m for s in election.stations), sum(s.voters_f for s in election.stations)
    assert (men, women) == (2_082_263, 2_214_777)
    assert f"{men / (men + women):.2%} {women / (men + women):.2%}" == "48.46% 51.54%"
    assert len(candidates) == 467
    assert sum(c.sex == "m" for c in candidates) == 276
    assert sum(c.sex == "f" for c in candidates) == 191
    assert all(c.stands for c in candidates)
    assert len(election.districts) == 30
    assert {district.seats for district in election.districts} == {3}
    assert election.calendar.voting_day == "2025-11-30"
    assert (election.calendar.opens, election.calendar.closes) == ("08:00", "20:00")
    assert election.calendar.campaign_from == "2025-11-10"
    assert election.calendar.silence_from == "2025-11-29T08:00"
    assert election.calendar.lists_posted_by == "2025-11-10"
    assert {s.kind for s in election.stations} == {
        "precinct", "abroad", "enterprise", "shopping_centre", "airport", "remote_only",
    }  # fmt: skip
    assert all(s.voters == 0 for s in election.stations if s.kind == "remote_only")


def test_every_station_has_a_commission(example: Source) -> None:
    for station in (1021, 9100):
        roles = [o.role for o in example.officials_of(station)]
        assert roles.count("chair") == 1
        assert roles.count("member") >= example.definition.quorum


def test_bytes_round_trip_and_name_the_election() -> None:
    election = small_source().definition
    again = d.from_bytes(d.to_bytes(election))
    assert again == election
    assert again.hash == election.hash
    assert election.district(1).standing == tuple(c for c in election.district(1).candidates if c.number != 3)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda b: b[:-1], "definition_malformed"),
        (lambda b: b"\xff" + b, "definition_malformed"),
        (lambda b: b.replace(b'"format":1', b'"format":2'), "definition_format"),
        (lambda b: b.replace(b'"quorum":2', b'"quorum": 2'), "definition_not_canonical"),
        (lambda b: b.replace(b'"quorum":2', b'"quorum":"2"'), "definition_malformed"),
        (lambda b: b.replace(b'"quorum":2', b'"quorum":2,"extra":1'), "definition_malformed"),
    ],
)
def test_damaged_bytes_are_refused(change, code: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(IntegrityError) as caught:
        d.from_bytes(change(d.to_bytes(small_source().definition)))
    assert caught.value.code == code


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(max_codepoint=127)), inner),
)


@given(JSON)
def test_canonical_json_is_rfc_8785(value: object) -> None:
    assert canonical.write(value) == rfc8785.dumps(value)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [1.5, {"a": [0.0]}, {1: 2}, {"ө": 1}])
def test_canonical_json_refuses_what_it_has_no_form_for(value: object) -> None:
    with pytest.raises(TypeError):
        canonical.write(value)
