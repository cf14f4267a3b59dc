"""The mirror: a second medium with the whole station on it, so that a spare terminal can take over within minutes.

The files of the day are kept equal commit by commit (kiosk.storage.database); here are the ones that never change.
"""

import shutil
from pathlib import Path

from kiosk.day.setup import NATION
from kiosk.packet import package
from kiosk.storage.database import Mirror, sync_folder

_STATIC = (package.ELECTION, package.CREDENTIAL, package.KEYRING, package.VAULT, package.ROLL, NATION)
_SMALL = ("attempts.json", "box-key.json", "box-public.bin")


def bring_up(folder: Path, mirror: Mirror) -> None:
    """Copy what is missing or different on the mirror. A medium that fails is given up, never waited for."""
    try:
        mirror.folder.mkdir(parents=True, exist_ok=True)
        for name in (*_STATIC, *_SMALL, *(p.name for p in folder.glob("*.packet.zip"))):
            source, target = folder / name, mirror.folder / name
            if not source.exists():
                target.unlink(missing_ok=True)
            elif not target.exists() or _differ(source, target):
                part = target.with_name(target.name + ".part")
                shutil.copyfile(source, part)
                part.replace(target)
        sync_folder(mirror.folder)
    except OSError:
        mirror.lost = True


def _differ(one: Path, two: Path) -> bool:
    if one.stat().st_size != two.stat().st_size:
        return True
    return one.stat().st_size < 1 << 20 and one.read_bytes() != two.read_bytes()
