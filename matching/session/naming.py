"""Whom do edits name?"""

from collections.abc import Iterable
from dataclasses import dataclass, field

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


@dataclass(slots=True)
class Named:
    """Members and mentors whose traits, places or pins change, pairs that are forbidden or allowed, and the policy."""

    members: set[str] = field(default_factory=set)
    mentors: set[str] = field(default_factory=set)
    pairs: set[tuple[str, str]] = field(default_factory=set)
    policy: bool = False


def named(edits: Iterable[Edit]) -> Named:
    """Gather whom edits name."""
    found = Named()
    for edit in edits:
        _name(edit, found)
    return found


def _name(edit: Edit, found: Named) -> None:
    match edit:
        case Pin() | Unpin() | WithdrawMember():
            found.members.add(edit.member)
        case AddMember():
            found.members.add(edit.member.id)
        case AddMentor():
            found.mentors.add(edit.mentor.id)
        case WithdrawMentor() | ChangeCapacity():
            found.mentors.add(edit.mentor)
        case Forbid() | Allow():
            found.pairs.add((edit.member, edit.mentor))
        case Swap():
            found.members |= {edit.first.member, edit.second.member}
        case ChangePolicy():
            found.policy = True
