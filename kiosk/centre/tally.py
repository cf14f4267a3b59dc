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
from kiosk.centre.result import Result
from kiosk.centre.tables import Tables
from kiosk.errors import IntegrityError, Problem, ProblemsError
from kiosk.text import _
from kiosk.trust import election_file, keys
from kiosk.trust.sealing import unseal

Progress = Callable[[str, int, int], None]  # step, done, in all


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


class Tally(msgspec.Struct, frozen=True):
    """What a run came to. `folder`: of the version, new or not."""

    result: Result
    folder: Path
    new_version: bool
    taken_in: int


def tally(
    centre: Centre,
    packets: Sequence[Path],
    out: Path,
    sealing_seed: bytes,
    tables: Tables,
    decisions: bytes = b"",
    decisions_name: str = d.FILE,
    told: Callable[[Checked, bool], None] = lambda checked, new: None,
    progress: Progress = lambda step, done, size: None,
    workers: int | None = None,
) -> Tally:
    """Every packet in `packets` (files) and everything taken into `tables` before; the result as a version in `out`.

    Without `sealing_seed` remote ballots stay closed: an interim result of the stations' own votes, as often as wanted.
    Two results with them, one packet apart, would tell how the remote voters of that station voted.
    ProblemsError: the decisions. IntegrityError: the centre's own files.
    """
    definition = election_file.read(centre.election).definition
    decided = d.read(decisions, definition, decisions_name)
    with versions.alone(out):
        taken = _check(tables, packets, centre.election, sealing_seed, told, progress, workers)
        selected = squash.select(tables, bool(sealing_seed))
        squash.choose(tables, selected, definition, decided.annulled("all"))
        squashed, ballots, opened = squash.NOTHING, list[SealedBallot](), Opened(Counter(), Counter())
        if sealing_seed:
            progress(_("squash: one ballot for each voter"), 0, 1)
            squashed = _squash(tables, centre, definition.hash, sealing_seed)
        audit = steps.audit(tables, squashed)
        if sealing_seed:
            progress(_("anonymise, open"), 0, 1)
            ballots = anonymise(tables)
            opened = open_ballots(ballots, sealing_seed, definition, workers)

        progress(_("count, seats"), 0, 1)
        votes = _counted(findings.station_votes(tables, selected, definition), decided)
        districts = totals.count(definition, votes, opened, decided)
        found = findings.collect(tables, selected, squashed, votes, definition)
        result = Result.of(definition, districts, found, decided, bool(sealing_seed))

        progress(_("writing the result"), 0, 1)

        def write(folder: Path, numbered: Result) -> None:
            steps.write_audit(folder, audit)
            steps.write_result(folder, ballots, opened, votes, numbered)

        numbered, folder, new = versions.keep(out, result, write)
        progress(_("writing the result"), 1, 1)
    return Tally(numbered, folder, new, taken)


def _squash(tables: Tables, centre: Centre, definition_hash: str, sealing_seed: bytes) -> squash.Squashed:
    nation_key = unseal(centre.nation_key, keys.sealing_key(sealing_seed), nation_key_info(definition_hash))
    squash.load_roll(tables, centre.nation, nation_key)
    return squash.squash(tables)


def _counted(votes: dict[int, totals.StationVotes], decided: d.Decisions) -> dict[int, totals.StationVotes]:
    """Without annulled stations. ProblemsError where the votes of a portable box cannot be told apart."""
    mixed = [n for n in decided.annulled("outside") if n in votes and not totals.outside_is_apart(votes[n])]
    if mixed:
        what = _(
            "station {n}: its counts differ by more than the portable box, so its votes are not apart; annul it whole",
            n=mixed[0],
        )
        raise ProblemsError([Problem(d.FILE, 1, what)])
    return {n: found for n, found in votes.items() if n not in decided.annulled("all")}


def _check(
    tables: Tables,
    packets: Sequence[Path],
    election: bytes,
    sealing_seed: bytes,
    told: Callable[[Checked, bool], None],
    progress: Progress,
    workers: int | None,
) -> int:
    """Refused packets are a line each; the rest goes on."""
    seen = 0

    def count(checked: Checked, new: bool) -> None:
        nonlocal seen
        seen += 1
        progress(_("packets"), seen, len(packets))
        told(checked, new)

    return intake.take_in(tables, packets, election, sealing_seed, count, workers)
