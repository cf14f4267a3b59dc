"""Running the program: in this process for speed, or as a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner, Result

from kiosk.cli import kiosk

KEY = "ab" * 32

RESULTS = """district,candidate,sex,votes,filed
1,A,m,100,1
1,B,m,90,2
1,C,m,80,3
1,D,f,10,4
1,against_all,,150,
2,E,m,5,1
2,F,f,5,2
2,G,m,4,3
2,H,m,4,3
3,I,m,5,1
4,J,m,9,1
4,K,f,8,2
4,L,f,7,4
4,M,f,7,3
"""


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(kiosk, [str(a) for a in arguments])


def program(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).parent / "kiosk", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )
