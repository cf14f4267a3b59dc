"""A running `kiosk` leaves no core file and can't be read by another program of the same user."""

import ctypes
import resource
import subprocess
import sys
from types import SimpleNamespace

import pytest

from kiosk.trust import process

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
try:
    resource.setrlimit(resource.RLIMIT_MEMLOCK, ({limit}, {limit}))
except ValueError:
    pass
unlimited = resource.getrlimit(resource.RLIMIT_MEMLOCK)[0] == resource.RLIM_INFINITY
close_to_others()
secret = bytearray(b"k" * 5_000_000)
line = next(x for x in Path("/proc/self/status").read_text().splitlines() if x.startswith("VmLck"))
print(int(unlimited), int(line.split()[1]) // 1024)
"""


@pytest.mark.parametrize("limit", ["65536", "resource.RLIM_INFINITY"])
def test_memory_is_locked_just_where_there_is_no_limit(limit: str) -> None:
    """The system's own figure. A user that may not lift the limit shows the limited case twice; the next test shows
    what is asked of the system in both."""
    run = [sys.executable, "-c", _LOCKED.format(limit=limit)]
    unlimited, locked = map(int, subprocess.run(run, capture_output=True, text=True, check=True).stdout.split())
    assert (locked >= 5) == bool(unlimited)


@pytest.mark.parametrize(("limit", "asked"), [(65536, []), (resource.RLIM_INFINITY, [1 | 2 | 4])])
def test_what_is_asked_of_the_system(monkeypatch: pytest.MonkeyPatch, limit: int, asked: list[int]) -> None:
    """All memory, also what comes later (mlockall(2): MCL_CURRENT, MCL_FUTURE, MCL_ONFAULT), or nothing: with a
    limit, what is asked for later would be refused."""
    seen: list[int] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: (limit, limit))
    monkeypatch.setattr(resource, "setrlimit", lambda *_: None)
    system = SimpleNamespace(prctl=lambda *_: 0, mlockall=seen.append)
    monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: system)
    process.close_to_others()
    assert seen == asked
