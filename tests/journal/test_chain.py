"""P9: a removed, changed or reordered entry of the journal shows."""

from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.errors import IntegrityError
from kiosk.journal import chain
from kiosk.journal.events import JournalEvent, event_table
from kiosk.trust import keys

KEY = keys.signing_key(b"s" * 32)
PUBLIC = keys.signing_public(KEY)
CONTEXT = "hash 101"


def checkpoint(entry: chain.Entry) -> chain.Checkpoint:
    return chain.Checkpoint(entry.seq, KEY.sign(chain.checkpoint_bytes(CONTEXT, entry.seq, entry.hash)).hex())


def journal(count: int = 6) -> tuple[list[chain.Entry], list[chain.Checkpoint]]:
    entries: list[chain.Entry] = []
    for seq in range(1, count + 1):
        previous = entries[-1].hash if entries else chain.START
        entries.append(
            chain.Entry(
                seq=seq,
                at=f"2025-11-30T08:0{seq}:00+06:00",
                event="ballot_given",
                badge="b",
                fields={"kind": "home"},
                prev=previous,
            )
        )
    return entries, [checkpoint(entries[2]), checkpoint(entries[-1])]


def test_a_good_journal_gives_its_hashes_and_round_trips() -> None:
    entries, checkpoints = journal()
    assert chain.verify(entries, checkpoints, CONTEXT, PUBLIC)[6] == entries[-1].hash
    assert chain.from_jsonl(chain.to_jsonl(entries, checkpoints)) == (entries, checkpoints)
    assert chain.verify([], [], CONTEXT, PUBLIC) == {}


@given(st.integers(0, 5))
def test_a_removed_entry_shows(place: int) -> None:
    entries, checkpoints = journal()
    with pytest.raises(IntegrityError, match="journal_"):
        chain.verify(entries[:place] + entries[place + 1 :], checkpoints, CONTEXT, PUBLIC)


@given(st.integers(0, 5), st.sampled_from(["at", "badge", "event", "fields"]))
def test_a_changed_entry_shows(place: int, field: str) -> None:
    entries, checkpoints = journal()
    value = {"at": "2025-11-30T07:00:00+06:00", "badge": "x", "event": "signed_in", "fields": {}}[field]
    entries[place] = msgspec.structs.replace(entries[place], **{field: value})
    with pytest.raises(IntegrityError, match="journal_"):
        chain.verify(entries, checkpoints, CONTEXT, PUBLIC)


@given(st.permutations(range(6)).filter(lambda p: p != list(range(6))))
def test_reordered_entries_show(order: list[int]) -> None:
    entries, checkpoints = journal()
    with pytest.raises(IntegrityError, match="journal_broken"):
        chain.verify([entries[i] for i in order], checkpoints, CONTEXT, PUBLIC)


def test_a_rewritten_chain_shows_at_the_checkpoint() -> None:
    """Whoever rewrites every hash after a change still lacks the station's key."""
    entries, checkpoints = journal()
    forged: list[chain.Entry] = []
    for entry in entries:
        previous = forged[-1].hash if forged else chain.START
        forged.append(msgspec.structs.replace(entry, badge="x", prev=previous))
    with pytest.raises(IntegrityError, match="journal_signature"):
        chain.verify(forged, checkpoints, CONTEXT, PUBLIC)


def test_a_cut_end_and_strange_checkpoints_show() -> None:
    entries, checkpoints = journal()
    for es, cs, context, code in (
        (entries, checkpoints[:1], CONTEXT, "journal_unsigned_end"),
        (entries[:3], checkpoints, CONTEXT, "journal_broken"),
        (entries, checkpoints[::-1], CONTEXT, "journal_broken"),
        (entries, checkpoints, "hash 102", "journal_signature"),
        (entries, [chain.Checkpoint(6, "zz")], CONTEXT, "journal_signature"),
    ):
        with pytest.raises(IntegrityError) as caught:
            chain.verify(es, cs, context, PUBLIC)
        assert caught.value.code == code


@pytest.mark.parametrize(
    "change",
    [
        lambda b: b[1:],
        lambda b: b.replace(b'"seq":1', b'"seq":"1"'),
        lambda b: b.replace(b"ballot_given", b"ballot_sold"),
        lambda b: b.replace(b"\n", b"\r\n"),
        lambda b: b[:-1],
        lambda b: b"\n" + b,
        lambda b: b.replace(b'{"checkpoint":', b'{"checkpoint": '),
        lambda b: b.replace(b'{"kind":', '{"түрү":'.encode()),
    ],
)
def test_damaged_lines_are_refused(change) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(IntegrityError, match="journal_malformed"):
        chain.from_jsonl(change(chain.to_jsonl(*journal())))


@given(
    st.sampled_from(sorted(event_table())),
    st.datetimes(timezones=st.just(UTC), min_value=datetime(2020, 1, 1), max_value=datetime(2040, 1, 1)),
)
def test_a_voter_s_acts_are_told_by_the_hour(event: JournalEvent, at: datetime) -> None:
    """The journal is public: the second at which a remote ballot was given is a name."""
    told = datetime.fromisoformat(chain.told_at(event, at))
    by_hour = event in ("ballot_given", "ballot_cast", "ballot_abandoned", "ballot_withdrawn", "refused")
    assert (told.minute, told.second, told.microsecond) == (0, 0, 0) if by_hour else told.isoformat() == at.isoformat()
