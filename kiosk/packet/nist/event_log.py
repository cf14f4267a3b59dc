"""NIST SP 1500-101: every entry of the journal with its sentence."""

import tomllib
from collections.abc import Iterable
from functools import cache
from typing import Any

from kiosk.packet.nist import Source, moment
from kiosk.settings import RESOURCES
from kiosk.trust.chain import Entry


@cache
def event_table() -> dict[str, dict[str, Any]]:
    """event → severity, fields, sentence and, where it is one, `failed`."""
    return tomllib.loads((RESOURCES / "journal-events.toml").read_text("utf-8"))


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
                "Event": [_event(entry) for entry in entries],
            }
        ],
    }


def _event(entry: Entry) -> dict[str, Any]:
    kind = event_table()[entry.event]
    return {
        "@type": "EventLogging.Event",
        "Sequence": str(entry.seq),
        "Id": entry.event,
        "Type": entry.event,
        "TimeStamp": moment(entry.at),
        "Severity": kind["severity"],
        "Disposition": "failure" if kind.get("failed") else "success",
        "Description": kind["sentence"].format(**entry.fields),
        "Hash": entry.hash,
        **({"UserId": entry.badge} if entry.badge else {}),
    }
