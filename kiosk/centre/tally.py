"""The night in order: check → squash → anonymise → open → count → seats (docs/trust.md, "The centre"). Start here.

The output of each step is written beside the result, so that an auditor can repeat it. A result is a numbered version;
the same packets and decisions give the same content whatever the order in which they came, and no new version.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import msgspec

from kiosk.centre.intake import run as intake
from kiosk.centre.intake.check import Against, Checked
from kiosk.centre.provision.run import ELECTION_FILE, NATION_FILE, NATION_KEY_FILE, nation_key_info
from kiosk.centre.publish import audit, versions
from kiosk.centre.steps import decisions as d
from kiosk.centre.steps import findings, squash
from kiosk.centre.steps.anonymous import count
from kiosk.centre.steps.anonymous.anonymise import SealedBallot, anonymise
from kiosk.centre.steps.anonymous.unseal import Opened, open_ballots
from kiosk.centre.steps.result import Result, told_apart
from kiosk.centre.tables import Tables
from kiosk.errors import IntegrityError, Problem, ProblemsError
from kiosk.progress import Progress, silent
from kiosk.text import _
from kiosk.trust import election_file, keys
from kiosk.trust.sealing import unseal


class Centre(msgspec.Struct, frozen=True):
    """What provisioning left for the centre: the signed election, the nation index and its key, sealed."""

    election: bytes
    nation: Path
    nation_key: bytes

    @classmethod
    def in_folder(cls, folder: Path) -> "Centre":
        """IntegrityError `centre_incomplete` names the file that is missing."""
        for name in (ELECTION_FILE, NATION_FILE, NATION_KEY_FILE):
            if not (folder / name).is_file():
                raise IntegrityError("centre_incomplete", file=name)
        return cls((folder / ELECTION_FILE).read_bytes(), folder / NATION_FILE, (folder / NATION_KEY_FILE).read_bytes())


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """What a run came to. `folder`: of the version, new or not. `unseen`: stations counted from the tables alone, their
    packet's file is not here to be checked again. `told_apart`: remote ballots whose choice can be read off the
    difference to the version before."""

    result: Result
    folder: Path
    new_version: bool
    taken_in: int
    unseen: tuple[int, ...]
    told_apart: int


class Watch(msgspec.Struct, frozen=True):
    """Who looks on: `told` hears of each file with its verdict and whether it was new. `workers`: processes, all cores
    by default."""

    told: intake.Told = lambda checked, new: None
    progress: Progress = silent
    workers: int | None = None


class Night:
    """One tally into `out`. Without the key remote ballots stay closed: an interim result of the stations' own votes,
    as often as wanted. Two results with them, one packet apart, would tell how that station's remote voters voted.
    """

    def __init__(
        self, centre: Centre, tables: Tables, out: Path, sealing_seed: bytes = b"", *, watch: Watch | None = None
    ) -> None:
        self._centre = centre
        self._tables = tables
        self._out = out
        self._seed = sealing_seed
        self._watch = watch or Watch()
        self._looked_at: set[str] = set()  # hashes of the files that were here
        self._definition = election_file.read(centre.election).definition

    def tally(
        self, packets: Sequence[Path], root: Path = Path(), decisions: bytes = b"", decisions_name: str = d.FILE
    ) -> Tally:
        """Every packet in `packets` (files) and everything taken into the tables before; the result as a version.

        `root`: the folder that file names are told from. ProblemsError: the decisions. IntegrityError: the centre's own
        files; `final_exists` without the key after a result with it.
        """
        tell = self._watch.progress
        decided = d.read(decisions, self._definition, decisions_name)
        with versions.alone(self._out):
            before = versions.newest(self._out)
            if before and before.remote_opened and not self._seed:
                raise IntegrityError("final_exists", version=before.version)
            taken = self._check(packets, root)
            tell(_("squash: one ballot for each voter"), 0, 1)
            with self._tables.still():
                known = self._squash(decided, decisions)
            tell(_("anonymise, open"), 0, 1)
            opened = self._open(known.ballots)
            tell(_("count, seats"), 0, 1)
            districts = count.count(self._definition, known.votes, opened, decided)
            result = Result.of(self._definition, districts, known.found, decided, remote_opened=bool(self._seed))
            tell(_("writing the result"), 0, 1)
            numbered, folder, new = self._write(known, opened, result)
            tell(_("writing the result"), 1, 1)
        return Tally(
            result=numbered,
            folder=folder,
            new_version=new,
            taken_in=taken,
            unseen=tuple(sorted(n for n, sha in known.packets.items() if sha not in self._looked_at)),
            told_apart=told_apart(before, result) if before else 0,
        )

    # -- the steps ---------------------------------------------------------------------------------------

    def _check(self, packets: Sequence[Path], root: Path) -> int:
        """Refused packets are a line each; the rest goes on. With the key each file is checked again and replaces what
        the tables say of it: who takes packets in can write there."""
        seen = 0

        def told(checked: Checked, new: bool) -> None:
            nonlocal seen
            seen += 1
            self._looked_at.add(checked.sha256)
            self._watch.progress(_("packets"), seen, len(packets))
            self._watch.told(checked, new)

        against = Against(self._centre.election, self._seed, root)
        return intake.take_in(self._tables, packets, against, told, workers=self._watch.workers, again=against.keyed)

    def _squash(self, decided: d.Decisions, decisions: bytes) -> "_Known":
        """What the tables come to at one moment: which packets count, and one ballot for each voter."""
        tables, definition = self._tables, self._definition
        selected = squash.select(tables, bool(self._seed))
        squash.choose(tables, selected, definition, decided.annulled("all"))
        squashed = squash.NOTHING
        if self._seed:
            info = nation_key_info(definition.hash)
            nation_key = unseal(self._centre.nation_key, keys.sealing_key(self._seed), info)
            squash.load_roll(tables, self._centre.nation, nation_key)
            squashed = squash.squash(tables)
        votes = _counted(findings.station_votes(tables, selected, definition), decided)
        found = findings.collect(tables, selected, squashed, votes, definition=definition)
        audited = audit.gather(tables, selected, squashed, decisions)
        ballots = anonymise(tables) if self._seed else []
        return _Known(packets=selected.packets, votes=votes, found=found, audit=audited, ballots=ballots)

    def _open(self, ballots: list[SealedBallot]) -> Opened:
        if not self._seed:
            return Opened(Counter(), Counter())
        return open_ballots(ballots, self._seed, self._definition, self._watch.workers)

    def _write(self, known: "_Known", opened: Opened, result: Result) -> tuple[Result, Path, bool]:
        def write(folder: Path, numbered: Result) -> None:
            audit.write_steps(folder, known.audit)
            audit.write_result(folder, known.ballots, opened, known.votes, result=numbered)

        return versions.keep(self._out, result, write)


class _Known(msgspec.Struct, kw_only=True):
    """`ballots` bear no tag; `audit` does and is only written."""

    packets: dict[int, str]
    votes: dict[int, count.StationVotes]
    found: findings.Findings
    audit: audit.Audit
    ballots: list[SealedBallot]


def _counted(votes: dict[int, count.StationVotes], decided: d.Decisions) -> dict[int, count.StationVotes]:
    """Without what was annulled. ProblemsError where the votes of a portable box cannot be told apart."""
    mixed = [n for n in decided.annulled("outside") if n in votes and not count.outside_is_apart(votes[n])]
    if mixed:
        what = _(
            "station {n}: its counts differ by more than the portable box, so its votes are not apart; annul it whole",
            n=mixed[0],
        )
        raise ProblemsError([Problem(d.FILE, 1, what)])
    portable = decided.annulled("outside")
    left = {n: found for n, found in votes.items() if n not in decided.annulled("all")}
    return {n: count.without_outside(found) if n in portable else found for n, found in left.items()}
