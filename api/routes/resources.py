"""What the API's resources look like: the shapes of its JSON."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from domain.consent import Ground
from domain.match import LONGEST_REASON, Match
from domain.mentor import MOST_PLACES, Mentor
from domain.values import DAYS, MINUTES_A_DAY


class Resource(BaseModel):
    """A shape that takes its values from an object of the same names."""

    model_config = ConfigDict(from_attributes=True)


class MatchState(Resource):
    """A match after a decision."""

    match: UUID
    status: str
    version: int
    round: UUID
    member_id: UUID
    mentor_id: UUID
    fit: int

    @classmethod
    def of(cls, match: Match) -> "MatchState":
        """Show a match."""
        return cls(
            match=match.id,
            status=match.status,
            version=match.version,
            round=match.round_id,
            member_id=match.member_id,
            mentor_id=match.mentor_id,
            fit=match.fit,
        )


class Decline(BaseModel):
    """Why a proposal is declined."""

    reason: str = Field(min_length=1, max_length=LONGEST_REASON)


class Window(BaseModel):
    """A stretch of every week in the mentor's own time zone, in minutes from local midnight."""

    day: int = Field(ge=0, lt=len(DAYS), description="0 is Monday.")
    start_minute: int = Field(ge=0, lt=MINUTES_A_DAY, multiple_of=15)
    end_minute: int = Field(gt=0, le=MINUTES_A_DAY, multiple_of=15)


class Availability(BaseModel):
    """All hours of the week that a mentor has for members."""

    availability: list[Window] = Field(max_length=200)


class Capacity(BaseModel):
    """How many members a mentor can take on in all."""

    capacity: int = Field(ge=0, le=MOST_PLACES)


class Pause(BaseModel):
    """Take no new members until a day, or until further notice."""

    until: date | None = None


class MentorState(Resource):
    """A mentor's own view: hours, places, pause. It names no member."""

    mentor_id: UUID
    version: int
    time_zone: str
    availability: list[Window]
    capacity: int
    taken: int
    is_paused: bool
    paused_until: date | None

    @classmethod
    def of(cls, mentor: Mentor) -> "MentorState":
        """Show a mentor to themselves."""
        return cls(
            mentor_id=mentor.id,
            version=mentor.version,
            time_zone=mentor.profile.time_zone,
            availability=[
                Window(day=window.day, start_minute=window.start_minute, end_minute=window.end_minute)
                for window in mentor.profile.availability
            ],
            capacity=mentor.profile.capacity,
            taken=len(mentor.caseload),
            is_paused=mentor.is_paused,
            paused_until=mentor.paused_until,
        )


class ConsentState(BaseModel):
    """Where one purpose stood."""

    purpose: str
    permitted: bool
    reason: str
    given_at: datetime | None
    expires_at: datetime | None


class Consents(BaseModel):
    """A person's consents as of an instant, and the events that had taken effect by then."""

    person: UUID
    at: datetime
    consents: list[ConsentState]
    events: list[dict[str, Any]]


class AskErasure(BaseModel):
    """On which ground of Article 17(1) GDPR a person is to be erased."""

    ground: Ground = Ground.CONSENT_WITHDRAWN


class Erasure(BaseModel):
    """Where the erasure of a person stands."""

    person: UUID
    status: Literal["none", "requested", "erased"]


class Say(BaseModel):
    """What a person says to a purpose: yes or no."""

    granted: bool
