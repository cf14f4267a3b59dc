"""Who may do what, and who may stand before which page: two tables, role by role (docs/station.md, "People")."""

from collections.abc import Mapping
from typing import Literal, get_args

from kiosk.day.phases import PhaseName
from kiosk.election.definition import Role
from kiosk.errors import Refusal

Verb = Literal[
    "identify", "give", "withdraw", "abandon", "strike_off", "home_vote", "incident", "complaint", "pause", "resume",
    "attend", "prepare", "open", "close", "reopen", "count", "hand_count", "act", "sign", "correct", "export", "print",
    "explain", "take_over", "unblock", "diagnostics",
]  # fmt: skip

MAY: Mapping[Role, frozenset[Verb]] = {
    "clerk": frozenset({"identify", "give", "withdraw", "pause", "incident"}),
    "member": frozenset({"attend", "count", "hand_count", "act", "sign", "complaint", "print"}),
    "chair": frozenset({
        "identify", "give", "withdraw", "abandon", "strike_off", "home_vote", "incident", "complaint", "pause",
        "resume", "attend", "prepare", "open", "close", "reopen", "count", "hand_count", "act", "sign", "correct",
        "export", "print", "explain", "take_over", "unblock",
    }),
    "technician": frozenset({"diagnostics"}),
}  # fmt: skip

# Nobody has unlocked the folder: `unconfigured` or `sealed`; from then on it is the phase of the day.
Phase = Literal["unconfigured", "sealed", PhaseName]
# `starting`: the window does not know yet.
Page = Literal[
    "starting", "setup", "locked", "lookup", "desk", "handover", "booth", "day", "opening", "closing",
    "taking_over", "unblocking", "counting", "hand", "differences", "protocol", "export", "complaints",
]  # fmt: skip
Phases = frozenset[Phase]

_ALWAYS: Phases = frozenset(get_args(PhaseName)) | {"unconfigured", "sealed"}
_COUNTED: Phases = frozenset({"counted"})

# The first page of a role that the phase has is where somebody starts. None: nobody is signed in.
PAGES: Mapping[Role | None, Mapping[Page, Phases]] = {
    None: {
        "locked": _ALWAYS - {"unconfigured"},
        "setup": _ALWAYS,
        "lookup": frozenset({"posting"}),
    },
    "clerk": {"desk": _ALWAYS, "complaints": _ALWAYS},
    "member": {"hand": _COUNTED, "differences": _COUNTED, "complaints": _ALWAYS},
    "chair": {
        "day": _ALWAYS,
        "desk": _ALWAYS,
        "opening": frozenset({"posting", "ready"}),
        "closing": frozenset({"open", "paused"}),
        "taking_over": _ALWAYS,
        "unblocking": _ALWAYS,
        "counting": frozenset({"closed"}),
        "differences": _COUNTED,
        "protocol": _COUNTED,
        "export": frozenset({"signed", "exported"}),
        "complaints": _ALWAYS,
    },
    "technician": {"setup": _ALWAYS},
}


def refusal(role: Role, verb: Verb) -> Refusal | None:
    return None if verb in MAY[role] else Refusal("not_permitted", {"role": role, "verb": verb})
