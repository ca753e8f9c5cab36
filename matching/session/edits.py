"""What can be changed in a session? Plain data, so that the list of changes rebuilds the session anywhere.

What an edit does depends on the problem alone and never on the plan of the moment: so a swap names the pairs that come
of it, and the same edits amount to the same problem in years.
"""

from dataclasses import dataclass

from matching.people import Member, Mentor
from matching.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """The pair must be proposed, instead of another pin of the member if there is one."""

    member: str
    mentor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpin:
    """The member is free again."""

    member: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Forbid:
    """The pair may not meet."""

    member: str
    mentor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Allow:
    """The pair is no longer forbidden."""

    member: str
    mentor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Swap:
    """Both pairs must be proposed, or neither; `Session.swapped` names those of two members who change places."""

    first: Pin
    second: Pin


@dataclass(frozen=True, slots=True, kw_only=True)
class AddMember:
    """Somebody waits now, or has said something else than before."""

    member: Member


@dataclass(frozen=True, slots=True, kw_only=True)
class AddMentor:
    """Somebody mentors now, or has said something else than before."""

    mentor: Mentor


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawMember:
    """Somebody waits no longer; their pin goes with them."""

    member: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawMentor:
    """Somebody mentors no longer; pins to them go with them."""

    mentor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeCapacity:
    """A mentor has so many places, those of open matches included."""

    mentor: str
    capacity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePolicy:
    """The programme weighs things differently."""

    policy: Policy


Edit = (
    Pin
    | Unpin
    | Forbid
    | Allow
    | Swap
    | AddMember
    | AddMentor
    | WithdrawMember
    | WithdrawMentor
    | ChangeCapacity
    | ChangePolicy
)
