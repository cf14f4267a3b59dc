"""A counter in the terminal's TPM 2.0 that only goes up: nobody who copies disks back can copy it back too.

Each station has one of its own per election. A counter that is removed and made anew begins above all that the TPM has
ever counted, so removing it gains nothing either. Needs `tpm2-pytss`; a terminal without it, or without a TPM, has
no such counter (docs/threat-model.md).
"""

import hashlib
import threading
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Protocol

from kiosk.errors import DeviceError

_DEVICE = Path("/dev/tpmrm0")
_FIRST, _PLACES = 0x01A0_0000, 1 << 16  # among the indices that belong to the owner (TCG registry of reserved handles)
_UNKNOWN_HANDLE = 0x18B  # TPM_RC_HANDLE of the first handle


class Counter(Protocol):
    def value(self) -> int | None:
        """None: it has never been made. DeviceError `tpm_failed`."""
        ...

    def step(self) -> None:
        """One up; makes it where there is none. DeviceError `tpm_failed`."""
        ...


Counters = Callable[[str, int], Counter]  # definition's hash, station → its counter


def on_this_machine() -> Counters | None:
    """None where there is no TPM, or nothing that speaks to it."""
    if not _DEVICE.exists():
        return None
    try:
        import tpm2_pytss  # noqa: F401
    except (ImportError, OSError):
        return None
    return lambda definition_hash, station: TpmCounter(f"device:{_DEVICE}", definition_hash, station)


DEADLINE_S = 3.0  # a TPM takes a twentieth of a second


class Follower:
    """Steps the counter once for each commit, in a thread of its own; a TPM that fails or hangs is left behind."""

    def __init__(self, counter: Counter, deadline_s: float = DEADLINE_S) -> None:
        self._counter = counter
        self._deadline_s = deadline_s
        self.lost = False
        self._told = False
        self._stepped = threading.Event()
        self._stepped.set()
        self._due: SimpleQueue[bool] = SimpleQueue()
        threading.Thread(target=self._work, name="tpm", daemon=True).start()

    def committed(self) -> None:
        if self.lost:
            return
        if not self._stepped.wait(self._deadline_s):
            self.lost = True
            return
        self._stepped.clear()
        self._due.put(True)

    def is_news(self) -> bool:
        """That it is lost, once."""
        told, self._told = self._told, self.lost
        return self.lost and not told

    def end(self) -> None:
        """After the last commit: its step is waited for, and the thread goes."""
        self._stepped.wait(self._deadline_s)
        self._due.put(False)

    def _work(self) -> None:
        while self._due.get():
            try:
                self._counter.step()
            except DeviceError:
                self.lost = True
            finally:
                self._stepped.set()


class TpmCounter:
    """`tcti`: how to reach the TPM, as the TSS library writes it. One thread at a time."""

    def __init__(self, tcti: str, definition_hash: str, station: int) -> None:
        digest = hashlib.sha256(f"ks1 counter {definition_hash} {station}".encode()).digest()
        self._index = _FIRST + int.from_bytes(digest[:4], "big") % _PLACES
        self._tcti = tcti
        self._esys: Any = None
        self._handle: Any = None

    def value(self) -> int | None:
        found: int | None = self._ask(self._value)
        return found

    def step(self) -> None:
        self._ask(self._step)

    def _value(self) -> int | None:
        handle = self._known()
        if handle is None:
            return None
        return int.from_bytes(bytes(self._esys.nv_read(handle, 8, auth_handle=handle)), "big")

    def _step(self) -> None:
        handle = self._known() or self._make()
        self._esys.nv_increment(handle, auth_handle=handle)

    def _known(self) -> Any:
        from tpm2_pytss import TSS2_Exception

        if self._handle is None:
            try:
                self._handle = self._esys.tr_from_tpmpublic(self._index)
            except TSS2_Exception as error:
                if error.rc != _UNKNOWN_HANDLE:
                    raise
        return self._handle

    def _make(self) -> Any:
        from tpm2_pytss import TPM2_ALG, TPM2_NT, TPM2B_NV_PUBLIC, TPMA_NV, TPMS_NV_PUBLIC

        kind = TPMA_NV.AUTHREAD | TPMA_NV.AUTHWRITE | TPMA_NV.NO_DA | (TPM2_NT.COUNTER << TPMA_NV.TPM2_NT_SHIFT)
        public = TPMS_NV_PUBLIC(
            nvIndex=self._index, nameAlg=TPM2_ALG.SHA256, attributes=kind, authPolicy=b"", dataSize=8
        )
        self._handle = self._esys.nv_define_space(b"", TPM2B_NV_PUBLIC(nvPublic=public))
        return self._handle

    def _ask(self, what: Callable[[], Any]) -> Any:
        from tpm2_pytss import ESAPI, TSS2_Exception

        try:
            if self._esys is None:
                self._esys = ESAPI(self._tcti)
            return what()
        except (TSS2_Exception, OSError, RuntimeError) as error:
            self.close()
            raise DeviceError("tpm_failed", reason=str(error)[:80]) from error

    def close(self) -> None:
        """Until it is asked again."""
        esys, self._esys, self._handle = self._esys, None, None
        if esys is not None:
            esys.close()
