"""What insiders with all keys could write and sign: every lie is found where it contradicts something."""

import json
from collections.abc import Callable

import msgspec

from kiosk import canonical
from kiosk.packet import content as c
from kiosk.trust import keys
from tests.packet.conftest import Day, protocol_of, refused


def replaced(name: str, content: bytes) -> Callable[[dict[str, bytes]], None]:
    return lambda entries: entries.update({name: content})


def misspelt(name: str) -> Callable[[dict[str, bytes]], None]:
    return lambda entries: entries.update({name: entries[name].replace(b"kiosk", b"kiosc")})


def test_a_protocol_whose_figures_lie(day: Day) -> None:
    good = protocol_of(day)
    votes = (msgspec.structs.replace(good.votes[0], hand=99, legal=99), *good.votes[1:])
    refused(day, day.forge_protocol(votes=votes), "equation_figures")
    votes = (msgspec.structs.replace(good.votes[0], legal=99), *good.votes[1:])
    refused(day, day.forge_protocol(votes=votes), "protocol_rows")
    votes = (msgspec.structs.replace(good.votes[0], electronic=1), *good.votes[1:])
    refused(day, day.forge_protocol(votes=votes), "difference_without_act")
    acts = (c.Act("vote:1", "Explained.", "101-chair"), c.Act("invalid", "Explained.", "101-chair"))
    refused(day, day.forge_protocol(votes=votes, acts=acts), "ballots_sum")
    refused(day, day.forge_protocol(electronic_invalid=0), "difference_without_act")
    refused(day, day.forge_protocol(electronic_invalid=0, acts=acts), "ballots_sum")
    lines = tuple(msgspec.structs.replace(x, value=-1) if x.id == "portable" else x for x in good.lines)
    refused(day, day.forge_protocol(lines=lines), "protocol_rows")
    refused(day, day.forge_protocol(lines=good.lines[1:]), "protocol_foreign")
    refused(day, day.forge_protocol(votes=good.votes[::-1]), "protocol_foreign")


def test_figures_beyond_any_table_are_refused(day: Day) -> None:
    """One of them stopped a whole tally: nothing else compares it in an election on paper."""
    first = protocol_of(day).votes[0]
    votes = (msgspec.structs.replace(first, electronic=-1), *protocol_of(day).votes[1:])
    refused(day, day.forge_protocol(votes=votes), "protocol_rows")
    refused(day, day.forge_protocol(electronic_unreadable=1_000_001), "protocol_rows")
    for change in ({"electronic_invalid": 2**63 + 5}, {"electronic_unreadable": 2**63}, {"electronic_invalid": -1}):
        refused(day, day.forge_protocol(**change), "protocol_rows")
    lines = protocol_of(day).lines
    huge = (*lines[:-1], msgspec.structs.replace(lines[-1], value=2**70))
    refused(day, day.forge_protocol(lines=huge), "protocol_rows")


def test_against_all_is_called_so(day: Day) -> None:
    good = protocol_of(day)
    for change in ({"name_ru": "Бекова Айгүл"}, {"name_ky": ""}, {"sex": "f"}, {"number": 9}):
        last = msgspec.structs.replace(good.votes[-1], **change)
        assert day.verify(day.forge_protocol(votes=(*good.votes[:-1], last))).code == "protocol_rows"


def test_without_an_election_file_the_protocol_still_has_to_make_sense(day: Day) -> None:
    good = protocol_of(day)
    for change, code in (
        ({"lines": good.lines[1:]}, "protocol_rows"),
        ({"votes": good.votes[::-1]}, "protocol_rows"),
        ({"votes": (good.votes[0], *good.votes)}, "protocol_rows"),
        ({"equations": good.equations[:-1]}, "equation_figures"),
        ({"votes": ()}, "protocol_rows"),
    ):
        assert day.verify(day.forge_protocol(**change), compared=False).code == code


def test_rules_cannot_be_bent(day: Day) -> None:
    good = protocol_of(day)
    bent = msgspec.structs.replace(good.heading, rules=good.heading.rules[:-1])
    refused(day, day.forge_protocol(heading=bent, equations=good.equations[:-1]), "protocol_foreign")
    for change in (
        {"district": 2},
        {"ballot_mode": "paper"},
        {"heading": msgspec.structs.replace(good.heading, quorum=1)},
        {"heading": msgspec.structs.replace(good.heading, address_ru="Elsewhere", seats=2)},
    ):
        refused(day, day.forge_protocol(**change), "protocol_foreign")


def test_a_broken_equation_without_an_act(day: Day) -> None:
    good = protocol_of(day)
    lines = tuple(msgspec.structs.replace(x, value=8) if x.id == "stationary" else x for x in good.lines)
    from kiosk.election.equations import evaluate

    values = {x.id: x.value for x in lines}
    equations = evaluate(good.heading.rules, values, sum(r.legal for r in good.candidates), good.against_all.legal)
    refused(day, day.forge_protocol(lines=lines, equations=equations), "equation_broken")
    acts = tuple(c.Act(f"equation:{e.id}", "Explained.", "101-chair") for e in equations if not e.holds)
    assert day.verify(day.forge_protocol(lines=lines, equations=equations, acts=acts)).accepted


