"""Setting up a terminal: a signed package from a stick becomes the station's folder, or nothing changes.

Every check is told as it is made, for the technician's screen.
"""

import hashlib
from pathlib import Path

from kiosk.day.folder import ATTEMPTS, FIXED, NATION
from kiosk.election.definition import Purpose
from kiosk.errors import IntegrityError
from kiosk.packet import package
from kiosk.packet.verify import Check
from kiosk.progress import Progress, silent
from kiosk.storage.files import copy, whole_folder, write_file
from kiosk.text import N_
from kiosk.trust.attempts import EMPTY
from kiosk.trust.keys import fingerprint


def nation_near(package_file: Path) -> Path | None:
    """The nation index lies beside the package or one folder up, as provisioning writes it."""
    places = (package_file.parent / NATION, package_file.parent.parent / NATION)
    return next((place for place in places if place.is_file()), None)


def load_package(
    source: Path,
    nation: Path,
    folder: Path,
    purpose: Purpose,
    *,
    authority_fingerprint: str | None,
    progress: Progress = silent,
) -> list[Check]:
    """Check `source` (and the `nation` index beside it) and lay out `folder`; what was checked.

    `purpose`: what this terminal is for; a package for anything else is refused (P8). `authority_fingerprint`: read
    from paper; None only for demo and test. IntegrityError: as `package.read_file`, and `purpose_foreign`,
    `fingerprint_differs`, `fingerprint_missing`, `nation_differs`, `folder_in_use`.
    """
    found = package.read_file(source)
    checks = _compare(found, purpose, authority_fingerprint, source.name)
    with whole_folder(folder) as part:
        _copy_checked(nation, part / NATION, found.manifest.nation, progress)
        checks.append(Check(N_("nation index"), str(found.manifest.nation.size)))
        for name in FIXED:
            if name != NATION:
                write_file(part / name, found.entries[name])
        write_file(part / ATTEMPTS, EMPTY)
    return checks


def compare_with_paper(found: Purpose, wanted: Purpose, authority: bytes, paper: str | None) -> bool:
    """Whether the authority's fingerprint was compared with what was read from paper. IntegrityError:
    `purpose_foreign`, `fingerprint_missing` (at an official terminal), `fingerprint_differs`."""
    if found != wanted:
        raise IntegrityError("purpose_foreign", found=found, wanted=wanted)
    typed = "".join((paper or "").split()).lower()
    if not typed and wanted == "official":
        raise IntegrityError("fingerprint_missing")
    if typed and typed != fingerprint(authority).replace(" ", ""):
        raise IntegrityError("fingerprint_differs")
    return bool(typed)


def _compare(found: package.Package, purpose: Purpose, paper: str | None, name: str) -> list[Check]:
    """The package with what the technician knows: what this terminal is for, and the fingerprint on paper."""
    manifest = found.manifest
    compared = compare_with_paper(manifest.purpose, purpose, found.election.authority, paper)
    real = fingerprint(found.election.authority)
    return [
        Check(N_("package, signed by the authority"), name),
        Check(N_("sizes and hashes"), str(len(manifest.entries))),
        Check(N_("definition"), manifest.definition_hash[:16]),
        Check(N_("station"), str(manifest.station)),
        Check(N_("purpose"), manifest.purpose),
        Check(N_("authority, compared with paper") if compared else N_("authority, NOT compared"), real),
    ]


def _copy_checked(source: Path, target: Path, wanted: package.Nation, progress: Progress) -> None:
    digest = hashlib.sha256()
    done = 0

    def look(block: bytes) -> None:
        nonlocal done
        digest.update(block)
        done += len(block)
        if done > wanted.size:
            raise IntegrityError("nation_differs")
        progress("loading", done, wanted.size)

    copy(source, target, look)
    if done != wanted.size or digest.hexdigest() != wanted.sha256:
        raise IntegrityError("nation_differs")
