"""Checking a packet: strict, bounded, offline. The first thing that is off refuses it, with a code of its own.

Accepting means three separate rules over disjoint sets of keys from the credential that the authority signed
(station, chair, at least k members), then every hash, every schema, every equation, and that everything derived
is what it is derived from.
"""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from kiosk import canonical
from kiosk.ballot.count import CastVoteRecord
from kiosk.election.definition import AGAINST_ALL_KY, AGAINST_ALL_RU, INVALID, Definition
from kiosk.election.equations import evaluate
from kiosk.errors import Fact, IntegrityError, KioskError
from kiosk.journal import chain
from kiosk.packet import archive
from kiosk.packet import content as c
from kiosk.packet.nist import Source, ballots, event_log, moment, results
from kiosk.text import N_
from kiosk.trust import credential, signing
from kiosk.trust.election_file import SignedElection
from kiosk.trust.keys import fingerprint

_MOST_VERSIONS = 9_999
_WORD = re.compile("[a-z_]{1,40}")  # a code of ours, never free text


class Check(msgspec.Struct, frozen=True):
    """One line of the table: what was checked, and what was found."""

    name: str
    found: str


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """`code` is None when accepted. `checks`: what held, in order, up to the refusal."""

    code: str | None
    facts: dict[str, Fact]
    checks: tuple[Check, ...]
    manifest: c.Manifest | None = None
    protocol: c.Protocol | None = None
    course: chain.Course | None = None

    @property
    def accepted(self) -> bool:
        return self.code is None


def verify_file(path: Path, election: SignedElection | None = None, heads: Sequence[str] = ()) -> Verdict:
    """`heads`: of the journal, as somebody typed them from papers of the day; each must be one of this journal's."""
    return _verdict(lambda: archive.read_file(path, c.ENTRIES), election, heads)


def verify(untrusted: bytes, election: SignedElection | None = None) -> Verdict:
    """Never raises on any bytes whatsoever."""
    return _verdict(lambda: archive.read(untrusted, c.ENTRIES), election)


def verify_entries(entries: dict[str, bytes], election: SignedElection | None = None) -> Verdict:
    """For who has the archive open already (kiosk.packet.archive)."""
    return _verdict(lambda: entries, election)


def _verdict(
    read: Callable[[], dict[str, bytes]], election: SignedElection | None, heads: Sequence[str] = ()
) -> Verdict:
    run = _Run(election, heads)
    try:
        run.all(read())
    except KioskError as error:
        return Verdict(code=error.code, facts=dict(error.facts), checks=tuple(run.checks))
    return Verdict(
        code=None,
        facts={},
        checks=tuple(run.checks),
        manifest=run.manifest,
        protocol=run.protocol,
        course=run.course,
    )


