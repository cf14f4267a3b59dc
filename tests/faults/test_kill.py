"""P3: a casting process killed 200 times loses no acknowledged ballot and repeats none."""

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from kiosk.ballot.box import Box
from kiosk.ballot.count import open_box
from kiosk.trust import keys
from tests.stage.day_file import open_box as open_day_box
from tests.stage.world import small_source

KILLS = 200
SEED, STATION_SEED = b"s" * 32, b"t" * 32
HASH, STATION = "h" * 64, 101

CASTER = """
import sys
from pathlib import Path
from kiosk.ballot.ballot import Ballot
from kiosk.trust import keys
from tests.stage.day_file import open_box
box = open_box(Path(sys.argv[1]), {hash!r}, {station})
public = keys.read_sealing_public(keys.sealing_public({seed!r}))
key = keys.signing_key({station_seed!r})
n = int(sys.argv[2])
print("ready", flush=True)
while True:
    n += 1
    box.cast(Ballot(1, n), public, key.sign)   # every ballot is another, so that a repeated one shows
    print(n, flush=True)                       # “recorded”
"""


def test_two_hundred_kills(tmp_path: Path) -> None:
    path = tmp_path / "day.sqlite"
    open_day_box(path, HASH, STATION, slots=20_000)._database.close()
    code = CASTER.format(hash=HASH, station=STATION, seed=SEED, station_seed=STATION_SEED)
    dice = random.Random(3)
    acknowledged: list[int] = []
    started = 0
    for _ in range(KILLS):
        process = subprocess.Popen(
            [sys.executable, "-c", code, str(path), str(started)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        time.sleep(dice.uniform(0, 0.03))
        process.send_signal(signal.SIGKILL)
        said = [int(line) for line in process.stdout.read().split("\n") if line]
        process.stdout.close()
        process.wait()
        acknowledged += said
        # The one after the last acknowledged may or may not be in; it must not be reused for another ballot.
        started = max([started, *said]) + 1
    box = open_day_box(path, HASH, STATION)
    station_key = keys.signing_public(keys.signing_key(STATION_SEED))
    stored = Counter(_choices(box, station_key))
    assert len(acknowledged) > KILLS // 10
    assert all(stored[n] == 1 for n in acknowledged), "an acknowledged ballot is lost or doubled"
    extra = set(stored) - set(acknowledged)
    assert all(stored[n] == 1 for n in extra)
    assert len(extra) <= KILLS  # at most the one in flight at each kill


def _choices(box: Box, station_key: bytes) -> list[int]:
    from kiosk.ballot import ballot as b
    from kiosk.trust.sealing import unseal

    private = keys.sealing_key(SEED)
    district = small_source().definition.district(1)
    assert (
        open_box(box.contents(), private, station_key, district, definition_hash=HASH, station=STATION).unreadable == 0
    )
    return [
        b.decode(unseal(sealed, private, b.box_info(HASH, STATION, slot))).choice
        for slot, sealed, _signature in box.contents()
    ]
