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


# -- where two journals of one station part ------------------------------------------------------------------


def told(events: str) -> chain.Course:
    """`aabT`: an entry a letter, T tells of a take-over; alike up to the first letter that differs."""
    entries: list[chain.Entry] = []
    for seq, letter in enumerate(events, 1):
        entries.append(
            chain.Entry(
                seq=seq,
                at="2025-11-30T08:00:00+06:00",
                event="taken_over" if letter == "T" else "ballot_given",
                badge=letter,
                fields={},
                prev=entries[-1].hash if entries else chain.START,
            )
        )
    return chain.course(entries)


@pytest.mark.parametrize(
    ("one", "other", "forks"),
    [
        ("aaTb", "aacc", True),  # a copy was taken over after two entries; the first terminal went on
        ("aaTb", "aac", True),  # by one entry, and that is enough
        ("aaTb", "aa", False),  # it stopped where the copy was taken: the same day, told further
        ("aaTb", "a", False),
        ("aacc", "aaTb", False),  # the other way round
        ("aaTb", "aaTc", False),  # both took it over: of one epoch
        ("aaTTb", "aaTc", True),  # a second spare, after the first
        ("Taab", "Taac", False),  # the take-over is before they part
        ("aTab", "aTacT", False),
        ("bTaa", "aacc", False),  # of another day altogether
        ("aabT", "aacc", True),
        ("aTb", "ac", True),  # right after the first entry
        ("aabT", "aaTc", False),  # two spares of one copy: neither goes on from the other
        ("aaT", "aac", True),
        ("", "aa", False),
        ("aaTb", "", False),
    ],
)
def test_who_goes_on_from_a_copy_of_whom(one: str, other: str, forks: bool) -> None:
    assert told(one).forks_from(told(other)) == forks


def test_a_course_is_short_and_tells_each_take_over() -> None:
    found = told("aTbT")
    assert found.taken == (2, 4) and found.epoch == 3 and len(found.marks) == 4 * 8
    assert told("aaaa").epoch == 1 and told("aTbT").marks[:8] == told("acc").marks[:8]


# -- heads from paper ----------------------------------------------------------------------------------------


def test_a_head_is_typed_as_people_type() -> None:
    entries, _ = journal()
    printed = chain.printed_head(entries[3])
    number, _, digits = printed.partition(" · ")
    assert number == "4" and digits.replace(" ", "").lower() == entries[3].hash[:16] and len(digits) == 19
    for typed in (
        printed,
        printed.lower(),
        f"  {number}: {digits.replace(' ', '-')} ",
        f"{number} {digits.replace(' ', '')}",
    ):
        assert chain.check_head(entries, typed) == 4
    assert chain.check_head(entries, chain.printed_head(entries[0])) == 1
    assert chain.check_head(entries, chain.printed_head(entries[5])) == 6
    for typed in (f"3 {digits}", f"0 {digits}", f"7 {digits}", f"4 {digits[:-1]}{'0' if digits[-1] != '0' else '1'}"):
        with pytest.raises(IntegrityError, match="head_differs") as refused:
            chain.check_head(entries, typed)
        assert refused.value.facts["head"] == typed
    for typed in ("", "4", digits, f"4 {digits[:-1]}", f"4 {digits}0", "4 " + "z" * 16, "4 · " + "0" * 80):
        with pytest.raises(IntegrityError, match="head_malformed") as refused:
            chain.check_head(entries, typed)
        assert refused.value.facts["head"] == typed[:40]


# -- what names the place ------------------------------------------------------------------------------------


def test_an_error_names_its_entry_or_its_line() -> None:
    entries, checkpoints = journal()
    with pytest.raises(IntegrityError, match="journal_unsigned_end") as refused:
        chain.verify(entries, checkpoints[:1], CONTEXT, PUBLIC)
    assert refused.value.facts["entry"] == 4
    twice = [checkpoints[0], checkpoints[0], checkpoints[1]]
    with pytest.raises(IntegrityError, match="journal_broken"):
        chain.verify(entries, twice, CONTEXT, PUBLIC)
    text = chain.to_jsonl(entries, checkpoints)
    lines = text.splitlines()
    with pytest.raises(IntegrityError, match="journal_malformed") as refused:
        chain.from_jsonl(text + b"{}")
    assert refused.value.facts["line"] == len(lines) + 1
    for place in range(len(lines)):
        bent = [*lines[:place], b"{" + lines[place], *lines[place + 1 :]]
        with pytest.raises(IntegrityError, match="journal_malformed") as refused:
            chain.from_jsonl(b"\n".join(bent) + b"\n")
        assert refused.value.facts["line"] == place + 1
    for spelt in (lines[0].replace(b",", b", ", 1), b" " + lines[0], lines[0].replace(b'"seq":1', b'"seq":1,"seq":1')):
        with pytest.raises(IntegrityError, match="journal_malformed") as refused:
            chain.from_jsonl(b"\n".join([spelt, *lines[1:]]) + b"\n")  # the same value, written in another way
        assert refused.value.facts["line"] == 1
    moved = [*lines[:2], lines[3], lines[2], *lines[4:]]  # the first checkpoint before the entry it signs
    with pytest.raises(IntegrityError, match="journal_malformed"):
        chain.from_jsonl(b"\n".join(moved) + b"\n")
    with pytest.raises(IntegrityError, match="journal_malformed"):
        chain.from_jsonl(b"\n".join([lines[3], *lines[:3], *lines[4:]]) + b"\n")  # before any entry


def test_read_at_once_or_line_by_line_the_hashes_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    entries, checkpoints = journal()
    text = chain.to_jsonl(entries, checkpoints)
    fast, _ = chain.from_jsonl(text)
    monkeypatch.setattr(chain, "_all_at_once", lambda _lines: [])
    slow, _ = chain.from_jsonl(text)
    assert [e.hash for e in fast] == [e.hash for e in slow] == [e.hash for e in entries]
