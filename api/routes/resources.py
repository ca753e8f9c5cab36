"""What the API's resources look like: the shapes of its JSON."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.meeting import Standing
from domain.blocks import LONGEST_VALUE
from domain.consent import Ground
from domain.consent.blocking import LiveBlock
from domain.fingerprints import Mark
from domain.match import Match
from domain.notice import LONGEST_WHY
from domain.purposes import Field as About
from domain.purposes import Purpose
from domain.reasons import LONGEST_REASON
from domain.values import DAYS, MINUTES_A_DAY
from domain.wordings import LANGUAGE

LONGEST_CONTACT = 500


class Resource(BaseModel):
    """A shape that takes its values from an object of the same names."""

    model_config = ConfigDict(from_attributes=True)


class MatchState(Resource):
    """A match after a decision: nothing of its people but who they are."""

    match: UUID
    status: str
    version: int
    round: UUID
    member_id: UUID
    mentor_id: UUID

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
        )


class Decline(BaseModel):
    """Why a proposal is declined."""

    reason: str = Field(min_length=1, max_length=LONGEST_REASON)


class Place(BaseModel):
    """Where an event stands: its version in the ledger (for auditors alone), its position in the log."""

    version: int | None = None
    position: int


class ConsentState(BaseModel):
    """Where one purpose stood; `state` is that of ISO/IEC TS 27560, `deciding` the events by which it did."""

    purpose: str
    state: str
    permitted: bool
    reason: str
    fields: list[str]
    given_at: datetime | None
    expires_at: datetime | None
    deciding: list[Place]


class Consents(BaseModel):
    """A person's consents as of an instant, on what was known up to a position, and the events by which they stood."""

    person: UUID
    at: datetime
    known_at: int
    consents: list[ConsentState]
    events: list[dict[str, Any]]


class MatchSeen(BaseModel):
    """A match as one of its two people sees it; there is no handle once it is no longer available."""

    match: UUID
    standing: Standing
    handle: str | None


class WeeklyHour(Resource):
    """When two people meet every week, on the clock of whoever asks."""

    day: int = Field(ge=0, lt=len(DAYS), description="0 is Monday.")
    start_minute: int = Field(ge=0, lt=MINUTES_A_DAY)


class MatchCard(MatchSeen):
    """What the other side consented to be told, by field, and what to keep to; `contact` once both accepted.

    `meets` is their standing hour, where their programme has such.
    """

    about: dict[str, Any]
    contact: dict[str, str]
    obligations: dict[str, str]
    meets: WeeklyHour | None


class Contact(Resource):
    """How a person can be reached, for themselves to see."""

    name: str | None
    phone: str | None
    email: str | None


class ContactChange(BaseModel):
    """How a person can be reached; blank is nothing."""

    name: str = Field("", max_length=LONGEST_CONTACT)
    phone: str = Field("", max_length=LONGEST_CONTACT)
    email: str = Field("", max_length=LONGEST_CONTACT)


class AskErasure(BaseModel):
    """On which ground of Article 17(1) GDPR a person is to be erased."""

    ground: Ground = Ground.CONSENT_WITHDRAWN


class Erasure(BaseModel):
    """Where the erasure of a person stands."""

    person: UUID
    status: Literal["none", "requested", "erased"]


class Say(BaseModel):
    """What a person says to a purpose: yes or no.

    `wording` is the SHA-256 of the text that they read, as `GET /api/notices` gives it. Whoever leaves it out vouches
    that they showed the current one. `fields` and `expires_at` narrow a yes; `named` is the one study, organisation or
    contact that it is for, where the purpose needs one.
    """

    granted: bool
    fields: frozenset[About] | None = None
    named: str | None = None
    expires_at: AwareDatetime | None = None
    wording: str | None = None
    language: str = LANGUAGE


class Wording(BaseModel):
    """What there is to read before somebody answers."""

    purpose: Purpose
    language: str
    version: int
    sha256: str
    text: str


class NewWording(BaseModel):
    """A text to show from now on."""

    purpose: Purpose
    language: str = LANGUAGE
    text: str


class Recall(BaseModel):
    """Why a text is taken back."""

    why: str = Field(min_length=1, max_length=LONGEST_WHY)


class Recalled(BaseModel):
    """How many people had agreed under a text that was taken back."""

    people: int


class Receipt(BaseModel):
    """A receipt: its facts, and the signed note that proves them, if there is a key."""

    receipt: dict[str, Any]
    note: str | None
    key: str | None


class MakeBlock(BaseModel):
    """Somebody whom a person does not want to meet, by one thing that they are known by."""

    value: str = Field(min_length=1, max_length=LONGEST_VALUE)
    mark: Mark | None = Field(default=None, description="What the value is; read from its form if left out.")
    coordinators_may_know: bool = False


class Block(BaseModel):
    """That somebody is kept away: since when and by what kind of thing, never by which."""

    block: UUID
    made_at: datetime
    marks: list[Mark]
    coordinators_may_know: bool

    @classmethod
    def of(cls, block: LiveBlock) -> "Block":
        """Show a block."""
        return cls(
            block=block.block_id,
            made_at=block.made_at,
            marks=list(block.marks),
            coordinators_may_know=block.coordinators_may_know,
        )
