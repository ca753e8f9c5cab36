"""A draft: the plan that a round would come to, changed by hand before anybody is proposed to anybody."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Self
from uuid import UUID

import msgspec

from domain.aggregate import Aggregate
from domain.errors import DraftEnded, DraftSupposes, NothingToUndo
from domain.events import Event, Personal
from domain.identity import draft_id
from domain.match import Side
from domain.programme import Policy

_OF_BOTH = Personal("member_person_id", "mentor_person_id")
_OF_FOUR = Personal(
    "first_member_person_id", "first_mentor_person_id", "second_member_person_id", "second_mentor_person_id"
)


class Standpoint(msgspec.Struct, frozen=True, kw_only=True):
    """Which pool is planned on: that of a position of the log, as of a day, with consents judged at an instant."""

    position: int
    today: date
    judged_at: datetime


class DraftStatus(StrEnum):
    """Where a draft stands."""

    OPEN = "open"
    ADOPTED = "adopted"
    DISCARDED = "discarded"


class DraftEdit(Event, frozen=True, kw_only=True):
    """A change of the plan by hand; it stands until it is undone. `SUPPOSES` what is not so, and cannot be adopted."""

    SUPPOSES: ClassVar[bool] = False

    def apply(self, aggregate: Any) -> None:
        """See `Event.apply`."""
        aggregate.edits = (*aggregate.edits, self)


class Draft(Aggregate):
    """Knows the pool that it stands on, by its position in the log, and the edits that stand."""

    programme_id: UUID
    standpoint: Standpoint
    edits: tuple[DraftEdit, ...] = ()
    status: DraftStatus = DraftStatus.OPEN

    class Opened(Event, frozen=True, kw_only=True):
        """A coordinator began to plan on the pool at a position of the log."""

        TOPIC = "draft.opened"
        programme_id: UUID
        standpoint: Standpoint

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.programme_id = self.programme_id
            aggregate.standpoint = self.standpoint

    class BroughtUpToDate(Event, frozen=True, kw_only=True):
        """The draft stands on a later pool; of its edits those that are still possible were kept."""

        TOPIC = "draft.brought-up-to-date"
        standpoint: Standpoint
        kept: tuple[int, ...]

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.standpoint = self.standpoint
            aggregate.edits = tuple(aggregate.edits[place] for place in self.kept)

    class Pinned(DraftEdit, frozen=True, kw_only=True):
        """A pair is to be proposed, and the rest is best around it."""

        TOPIC = "draft.pinned"
        member_id: UUID
        mentor_id: UUID
        member_person_id: UUID
        mentor_person_id: UUID
        why: Annotated[str, _OF_BOTH]

    class Unpinned(DraftEdit, frozen=True, kw_only=True):
        """A member is free again."""

        TOPIC = "draft.unpinned"
        member_id: UUID

    class KeptApart(DraftEdit, frozen=True, kw_only=True):
        """A pair is not to be proposed this time."""

        TOPIC = "draft.kept-apart"
        member_id: UUID
        mentor_id: UUID
        member_person_id: UUID
        mentor_person_id: UUID
        why: Annotated[str, _OF_BOTH]

    class Swapped(DraftEdit, frozen=True, kw_only=True):
        """Two members exchanged their mentors: both pairs that come of it are to be proposed."""

        TOPIC = "draft.swapped"
        first_member_id: UUID
        first_mentor_id: UUID
        second_member_id: UUID
        second_mentor_id: UUID
        first_member_person_id: UUID
        first_mentor_person_id: UUID
        second_member_person_id: UUID
        second_mentor_person_id: UUID
        why: Annotated[str, _OF_FOUR]

    class SetAside(DraftEdit, frozen=True, kw_only=True):
        """A member or a mentor is left out this time."""

        TOPIC = "draft.set-aside"
        side: Side
        subject_id: UUID
        person_id: UUID
        why: Annotated[str, Personal()]

    class PlacesTried(DraftEdit, frozen=True, kw_only=True):
        """What if a mentor had so many places, those of open matches included?"""

        TOPIC = "draft.places-tried"
        SUPPOSES: ClassVar[bool] = True
        mentor_id: UUID
        capacity: int

    class PolicyTried(DraftEdit, frozen=True, kw_only=True):
        """What if the programme weighed things differently?"""

        TOPIC = "draft.policy-tried"
        SUPPOSES: ClassVar[bool] = True
        policy: Policy

    class EditUndone(Event, frozen=True, kw_only=True):
        """The last edit that stood was taken back."""

        TOPIC = "draft.edit-undone"

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.edits = aggregate.edits[:-1]

    class Adopted(Event, frozen=True, kw_only=True):
        """A round was held with these edits."""

        TOPIC = "draft.adopted"
        round_id: UUID

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.status = DraftStatus.ADOPTED

    class Discarded(Event, frozen=True, kw_only=True):
        """Nothing came of it."""

        TOPIC = "draft.discarded"

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.status = DraftStatus.DISCARDED

    @classmethod
    def open(cls, programme: UUID, standpoint: Standpoint, *, at: datetime, by: str) -> Self:
        """Begin to plan on a programme's pool."""
        draft = cls(draft_id(programme, standpoint.position))
        draft.record(cls.Opened(programme_id=programme, standpoint=standpoint, at=at, by=by))
        return draft

    def edit(self, edit: DraftEdit) -> None:
        """Change the plan by hand. Whether the change is possible is for the optimiser to say."""
        self.must_be_open()
        self.record(edit)

    def undo(self, *, at: datetime, by: str) -> None:
        """Take the last edit back."""
        self.must_be_open()
        if not self.edits:
            raise NothingToUndo("Nothing was changed in this draft.")
        self.record(self.EditUndone(at=at, by=by))

    def bring_up_to_date(self, standpoint: Standpoint, kept: tuple[int, ...], *, at: datetime, by: str) -> None:
        """Stand on a later pool, with those edits that are still possible, by their place from 0."""
        self.must_be_open()
        self.record(self.BroughtUpToDate(standpoint=standpoint, kept=kept, at=at, by=by))

    def adopt(self, round_id: UUID, *, at: datetime, by: str) -> None:
        """Become a round."""
        self.must_be_adoptable()
        self.record(self.Adopted(round_id=round_id, at=at, by=by))

    def discard(self, *, at: datetime, by: str) -> None:
        """Come to nothing."""
        self.must_be_open()
        self.record(self.Discarded(at=at, by=by))

    def must_be_open(self) -> None:
        """Raise `DraftEnded` unless it can still be changed."""
        if self.status != DraftStatus.OPEN:
            raise DraftEnded(f"This draft can no longer be changed: it was {self.status}.")

    def must_be_adoptable(self) -> None:
        """Raise `DraftEnded`, or `DraftSupposes` if it stands on places or a policy that are not there."""
        self.must_be_open()
        if any(edit.SUPPOSES for edit in self.edits):
            raise DraftSupposes("This draft tries places or a policy that are not there. Take that back first.")
