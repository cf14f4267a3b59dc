"""A running `kiosk` leaves no core file and can't be read by another program of the same user."""

import subprocess
import sys

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
