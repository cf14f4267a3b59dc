"""Numbers as they are written in the reader's language: one place for groups, decimals and the spaces around them."""

from kiosk.text import language

NARROW = "\u202f"  # a space that is narrow and never breaks


def number(value: int) -> str:
    """1 726: groups of three with a narrow space; a comma would be a decimal in Kyrgyz and Russian."""
    return f"{value:,}".replace(",", NARROW)


def tenths(part: int, whole: int) -> str:
    """Of a hundred, with one decimal, a half rounded up: 36,9; in English 36.9. "–" of nothing."""
    if not whole:
        return "–"
    found = (2000 * part + whole) // (2 * whole)
    return f"{found // 10}{'.' if language() == 'en' else ','}{found % 10}"


def percent(part: int, whole: int) -> str:
    return f"{tenths(part, whole)}{NARROW}%" if whole else "–"
