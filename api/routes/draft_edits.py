"""The edits of a draft as they are asked for, each of which makes itself from the plan as it is."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from api.planning import Planning, making
from domain.match import Side
from domain.mentor import MOST_PLACES
from domain.reasons import LONGEST_REASON

Why = Annotated[str, Field(min_length=1, max_length=LONGEST_REASON)]


class Pin(BaseModel):
    """Propose this pair; the rest is best around it."""

    kind: Literal["pin"]
    member: UUID
    mentor: UUID
    why: Why

    def made(self, _: Planning) -> making.Make:
        """Give what makes the edit."""
        return making.pinned(self.member, self.mentor, self.why)


class Unpin(BaseModel):
    """Free a member again."""

    kind: Literal["unpin"]
    member: UUID

    def made(self, _: Planning) -> making.Make:
        """Give what makes the edit."""
        return making.unpinned(self.member)


class KeepApart(BaseModel):
    """Do not propose this pair of the plan."""

    kind: Literal["keep-apart"]
    member: UUID
    mentor: UUID
    why: Why

    def made(self, _: Planning) -> making.Make:
        """Give what makes the edit."""
        return making.kept_apart(self.member, self.mentor, self.why)


class Swap(BaseModel):
    """Let two members of the plan exchange their mentors."""

    kind: Literal["swap"]
    member: UUID
    other: UUID
    why: Why

    def made(self, _: Planning) -> making.Make:
        """Give what makes the edit."""
        return making.swapped(self.member, self.other, self.why)


class SetAside(BaseModel):
    """Leave a member or mentor out this time."""

    kind: Literal["set-aside"]
    side: Side
    id: UUID
    why: Why

    def made(self, _: Planning) -> making.Make:
        """Give what makes the edit."""
        return making.set_aside(self.side, self.id, self.why)


class Places(BaseModel):
    """Try another number of places of a mentor, those of open matches included."""

    kind: Literal["places"]
    mentor: UUID
    places: Annotated[int, Field(ge=0, le=MOST_PLACES)]

    def made(self, _: Planning) -> making.Make:
        """Give what makes the edit."""
        return making.places_tried(self.mentor, self.places)


class Policy(BaseModel):
    """Try other numbers of the policy, by their names; those not named stay."""

    kind: Literal["policy"]
    numbers: dict[str, int]

    def made(self, planning: Planning) -> making.Make:
        """Give what makes the edit."""
        return making.policy_tried(planning.policy_with(self.numbers))


AskedEdit = Annotated[Pin | Unpin | KeepApart | Swap | SetAside | Places | Policy, Field(discriminator="kind")]
