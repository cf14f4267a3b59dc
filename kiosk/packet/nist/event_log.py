"""NIST SP 1500-101: every entry of the journal with its sentence."""

from collections.abc import Iterable
from functools import cache
from typing import Any

import msgspec

from kiosk.journal.chain import Entry
from kiosk.journal.events import event_table
from kiosk.packet.nist import Source, moment

_ENCODER = msgspec.json.Encoder()


def report(entries: Iterable[Entry], source: Source) -> dict[str, Any]:
    return {
        "@type": "EventLogging.ElectionEventLog",
        "ElectionId": source.protocol.election,
        "GeneratedTime": moment(source.created),
        "Device": [
            {
                "@type": "EventLogging.Device",
                "Id": source.device,
                "Type": "dre",
                "Model": "kiosk",
                "Version": source.software,
                "HashType": "sha-256",
                "Event": msgspec.Raw(_ENCODER.encode([_event(entry) for entry in entries])),
            }
        ],
    }


class _Event(
    msgspec.Struct, frozen=True, tag_field="@type", tag="EventLogging.Event", omit_defaults=True, kw_only=True
):
    """Its fields in the order of canonical JSON, so that nothing is sorted: a packet has thousands."""

    description: str = msgspec.field(name="Description")
    disposition: str = msgspec.field(name="Disposition")
    hash: str = msgspec.field(name="Hash")
    id: str = msgspec.field(name="Id")
    sequence: str = msgspec.field(name="Sequence")
    severity: str = msgspec.field(name="Severity")
    time_stamp: str = msgspec.field(name="TimeStamp")
    type: str = msgspec.field(name="Type")
    user_id: str = msgspec.field(name="UserId", default="")


@cache
def kind_of(event: str) -> tuple[str, str, str]:
    """(sentence, disposition, severity)"""
    kind = event_table()[event]
    return kind["sentence"], "failure" if kind.get("failed") else "success", kind["severity"]


def _event(entry: Entry) -> _Event:
    sentence, disposition, severity = kind_of(entry.event)
    text = sentence.format_map(entry.fields) if entry.fields else sentence.format()
    return _Event(
        description=text,
        disposition=disposition,
        hash=entry.hash,
        id=entry.event,
        sequence=str(entry.seq),
        severity=severity,
        time_stamp=moment(entry.at),
        type=entry.event,
        user_id=entry.badge,
    )
