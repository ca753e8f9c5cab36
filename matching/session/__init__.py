"""How does the plan change as people come and go, and as coordinators pin, forbid and swap?

A `Session` keeps a problem with its canonical best plan and the proof. Each edit is answered at once, exactly, and
certified over all pairs; `solve` on the edited problem gives the same plan and the same prices. Start at `session`;
`edits` lists what can be changed, and `draft` says which problem the edits amount to.
"""

from matching.session.edits import (
    AddMember,
    AddMentor,
    Allow,
    ChangeCapacity,
    ChangePolicy,
    Edit,
    Forbid,
    Pin,
    Swap,
    Unpin,
    WithdrawMember,
    WithdrawMentor,
)
from matching.session.session import Change, Session

__all__ = [
    "AddMember",
    "AddMentor",
    "Allow",
    "Change",
    "ChangeCapacity",
    "ChangePolicy",
    "Edit",
    "Forbid",
    "Pin",
    "Session",
    "Swap",
    "Unpin",
    "WithdrawMember",
    "WithdrawMentor",
]
