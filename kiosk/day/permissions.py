"""Who may do what: the one table (domain.md, "People")."""

from typing import Literal

from kiosk.election.definition import Role
from kiosk.errors import Refusal

Verb = Literal[
    "identify", "give", "withdraw", "abandon", "strike_off", "home_vote", "incident", "complaint", "pause", "resume",
    "attend", "prepare", "open", "close", "reopen", "count", "hand_count", "act", "sign", "export", "print",
    "diagnostics",
]  # fmt: skip

MAY: dict[Role, frozenset[Verb]] = {
    "clerk": frozenset({"identify", "give", "withdraw", "pause", "incident"}),
    "member": frozenset({"attend", "count", "hand_count", "act", "sign", "complaint", "print"}),
    "chair": frozenset(
        {
            "identify",
            "give",
            "withdraw",
            "abandon",
            "strike_off",
            "home_vote",
            "incident",
            "complaint",
            "pause",
            "resume",
            "attend",
            "prepare",
            "open",
            "close",
            "reopen",
            "count",
            "hand_count",
            "act",
            "sign",
            "export",
            "print",
        }
    ),
    "technician": frozenset({"diagnostics"}),
}


def refusal(role: Role, verb: Verb) -> Refusal | None:
    return None if verb in MAY[role] else Refusal("not_permitted", {"role": role, "verb": verb})
