"""What is kept of a crash: the kind of error and where, never a message or a value that could hold personal data."""

import traceback
from datetime import UTC, datetime
from pathlib import Path

_KEPT = 20
_PATTERN = "crash-*.txt"


def keep(folder: Path, error: BaseException) -> str:
    """Write the trace beside the data folder; its short code, for the error screen and the telephone."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [type(error).__name__, *(f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in frames)]
    last = frames[-1] if frames else None
    code = f"{type(error).__name__}-{Path(last.filename).stem}-{last.lineno}" if last else type(error).__name__
    try:
        folder.mkdir(parents=True, exist_ok=True)
        text, now = "\n".join(lines) + "\n", datetime.now(UTC)
        before = kept(folder)
        if before and before[-1] == text:
            return code  # again and again the same: the first trace of another kind must not be pushed out
        (folder / f"crash-{now:%Y%m%d-%H%M%S}.txt").write_text(text, "utf-8")
        for old in sorted(folder.glob(_PATTERN))[:-_KEPT]:
            old.unlink(missing_ok=True)
    except OSError:
        pass  # the screen still says what happened
    return code


def kept(folder: Path) -> list[str]:
    return [path.read_text("utf-8", "replace") for path in sorted(folder.glob(_PATTERN))]
