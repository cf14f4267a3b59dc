"""The three NIST common data formats, made from the packet's own records and from nothing else.

SP 1500-100 v2 (results), SP 1500-103 v1 (cast vote records), SP 1500-101 v1 (event log). Each is a function of
records that are in the packet too: checking one means making it again and comparing bytes.
"""

from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec

from kiosk.packet.content import Protocol

_SECONDS = frozenset(f"{n:02d}" for n in range(60))

SELECTION_AGAINST_ALL = "selection-against-all"


class Source(msgspec.Struct, frozen=True):
    """What every report needs to know."""

    protocol: Protocol
    created: str  # of the packet
    software: str

    @property
    def device(self) -> str:
        return f"kiosk-{self.protocol.station}"

    @property
    def unit(self) -> str:
        return f"station-{self.protocol.station}"

    def selection(self, number: int) -> str:
        return f"selection-{number}" if number else SELECTION_AGAINST_ALL


def moment(text: str) -> str:
    """Whole seconds with a numeric zone, as the schemas' pattern wants. ValueError for what is no moment, or not
    written the one way a station writes it: two readers must not find two times in it."""
    if text[17:19] in _SECONDS and _is_minute(text[:17], text[19:]):
        return text  # as most are: a packet has thousands, of the same few hundred minutes
    found = datetime.fromisoformat(text)
    zone = found.utcoffset()
    if zone is None or zone.seconds % 60 or found.isoformat() != text:
        raise ValueError(text)
    return found.isoformat(timespec="seconds")


@lru_cache(10_000)
def _is_minute(start: str, zone: str) -> bool:
    """Whether `start` up to the seconds and `zone` after them are written as `isoformat` writes them."""
    text = f"{start}00{zone}"
    return len(zone) == len("+06:00") and datetime.fromisoformat(text).isoformat() == text


def contest(prefix: str, source: Source) -> dict[str, Any]:
    """What the two formats that describe a contest say alike."""
    return {
        "@id": "contest",
        "@type": f"{prefix}.CandidateContest",
        "Name": source.protocol.heading.district_ru,
        "NumberElected": source.protocol.heading.seats,
        "VotesAllowed": 1,
        "VoteVariation": "other",
        "OtherVoteVariation": "plurality, at most two of one sex",
    }


def text(ky: str, ru: str) -> dict[str, Any]:
    """A name in both languages, as SP 1500-100 writes it."""
    return {
        "@type": "ElectionResults.InternationalizedText",
        "Text": [
            {"@type": "ElectionResults.LanguageString", "Language": language, "Content": content}
            for language, content in (("ky", ky), ("ru", ru))
        ],
    }
