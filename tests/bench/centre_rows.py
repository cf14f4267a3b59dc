"""The centre: packages out, packets in, the squash, the whole tally."""

import csv
import hashlib
import random
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, sleep

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kiosk.centre.intake import run as intake
from kiosk.centre.intake.check import Against
from kiosk.centre.provision import authority as authority_file
from kiosk.centre.provision.run import Run, provision
from kiosk.centre.steps import squash
from kiosk.centre.tables import Tables
from kiosk.centre.workers import cores, workers
from kiosk.demo import nation
from kiosk.packet import archive
from kiosk.packet import content as c
from kiosk.trust import signing
from tests.bench.measure import Row, row
from tests.stage.world import example_source

_STATIONS = 2_492


def rows(folder: Path, small: bool) -> Iterator[Row]:
    yield _provision(folder / "provision", 24 if small else 96)
    yield _squash(200_000 if small else 2_000_000)
    nation_folder = folder / "nation"
    _simulate(nation_folder, 0.1)
    yield _check(nation_folder, 480 if small else _STATIONS)
    tenth = _tally(nation_folder, "tenth")
    yield tenth[0]
    if not small:
        whole = folder / "whole"
        _simulate(whole, 1.0)
        made, each = _tally(whole, "whole")
        yield made
        yield row(
            "time of the tally for each packet, 2,492 against 250", ([each], [tenth[1]]), "250 packets", "≤ 1.3 ×",
            lambda r: r.ratio is not None and r.ratio <= 1.3,
        )  # fmt: skip


