"""Every sheet of a ballot has one length, whatever is on it.

A print queue, its log and the traffic to a printer tell the size of each sheet, in order: a size that follows the name
would tell the choice, a size that follows the district the voter's home.
"""

from kiosk.errors import DeviceError

LENGTH = 256 << 10  # bytes: a hundred candidates with long names need 105 kB, the example election 40 kB
_START = b"startxref\n"


def padded(pdf: bytes) -> bytes:
    """The same PDF, LENGTH bytes long: a comment before its table of objects, so that no object moves and nothing
    follows its end, which PDF/A forbids. DeviceError `form_unprintable` for a sheet that is too long."""
    at = pdf.rindex(_START) + len(_START)
    table = int(pdf[at : pdf.index(b"\n", at)])
    for digits in (len(str(table)), len(str(LENGTH))):  # the table's new place may need a digit more
        spaces = LENGTH - len(pdf) - (digits - len(str(table))) - len(b"%\n")
        moved = str(table + spaces + len(b"%\n"))
        if spaces >= 0 and len(moved) == digits:
            comment = b"%" + b" " * spaces + b"\n"
            return pdf[:table] + comment + pdf[table:at] + moved.encode() + pdf[at + len(str(table)) :]
    raise DeviceError("form_unprintable", form="ballot", reason=f"{len(pdf)} > {LENGTH}")