class _Run:
    """The checks in order, each building on what the ones before have made sure of."""

    def __init__(self, election: SignedElection | None, heads: Sequence[str]) -> None:
        self.election = election
        self.heads = heads
        self.checks: list[Check] = []
        self.manifest: c.Manifest
        self.protocol: c.Protocol
        self.course: chain.Course

    def note(self, name: str, found: str | int) -> None:
        self.checks.append(Check(name, str(found)))

    def all(self, entries: dict[str, bytes]) -> None:
        self.note(N_("archive"), len(entries))
        self._manifest(entries)
        self._hashes(entries)
        self._protocol(entries)
        self._equations()
        records = self._ballots(entries)
        self._derived(entries, records)

    def _manifest(self, entries: dict[str, bytes]) -> None:
        envelope = signing.read(entries[c.MANIFEST], c.MANIFEST_TYPE)
        manifest = self.manifest = c.from_json(envelope.payload, c.Manifest, c.MANIFEST)
        if manifest.format != c.FORMAT:
            raise IntegrityError("packet_format", found=manifest.format, wanted=c.FORMAT)
        if not 1 <= manifest.version <= _MOST_VERSIONS:
            raise IntegrityError("manifest_foreign", field="version")
        who = credential.read(manifest.credential.encode())
        authority = bytes.fromhex(who.authority_key)
        if self.election is not None:
            if authority != self.election.authority:
                raise IntegrityError("authority_foreign")
            credential.check_belongs(who, self.election.definition)
            self.note(N_("authority, compared"), fingerprint(authority))
        else:
            self.note(N_("authority, NOT compared: compare with paper"), fingerprint(authority))
        for name in ("purpose", "election", "definition_hash", "station"):
            if getattr(manifest, name) != getattr(who, name):
                raise IntegrityError("manifest_foreign", field=name)
        self.note(N_("purpose"), manifest.purpose)
        self.note(N_("station and version"), f"{manifest.station} / {manifest.version}")
        if not signing.signed_by(envelope, {"station": bytes.fromhex(who.station_key)}):
            raise IntegrityError("signature_station")
        self.note(N_("signed by the station"), 1)
        chair = {o.id: bytes.fromhex(o.signing_key) for o in who.of_role("chair")}
        if not signing.signed_by(envelope, chair):
            raise IntegrityError("signature_chair")
        self.note(N_("signed by the chair"), 1)
        members = {o.id: bytes.fromhex(o.signing_key) for o in who.of_role("member")}
        signers = signing.signed_by(envelope, members)
        if len(signers) < who.quorum:
            raise IntegrityError("signature_members", found=len(signers), needed=who.quorum)
        if len(envelope.signatures) != 2 + len(signers):
            raise IntegrityError("signature_unknown")
        self.note(N_("signed by members"), f"{len(signers)} ≥ {who.quorum}")
        self._signers = {*signers, *chair}
        self._credential = who

    def _hashes(self, entries: dict[str, bytes]) -> None:
        listed = [e.name for e in self.manifest.entries]
        if listed != [name for name in entries if name != c.MANIFEST]:
            raise IntegrityError("manifest_entries")
        for entry in self.manifest.entries:
            if c.file_entry(entry.name, entries[entry.name]) != entry:
                raise IntegrityError("entry_hash", entry=entry.name)
        if c.content_hash(self.manifest.entries) != self.manifest.content:
            raise IntegrityError("content_hash")
        self.note(N_("sizes and hashes"), len(listed))

    def _protocol(self, entries: dict[str, bytes]) -> None:
        protocol = self.protocol = c.from_json(entries[c.PROTOCOL], c.Protocol, c.PROTOCOL)
        for name in ("format", "purpose", "election", "definition_hash", "station", "version"):
            if getattr(protocol, name) != getattr(self.manifest, name):
                raise IntegrityError("protocol_foreign", field=name)
        if self.election is not None:
            self._compare_with_definition(protocol, self.election.definition)
        people = {(o.id, o.role, o.name_ky, o.name_ru) for o in self._credential.officers if o.id in self._signers}
        if {(s.id, s.role, s.name_ky, s.name_ru) for s in protocol.signatories} != people:
            raise IntegrityError("protocol_signatories")
        if not entries[c.PROTOCOL_PDF].startswith(b"%PDF-"):
            raise IntegrityError("entry_malformed", entry=c.PROTOCOL_PDF, where="header")
        self._moments()
        self.note(N_("protocol"), len(protocol.lines))

    def _moments(self) -> None:
        """Opened, closed, drawn up: each a moment with its zone, as the station writes it. Not in what order: a clock
        that is put right in the evening must not spoil a packet, and the journal tells of it."""
        for name in ("opened_at", "closed_at", "drawn_up_at"):
            try:
                moment(getattr(self.protocol, name))
            except ValueError as error:
                raise IntegrityError("protocol_foreign", field=name) from error
        try:
            moment(self.manifest.created)
        except ValueError as error:
            raise IntegrityError("manifest_foreign", field="created") from error

    def _compare_with_definition(self, protocol: c.Protocol, definition: Definition) -> None:
        station = definition.station(protocol.station)
        district = definition.district(station.district)
        names = tuple((r.number, r.name_ky, r.name_ru, r.sex) for r in protocol.candidates)
        standing = tuple((x.number, x.name_ky, x.name_ru, x.sex) for x in district.standing)
        wanted = {
            "district": (protocol.district, station.district),
            "candidates": (names, standing),
            "heading": (protocol.heading, c.heading_of(definition, station.number)),
            "lines": (
                tuple((v.id, v.label_ky, v.label_ru) for v in protocol.lines),
                tuple((x.id, x.label_ky, x.label_ru) for x in definition.lines),
            ),
            "ballot_mode": (protocol.ballot_mode, definition.ballot_mode),
        }
        for name, (found, right) in wanted.items():
            if found != right:
                raise IntegrityError("protocol_foreign", field=name)

    def _equations(self) -> None:
        protocol = self.protocol
        if not protocol.votes:
            raise IntegrityError("protocol_rows")
        numbers = [row.number for row in protocol.candidates]
        against = protocol.against_all
        last = (against.number, against.name_ky, against.name_ru, against.sex)
        if sorted(set(numbers)) != numbers or 0 in numbers or last != (0, AGAINST_ALL_KY, AGAINST_ALL_RU, None):
            raise IntegrityError("protocol_rows")
        counts = [line.value for line in protocol.lines]
        counts += [n for r in protocol.votes for n in (r.hand, r.legal, r.electronic or 0)]
        counts += [protocol.electronic_invalid or 0, protocol.electronic_unreadable or 0]
        if any(not 0 <= count <= 1_000_000 for count in counts) or any(r.legal != r.hand for r in protocol.votes):
            raise IntegrityError("protocol_rows")
        try:
            again = evaluate(
                protocol.heading.rules,
                protocol.line_values(),
                sum(row.legal for row in protocol.candidates),
                protocol.against_all.legal,
            )
        except KeyError as error:
            raise IntegrityError("protocol_rows") from error
        if again != protocol.equations:
            raise IntegrityError("equation_figures")
        explained = {act.field for act in protocol.acts}
        for result in again:
            if not result.holds and f"equation:{result.id}" not in explained:
                raise IntegrityError("equation_broken", equation=result.id)
        for field in c.count_differences(protocol):
            if field not in explained:
                raise IntegrityError("difference_without_act", field=field)
        broken = [result.id for result in again if not result.holds]
        self.note(N_("equations"), len(again))
        if broken:
            self.note(N_("equations that fail, explained by an act"), ", ".join(broken))

    def _ballots(self, entries: dict[str, bytes]) -> list[CastVoteRecord]:
        records = ballots.records(entries[c.BALLOTS])
        if [r.id for r in records] != sorted({r.id for r in records}):
            raise IntegrityError("ballots_order")
        votes = dict.fromkeys([*(row.number for row in self.protocol.votes), INVALID], 0)
        for record in records:
            if record.choice not in votes:
                raise IntegrityError("ballots_choice")
            votes[record.choice] += 1
        if self.protocol.ballot_mode == "screen":
            stated = {row.number: row.electronic for row in self.protocol.votes}
            stated[INVALID] = self.protocol.electronic_invalid
            if votes != stated:
                raise IntegrityError("ballots_sum")
        elif records:
            raise IntegrityError("ballots_sum")
        self.note(N_("ballots counted again"), len(records))
        return records

    def _derived(self, entries: dict[str, bytes], records: list[CastVoteRecord]) -> None:
        """Whatever is made from other entries is made again."""
        source = Source(self.protocol, self.manifest.created, self.manifest.software)
        journal, checkpoints = chain.from_jsonl(entries[c.JOURNAL])
        context = f"{self.manifest.definition_hash} {self.manifest.station}"
        chain.verify(journal, checkpoints, context, bytes.fromhex(self._credential.station_key))
        self.note(N_("journal entries in an unbroken chain"), len(journal))
        self.course = chain.course(journal)
        if self.protocol.epoch != self.course.epoch:
            raise IntegrityError("protocol_foreign", field="epoch")
        if self.course.epoch > 1:
            self.note(N_("the day was taken over by another terminal, times"), self.course.epoch - 1)
        for typed in self.heads:
            self.note(N_("journal's head from paper, entry"), chain.check_head(journal, typed))
        complaints = _complaints(entries[c.COMPLAINTS])
        self.note(N_("complaints"), len(complaints))
        try:
            again = {
                c.RESULTS: canonical.write_record(results.report(source)),
                c.BALLOTS: canonical.write_record(ballots.report(records, source)),
                c.EVENT_LOG: canonical.write_record(event_log.report(journal, source)),
            }
        except (KeyError, ValueError, TypeError) as error:
            raise IntegrityError("derived_differs", entry=c.EVENT_LOG) from error
        for name, content in again.items():
            if entries[name] != content:
                raise IntegrityError("derived_differs", entry=name)
        self.note(N_("NIST reports made again"), len(again))


def _complaints(untrusted: bytes) -> list[c.PublicComplaint]:
    found = c.from_json(untrusted, list[c.PublicComplaint], c.COMPLAINTS)
    if [complaint.number for complaint in found] != list(range(1, len(found) + 1)):
        raise IntegrityError("entry_malformed", entry=c.COMPLAINTS, where="numbers")
    words = (word for x in found for word in (x.author_kind, x.category, x.status))
    if not all(_WORD.fullmatch(word) for word in words):
        raise IntegrityError("entry_malformed", entry=c.COMPLAINTS, where="words")
    return found
