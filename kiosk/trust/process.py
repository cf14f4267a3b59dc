"""What the system may see of a program that holds keys: nothing, as far as the system lets a program say so."""

import ctypes
import resource
from contextlib import suppress

_PR_SET_DUMPABLE = 4  # prctl(2)


def close_to_others() -> None:
    """No core file, and no reading of this program's memory by another program of the same user.

    Linux; elsewhere, or where it is refused, the program goes on: it is the second fence, not the first.
    """
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
