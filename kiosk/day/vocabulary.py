"""What people at a station choose from: reasons, and the kinds, categories and states of complaints.

The words are a table each in resources/terms.toml, in this order; a test compares the two. The sheets that offer them,
the journal and the register follow (docs/changing.md, "A reason to choose").
"""

from typing import Literal

PauseReason = Literal["power", "incident", "evacuation", "device"]
WithdrawReason = Literal["wrong_person", "changed_mind", "device", "other"]
AbandonReason = Literal["left", "refused", "device", "other"]
Author = Literal["voter", "observer", "candidate", "agent", "member", "media", "other", "station"]
Category = Literal[
    "campaigning", "honour", "administrative_resource", "vote_buying", "secrecy", "technical", "mobile_voting",
    "count", "other",
]  # fmt: skip
Status = Literal[
    "received", "under_review", "forwarded", "warning", "measures", "dismissed", "withdrawn", "appealed"
]  # fmt: skip

TABLES = {
    "pause": PauseReason,
    "withdraw": WithdrawReason,
    "abandon": AbandonReason,
    "author": Author,
    "category": Category,
    "status": Status,
}
