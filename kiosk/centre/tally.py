"""The tally: check → squash → anonymise → open → count → seats, in that order (trust.md, "the centre").

The output of each step is written beside the result, so that an auditor can repeat it. A result is a numbered version;
the same packets and decisions give the same content whatever the order in which they came, and no new version.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from kiosk.centre import decisions as d
from kiosk.centre import findings, intake, squash, steps, totals, versions
from kiosk.centre.anonymous import SealedBallot, anonymise
from kiosk.centre.intake import Checked
from kiosk.centre.opening import Opened, open_ballots
from kiosk.centre.packages import ELECTION_FILE, NATION_FILE, NATION_KEY_FILE, nation_key_info
from kiosk.centre.result import Result, told_apart
from kiosk.centre.tables import Tables
from kiosk.election.definition import Definition
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


def tally(
    centre: Centre,
    packets: Sequence[Path],
    out: Path,
    sealing_seed: bytes,
    *,
    tables: Tables,
    decisions: bytes = b"",
    decisions_name: str = d.FILE,
    told: Callable[[Checked, bool], None] = lambda checked, new: None,
    progress: Progress = silent,
    workers: int | None = None,
    root: Path = Path(),
) -> Tally:
    """Every packet in `packets` (files) and everything taken into `tables` before; the result as a version in `out`.

    `root`: the folder that file names are told from. With the key each file is checked again and replaces what the
    tables say of it: who takes packets in can write there. Without it remote ballots stay closed: an interim result of
    the stations' own votes, as often as wanted. Two results with them, one packet apart, would tell how the remote
    voters of that station voted.
    ProblemsError: the decisions. IntegrityError: the centre's own files; `final_exists` without the key after a result
    with it.
    """
    definition = election_file.read(centre.election).definition
    decided = d.read(decisions, definition, decisions_name)
    with versions.alone(out):
        before = versions.newest(out)
        if before and before.remote_opened and not sealing_seed:
            raise IntegrityError("final_exists", version=before.version)
        looked_at: set[str] = set()
        taken = _check(
            tables, packets, root, centre.election, sealing_seed=sealing_seed, told=told, progress=progress,
            workers=workers, hashes=looked_at,
        )  # fmt: skip
        progress(_("squash: one ballot for each voter"), 0, 1)
        with tables.still():
            night = _night(tables, centre, definition, sealing_seed, decided=decided, decisions=decisions)
        progress(_("anonymise, open"), 0, 1)
        opened = _open(night.ballots, sealing_seed, definition, workers)
        progress(_("count, seats"), 0, 1)
        districts = totals.count(definition, night.votes, opened, decided)
        result = Result.of(definition, districts, night.found, decided, remote_opened=bool(sealing_seed))
        progress(_("writing the result"), 0, 1)
        numbered, folder, new = _keep(out, night, opened, result)
        progress(_("writing the result"), 1, 1)
    unseen = tuple(sorted(n for n, sha in night.packets.items() if sha not in looked_at))
    apart = told_apart(before, result) if before else 0
    return Tally(result=numbered, folder=folder, new_version=new, taken_in=taken, unseen=unseen, told_apart=apart)


class _Night(msgspec.Struct, kw_only=True):
    """What the tables came to at one moment: `ballots` bear no tag; `audit` does and is only written."""

    packets: dict[int, str]
    votes: dict[int, totals.StationVotes]
    found: findings.Findings
    audit: steps.Audit
    ballots: list[SealedBallot]


def _keep(out: Path, night: _Night, opened: Opened, result: Result) -> tuple[Result, Path, bool]:
    def write(folder: Path, numbered: Result) -> None:
        steps.write_audit(folder, night.audit)
        steps.write_result(folder, night.ballots, opened, night.votes, result=numbered)

    return versions.keep(out, result, write)


def _night(
    tables: Tables,
    centre: Centre,
    definition: Definition,
    sealing_seed: bytes,
    *,
    decided: d.Decisions,
    decisions: bytes,
) -> _Night:
    selected = squash.select(tables, bool(sealing_seed))
    squash.choose(tables, selected, definition, decided.annulled("all"))
    squashed = _squash(tables, centre, definition.hash, sealing_seed) if sealing_seed else squash.NOTHING
    votes = _counted(findings.station_votes(tables, selected, definition), decided)
    found = findings.collect(tables, selected, squashed, votes, definition=definition)
    audit = steps.audit(tables, selected, squashed, decisions)
    return _Night(
        packets=selected.packets,
        votes=votes,
        found=found,
        audit=audit,
        ballots=anonymise(tables) if sealing_seed else [],
    )


def _open(ballots: list[SealedBallot], sealing_seed: bytes, definition: Definition, workers: int | None) -> Opened:
    return open_ballots(ballots, sealing_seed, definition, workers) if sealing_seed else Opened(Counter(), Counter())


def _squash(tables: Tables, centre: Centre, definition_hash: str, sealing_seed: bytes) -> squash.Squashed:
    nation_key = unseal(centre.nation_key, keys.sealing_key(sealing_seed), nation_key_info(definition_hash))
    squash.load_roll(tables, centre.nation, nation_key)
    return squash.squash(tables)


def _counted(votes: dict[int, totals.StationVotes], decided: d.Decisions) -> dict[int, totals.StationVotes]:
    """Without what was annulled. ProblemsError where the votes of a portable box cannot be told apart."""
    mixed = [n for n in decided.annulled("outside") if n in votes and not totals.outside_is_apart(votes[n])]
    if mixed:
        what = _(
            "station {n}: its counts differ by more than the portable box, so its votes are not apart; annul it whole",
            n=mixed[0],
        )
        raise ProblemsError([Problem(d.FILE, 1, what)])
    portable = decided.annulled("outside")
    left = {n: found for n, found in votes.items() if n not in decided.annulled("all")}
    return {n: totals.without_outside(found) if n in portable else found for n, found in left.items()}


def _check(
    tables: Tables,
    packets: Sequence[Path],
    root: Path,
    election: bytes,
    *,
    sealing_seed: bytes,
    told: Callable[[Checked, bool], None],
    progress: Progress,
    workers: int | None,
    hashes: set[str],
) -> int:
    """Refused packets are a line each; the rest goes on. Fills `hashes` with what was looked at."""
    seen = 0

    def count(checked: Checked, new: bool) -> None:
        nonlocal seen
        seen += 1
        hashes.add(checked.sha256)
        progress(_("packets"), seen, len(packets))
        told(checked, new)

    return intake.take_in(
        tables,
        packets,
        election,
        sealing_seed=sealing_seed,
        told=count,
        workers=workers,
        root=root,
        again=bool(sealing_seed),
    )
