"""What systems keep on a stick or in a folder beside what people put there: deleted files, indexes, halves of copies.

A file there was thrown away, or was never somebody's: it is not offered, not taken in, and stands for nothing.
"""

import re

_FOLDERS = frozenset((
    "$recycle.bin", "recycler", "recycled", "system volume information", "lost+found", "lost.dir", "__macosx",
    "#recycle", "@recycle", "@eadir", "@tmp", "network trash folder", "temporary items", "trash", "$extend",
))  # fmt: skip
# A hidden file, one of Windows's check of a disk, the two halves of a file in its bin, an office program's lock.
_NAMES = re.compile(r"\.|found\.\d{3}$|\$[ir][0-9a-z]{6}|~\$", re.I)


def is_leftover(name: str) -> bool:
    """Of a file or a folder, without its path."""
    return name.lower() in _FOLDERS or bool(_NAMES.match(name))
