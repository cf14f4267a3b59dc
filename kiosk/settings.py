"""Where the program's own files lie, and the few numbers that are policy of the software, not of an election."""

from pathlib import Path
from typing import Literal, get_args

_INSTALLED = Path(__file__).parent / "resources"
RESOURCES = _INSTALLED if _INSTALLED.is_dir() else Path(__file__).parent.parent / "resources"

Language = Literal["ky", "ru", "en"]
LANGUAGES: tuple[str, ...] = get_args(Language)

# Wrong badge PINs (docs/trust.md): free tries, then waits that double, then the badge is blocked at this
# station for a while; the chair and a member may unblock it.
PIN_FREE_TRIES = 5
PIN_FIRST_WAIT_SECONDS = 15
PIN_BLOCK_AFTER = 15
PIN_BLOCK_MINUTES = 60  # then one more try: a stranger gets 24 a day, and nobody is shut out for good

LOOK_UP_SECONDS = 1.0  # between two public look-ups of one's own entry

COPY_AGAIN_SECONDS = 20  # between two looks for a second medium that was lost

# The journal is signed at every phase change and after this many entries.
CHECKPOINT_EVERY = 50
