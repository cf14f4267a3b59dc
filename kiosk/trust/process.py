"""What the system may see of a program that holds keys: nothing, as far as the system lets a program say so."""

import ctypes
import resource
from contextlib import suppress

_PR_SET_DUMPABLE = 4  # prctl(2)
_CURRENT, _FUTURE, _ONFAULT = 1, 2, 4  # mlockall(2)


def close_to_others() -> None:
    """No core file, no reading of this program's memory by another program of the same user, no swapping of it.

    Linux; elsewhere, or where it is refused, the program goes on: it is the second fence, not the first.
    """
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    # No key is swapped to the disk. With a limit, memory that is asked for later would be refused: then nothing is
    # locked (docs/terminal.md says how to lift it).
    with suppress(OSError, AttributeError, ValueError):
        if resource.getrlimit(resource.RLIMIT_MEMLOCK)[0] == resource.RLIM_INFINITY:
            ctypes.CDLL(None, use_errno=True).mlockall(_CURRENT | _FUTURE | _ONFAULT)