def test_protocols_that_are_not_written_as_they_must_be(day: Day) -> None:
    for content in (b"{}", b"\xff", b"[" * 5000, day.entries()[c.PROTOCOL] + b" "):
        refused(day, day.forge(replaced(c.PROTOCOL, content)), "entry_malformed")
    refused(day, day.forge(lambda e: e.update({c.PROTOCOL_PDF: b"no pdf"})), "entry_malformed")


def ballots_changed(day: Day, change) -> bytes:  # type: ignore[no-untyped-def]
    def edit(entries: dict[str, bytes]) -> None:
        raw = json.loads(entries[c.BALLOTS])
        change(raw["CVR"])
        entries[c.BALLOTS] = canonical.write(raw)

    return day.forge(edit)


def test_ballot_records_that_lie(day: Day) -> None:
    refused(day, ballots_changed(day, lambda cvrs: cvrs.pop()), "ballots_sum")
    refused(day, ballots_changed(day, lambda cvrs: cvrs.reverse()), "ballots_order")
    refused(day, ballots_changed(day, lambda cvrs: cvrs.append(cvrs[-1])), "ballots_order")
    refused(day, ballots_changed(day, lambda cvrs: cvrs[0].pop("UniqueId")), "entry_malformed")
    refused(day, ballots_changed(day, lambda cvrs: cvrs[0].update(BallotAuditId="08:15")), "derived_differs")

    def elect(cvrs: list[dict]) -> None:  # type: ignore[type-arg]
        for cvr in cvrs:
            for selection in cvr["CVRSnapshot"][0]["CVRContest"][0].get("CVRContestSelection", []):
                selection["ContestSelectionId"] = "selection-9"

    refused(day, ballots_changed(day, elect), "ballots_choice")
    refused(day, day.forge(lambda e: e.update({c.BALLOTS: b"[]"})), "entry_malformed")


def test_derived_reports_that_lie(day: Day) -> None:
    for name in (c.RESULTS, c.EVENT_LOG):
        refused(day, day.forge(misspelt(name)), "derived_differs")


def test_a_journal_that_lies(day: Day) -> None:
    def edit(old: bytes, new: bytes) -> bytes:
        return day.forge(lambda e: e.update({c.JOURNAL: e[c.JOURNAL].replace(old, new, 1)}))

    refused(day, edit(b"101-clerk-1", b"101-clerk-2"), "journal_broken")
    refused(day, edit(b'"seq":2}', b'"seq":9}'), "journal_broken")
    refused(day, edit(b"{", b"["), "journal_malformed")
    lines = day.entries()[c.JOURNAL].splitlines(keepends=True)
    refused(day, day.forge(lambda e: e.update({c.JOURNAL: b"".join(lines[:-1])})), "journal_unsigned_end")
    refused(day, day.forge(lambda e: e.update({c.JOURNAL: b"".join(lines[:2] + lines[3:])})), "journal_broken")


def test_complaints_that_are_not_written_as_they_must_be(day: Day) -> None:
    for content in (b"{}", b"\xff", b"[ ]", b'[{"number":1}]'):
        refused(day, day.forge(replaced(c.COMPLAINTS, content)), "entry_malformed")


def test_an_entry_fields_table_mismatch_is_derived_differs(day: Day) -> None:
    """A journal with a known event but other fields can't be told as a report, and is refused, not crashed on."""
    from kiosk.journal import chain

    station = keys.signing_key(day.signers["station"])
    who = day.manifest()
    entry = chain.Entry(
        seq=1, at="2025-11-30T08:00:00+06:00", event="ballot_given", badge="", fields={}, prev=chain.START
    )
    context = f"{who.definition_hash} {who.station}"
    signature = station.sign(chain.checkpoint_bytes(context, 1, entry.hash)).hex()
    journal = chain.to_jsonl([entry], [chain.Checkpoint(1, signature)])
    refused(day, day.forge(lambda e: e.update({c.JOURNAL: journal})), "derived_differs")


def test_moments_that_are_none(day: Day) -> None:
    good = protocol_of(day)
    for field, written in (
        ("opened_at", "never"),
        ("opened_at", ""),
        ("opened_at", "2025-11-30"),
        ("opened_at", "2025-11-30T08:00:00"),  # no zone
        ("opened_at", "2025-11-30 08:00:00+06:00"),  # a second way of writing the same
        ("closed_at", "2025-13-30T20:00:00+06:00"),
        ("drawn_up_at", good.closed_at.replace("+06:00", "Z")),
    ):
        refused(day, day.forge_protocol(**{field: written}), "protocol_foreign")


def test_a_take_over_that_the_journal_does_not_tell(day: Day) -> None:
    """The epoch decides between two packets of one station: it is the journal's, on the protocol and in the code."""
    assert protocol_of(day).epoch == 1
    refused(day, day.forge_protocol(epoch=2), "protocol_foreign")


def test_complaints_that_are_none(day: Day) -> None:
    """Numbered from 1, and words of a kind: nothing else in a packet contradicts them."""
    [good] = json.loads(day.entries()[c.COMPLAINTS])
    for bent in ({**good, "number": 2}, {**good, "status": "Open!"}, {**good, "category": "Асанов"}):
        refused(day, day.forge(replaced(c.COMPLAINTS, canonical.write([bent]))), "entry_malformed")


def test_who_signed_is_in_the_table(day: Day) -> None:
    found = {check.name: check.found for check in day.verify(day.packet).checks}
    assert found["signed by the station"] == found["signed by the chair"] == "1"
    assert "the day was taken over by another terminal, times" not in found
