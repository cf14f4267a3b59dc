"""A running `kiosk` leaves no core file and can't be read by another program of the same user."""

import subprocess
import sys

import pytest

_ASKED = """
import ctypes, resource, sys
from kiosk import cli
sys.argv = ["kiosk", "--help"]
try:
    cli.main()
except SystemExit:
    pass
print("dumpable", ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), "core", *resource.getrlimit(resource.RLIMIT_CORE))
"""


def test_no_core_and_not_dumpable() -> None:
    said = subprocess.run([sys.executable, "-c", _ASKED], capture_output=True, text=True, check=True).stdout
    assert said.splitlines()[-1] == "dumpable 0 core 0 0"


_LOCKED = """
import resource
from pathlib import Path
from kiosk.trust.process import close_to_others
resource.setrlimit(resource.RLIMIT_MEMLOCK, ({limit}, {limit}))
close_to_others()
secret = bytearray(b"k" * 5_000_000)
line = next(x for x in Path("/proc/self/status").read_text().splitlines() if x.startswith("VmLck"))
print(int(line.split()[1]) // 1024)
"""


def test_no_key_is_swapped_where_memory_may_be_locked() -> None:
    """And with a limit nothing is locked: what is asked for later would be refused."""
    for limit, enough in (("65536", False), ("resource.RLIM_INFINITY", True)):
        run = [sys.executable, "-c", _LOCKED.format(limit=limit)]
        done = subprocess.run(run, capture_output=True, text=True, check=False)
        if done.returncode and "not allowed to raise" in done.stderr:
            pytest.skip("this user may not lift its limit")
        assert (int(done.stdout) >= 5) == enough, (done.stdout, done.stderr)
