"""Every event the journal can hold. Written by packaging/journal_events.py; the table is in resources."""

import tomllib
from functools import cache
from typing import Any, Literal

from kiosk.settings import RESOURCES

JournalEvent = Literal[
    "station_loaded",
    "signed_in",
    "signed_out",
    "badge_pin_wrong",
    "tries_lost",
    "badge_blocked",
    "badge_unblocked",
    "looked_up",
    "screen_relieved",
    "attended",
    "not_permitted",
    "self_test",
    "zero_report",
    "phase_changed",
    "box_made",
    "ballot_given",
    "ballot_cast",
    "ballot_abandoned",
    "ballot_withdrawn",
    "refused",
    "voter_struck_off",
    "home_vote",
    "paused",
    "resumed",
    "restarted",
    "taken_over",
    "mirror_lost",
    "mirror_kept",
    "counter_kept",
    "counter_lost",
    "counts_explained",
    "slip_printed",
    "clock_backwards",
    "incident",
    "complaint_registered",
    "complaint_changed",
    "recovery_asked",
    "box_opened",
    "counted",
    "box_key_destroyed",
    "hand_count_entered",
    "hand_counts_differ",
    "act_written",
    "protocol_signed",
    "protocol_corrected",
    "packet_exported",
    "export_failed",
    "reopened",
]


@cache
def event_table() -> dict[str, dict[str, Any]]:
    """event → severity, fields, sentence and, where it is one, `failed`."""
    return tomllib.loads((RESOURCES / "journal-events.toml").read_text("utf-8"))
