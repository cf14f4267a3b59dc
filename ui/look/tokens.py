"""Colours by role and sizes in millimetres: the only place where a colour or a size is a number.

Numbers to hold: docs/screens.md (VVSG 2.0). Contrast is computed by `contrast`, and a test holds every palette to it.
"""

from typing import Literal, NamedTuple

Contrast = Literal["standard", "black_on_white", "white_on_black", "yellow_on_black", "low"]


class Palette(NamedTuple):
    """`*_wash`: a filled band; its words are written in the colour of the same name."""

    page: str
    surface: str
    ink: str
    muted: str
    line: str  # hairlines between things, never the only sign of anything
    edge: str  # the outline of what can be touched
    act: str
    on_act: str
    tint: str  # what is chosen
    good: str
    good_wash: str
    warn: str
    warn_wash: str
    bad: str
    bad_wash: str


PALETTES: dict[Contrast, Palette] = {  # in the order in which the button "colours" goes through them
    "standard": Palette(
        page="#F0F3F6", surface="#FFFFFF", ink="#10151C", muted="#2A333D", line="#D3DAE2", edge="#7A8896",
        act="#0B3C6B", on_act="#FFFFFF", tint="#EDF4FB",
        good="#064023", good_wash="#DFF2E6", warn="#4A2F00", warn_wash="#FFF0CF", bad="#6E0D18", bad_wash="#FBE6E8",
    ),
    "black_on_white": Palette(
        page="#FFFFFF", surface="#FFFFFF", ink="#000000", muted="#000000", line="#000000", edge="#000000",
        act="#000000", on_act="#FFFFFF", tint="#FFFFFF",
        good="#000000", good_wash="#FFFFFF", warn="#000000", warn_wash="#FFFFFF", bad="#000000", bad_wash="#FFFFFF",
    ),
    "white_on_black": Palette(
        page="#000000", surface="#000000", ink="#FFFFFF", muted="#FFFFFF", line="#FFFFFF", edge="#FFFFFF",
        act="#FFFFFF", on_act="#000000", tint="#000000",
        good="#FFFFFF", good_wash="#000000", warn="#FFFFFF", warn_wash="#000000", bad="#FFFFFF", bad_wash="#000000",
    ),
    "yellow_on_black": Palette(
        page="#000000", surface="#000000", ink="#FFFF00", muted="#FFFF00", line="#FFFF00", edge="#FFFF00",
        act="#FFFF00", on_act="#000000", tint="#000000",
        good="#FFFF00", good_wash="#000000", warn="#FFFF00", warn_wash="#000000", bad="#FFFF00", bad_wash="#000000",
    ),
    "low": Palette(
        page="#E4E0D6", surface="#E9E5DB", ink="#55524A", muted="#55524A", line="#C9C4B8", edge="#7D7A70",
        act="#4C5A66", on_act="#E9E5DB", tint="#DFE0DA",
        good="#3E5A48", good_wash="#DDE3D8", warn="#6A5020", warn_wash="#EADFC4", bad="#7A3B3F", bad_wash="#EBDAD6",
    ),
}  # fmt: skip

# Of what is not official, and alike in every contrast: stripes, what they lie on, a word and its ground.
EDGE, EDGE_STRIPE, EDGE_GROUND, EDGE_WORD = "#F5C56B", "#6B4700", "#FFFFFF", "#4A2F00"
VEIL = "#BE10151C"  # over what stands behind a sheet: alpha first

# Millimetres.
TARGET = 13.0  # what a finger can hit: 12.7 at least
PRIMARY = 15.5
SCROLLBAR = 12.9  # on a small screen it may shrink: a finger moves the page itself
GAP = 2.7  # between targets: 2.54 at least
STEP = 2.1  # spacing comes in steps of 8 px at 96 dpi
RADIUS = 3.7

# Height of the type (the em), for staff. Inter's capitals are 0.727 of it.
CAPTION, BODY, STRONG, TITLE, DISPLAY, NAME, GIANT = 4.0, 4.5, 5.2, 6.3, 9.4, 14.0, 26.0
CAPITALS_PER_EM = 0.727

VOTER_CAPITALS = (3.5, 4.8, 6.4, 8.5)  # what a voter may choose
VOTER_DEFAULT = 1

DPI = 96.0


DENSE_BELOW = 165.0  # mm of a screen's height: a 10-inch one has 152, a 13-inch one 203
_DENSE, _DENSE_TYPE = 0.66, 0.8
_FINGERS = 16.0  # up to here a size is a target's


class Scale(NamedTuple):
    """Millimetres → pixels of one screen. `em`: of a voter's ordinary text, as chosen; the staff's is BODY. `dense`: a
    small screen, where everything shrinks but what a finger must hit and what a voter must read."""

    dpi: float = DPI
    em: float = BODY
    dense: bool = False

    def px(self, mm: float) -> int:
        if self.dense and not TARGET <= mm <= _FINGERS:
            mm = max(mm * _DENSE, min(mm, GAP))
        return self.exact(mm)

    def exact(self, mm: float) -> int:
        return max(1, round(mm * self.dpi / 25.4))

    def type_px(self, mm: float) -> int:
        """Pixels of the em of a kind of text. For a voter nothing is smaller than what was chosen, and headings grow
        with it, though less: the largest letters must leave room for names."""
        if self.em == BODY:
            return self.exact(mm * _DENSE_TYPE if self.dense else mm)
        return self.exact(max(self.em, self.em + (mm - BODY) * (0.3 if self.dense else 0.6)))


def voter_em(size: int) -> float:
    """The em in mm whose capitals have the height that the voter chose."""
    return VOTER_CAPITALS[size] / CAPITALS_PER_EM


def next_contrast(now: Contrast) -> Contrast:
    kinds = list(PALETTES)
    return kinds[(kinds.index(now) + 1) % len(kinds)]


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio of two colours, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