def _provision(folder: Path, count: int) -> Row:
    """Whole stations, badges at their real cost, on all cores."""
    source = example_source()
    chosen = [s.number for s in source.definition.stations if s.voters][:count]
    folder.mkdir(parents=True)
    roll = folder / "roll.csv"
    with roll.open("w", encoding="utf-8", newline="") as file:
        file.write(nation.COLUMNS + "\n")
        for number in chosen:
            csv.writer(file, lineterminator="\n").writerows(nation.station_rows(source.definition, number))
    at: dict[int, float] = {}

    def progress(step: str, done: int, size: int) -> None:
        if step == "stations":
            at[done] = perf_counter()

    run = Run(
        source=source, roll=roll, out=folder / "out", authority=authority_file.new(), now=datetime.now(UTC),
        stations=chosen,
    )  # fmt: skip
    provision(run, progress=progress)
    warm = min(8, count // 2)
    rate = (count - warm) / (at[count] - at[warm])
    minutes = _STATIONS / rate / 60
    return row(
        f"provision, {count} stations with their voters", ([1000 / rate], []), "–", "the nation in ≤ 15 min",
        lambda r: minutes <= 15, f"{rate:.1f} stations/s, {minutes:.1f} min for {_STATIONS:,}",
    )  # fmt: skip


def _squash(count: int) -> Row:
    """`count` home tags and a tenth as many envelopes, one in two hundred of them double."""
    dice = random.Random(7)
    home = [dice.randbytes(16) for _n in range(count)]
    away = [dice.choice(home) if n % 200 == 0 else dice.randbytes(16) for n in range(count // 10)]
    started = perf_counter()
    sorted(home + away)
    reference = perf_counter() - started
    tables = Tables.open()
    definition = example_source().definition
    station, other = definition.stations[0].number, definition.stations[-1].number
    for number, sha in ((station, "a"), (other, "b")):
        tables.run("INSERT INTO packet VALUES ($1, $2, 1, 'demo', '', 0, '', '{}', TRUE)", sha, number)
    everybody = [*home, *away]
    hashes, kinds = ["a"] * count + ["b"] * len(away), ["home"] * count + ["remote"] * len(away)
    at = list(range(len(everybody)))
    tables.add(
        "served",
        {
            "sha256": hashes,
            "tag": everybody,
            "kind": kinds,
            "district": [1] * len(at),
            "given_at": at,
            "hour": [9] * len(at),
        },
    )
    envelopes = dict.fromkeys(away)
    tables.add(
        "envelope",
        {
            "sha256": ["b"] * len(envelopes), "tag": list(envelopes), "district": [1] * len(envelopes),
            "sealed": [b""] * len(envelopes), "genuine": [True] * len(envelopes),
        },
    )  # fmt: skip
    kinds_of_roll = {"tag": "bytes", "station": "int", "district": "int"}
    tables.temporary("roll", kinds_of_roll)
    tables.add("roll", {"tag": everybody, "station": [station] * len(at), "district": [1] * len(at)}, kinds_of_roll)
    started = perf_counter()
    squash.choose(tables, squash.select(tables), definition)
    found = squash.squash(tables)
    ours = perf_counter() - started
    tables.close()
    assert len(found.dropped) >= count // 10 // 200
    return row(
        f"squash {count:,} tags", ([ours * 1000], [reference * 1000]), "sorting the same tags in memory", "≤ 2 ×",
        lambda r: r.ratio is not None and r.ratio <= 2,
    )  # fmt: skip


def _simulate(folder: Path, scale: float) -> None:
    subprocess.run(
        [sys.executable, "-c", "from kiosk.cli import main; main()", "simulate-nation", "--scale", str(scale),
         "--out", str(folder)], check=True, capture_output=True,
    )  # fmt: skip


def _check(folder: Path, count: int) -> Row:
    """Every check of a packet, on all cores as the tally does, against hashing it and verifying its signatures."""
    some = [p for p in intake.files_in(folder / "packets") if "copy" not in p.name][:200]
    paths = (some * -(-count // len(some)))[:count]
    election = (folder / "centre" / "election.dsse.json").read_bytes()
    key = Ed25519PrivateKey.generate()
    message = b"x" * 400
    signed = key.sign(message), message, key.public_key().public_bytes_raw()
    signatures = {path: _signatures(path) for path in some}

    def bare() -> float:
        started = perf_counter()
        with workers() as pool:
            list(pool.map(_bare, ((p, signatures[p], *signed) for p in paths), chunksize=4))
        return (perf_counter() - started) * 1000 / len(paths)

    list(intake.check_all(some[:20], Against(election)))
    started = perf_counter()
    done = list(intake.check_all(paths, Against(election)))
    ours = (perf_counter() - started) * 1000 / len(paths)
    assert sum(not x.code for x in done) >= len(paths) * 0.97
    return row(
        f"check {count:,} packets, each", ([ours], [bare()]), "SHA-256 and the same number of Ed25519",
        "≤ 3 ×", lambda r: r.ratio is not None and r.ratio <= 3,
        f"both in {cores()} processes; {sum(p.stat().st_size for p in paths) // len(paths):,} bytes each",
    )  # fmt: skip


def _bare(given: tuple[Path, int, bytes, bytes, bytes]) -> None:
    path, signatures, signature, message, public = given
    hashlib.sha256(path.read_bytes()).hexdigest()
    key = Ed25519PublicKey.from_public_bytes(public)
    for _n in range(signatures):
        key.verify(signature, message)


def _signatures(path: Path) -> int:
    """How many signatures a check of this packet verifies: manifest, credential, checkpoints of the journal."""
    try:
        entries = archive.read_file(path, c.ENTRIES)
        envelope = signing.read(entries[c.MANIFEST], c.MANIFEST_TYPE)
    except Exception:  # noqa: BLE001 (a planted damage: nothing is verified)
        return 0
    return len(envelope.signatures) + 1 + entries[c.JOURNAL].count(b'{"checkpoint":')


def _resident(pid: int) -> int:
    """Kilobytes of a process and all its children, each page counted once (PSS)."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return 0
    own = next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return own + sum(_resident(int(child)) for child in children)


def _tally(folder: Path, name: str) -> tuple[Row, float]:
    """The tally from the packets alone, as the commission runs it; (row, milliseconds for each packet)."""
    count = len(intake.files_in(folder / "packets"))
    started = perf_counter()
    command = [
        sys.executable, "-c", "from kiosk.cli import main; main()", "tally", str(folder / "packets"),
        "--centre", str(folder / "centre"), "--authority-key", str(folder / "authority.json"),
        "--out", str(folder / f"tally-{name}"),
    ]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        peak = 0.0
        while process.poll() is None:
            peak = max(peak, _resident(process.pid) / 1000)
            sleep(0.2)
    assert process.returncode == 0
    seconds = perf_counter() - started
    made = row(
        f"whole tally, {count:,} packets", ([seconds * 1000], []), "–", "≤ 3 min, ≤ 1.5 GB",
        lambda r: seconds <= 180 and peak <= 1500, f"peak {peak:,.0f} MB with both workers",
    )  # fmt: skip
    return made, seconds * 1000 / count
