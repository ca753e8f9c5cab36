"""The closed list of purposes that a person can consent to, and what each covers. Holding one never implies another."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Final

import msgspec


class Purpose(StrEnum):
    """Stable codes; `TERMS` says in plain words what each means."""

    MATCH_CONSIDER = "MATCH-CONSIDER"
    MATCH_PROPOSE = "MATCH-PROPOSE"
    CONTACT_SHARE = "CONTACT-SHARE"
    CONTACT_SERVICE = "CONTACT-SERVICE"
    COORD_NOTES = "COORD-NOTES"
    SAFE_SHARE = "SAFE-SHARE"
    STATS = "STATS"
    RESEARCH_CONTACT = "RESEARCH-CONTACT"
    RESEARCH_DATA = "RESEARCH-DATA"
    TRANSFER = "TRANSFER"


class Field(StrEnum):
    """What can be told of a person. References and handles are not among these: people are known by them."""

    NEEDS = "needs"
    URGENCY = "urgency"
    WAITING_SINCE = "waiting-since"
    OFFERS = "offers"
    LIVED_EXPERIENCE = "lived-experience"
    LANGUAGES = "languages"
    CONTACT_MODES = "contact-modes"
    AVAILABILITY = "availability"
    TIME_ZONE = "time-zone"
    GENDER = "gender"
    AGE = "age"
    PREFERENCES = "preferences"
    BOUNDARIES = "boundaries"
    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"


class AudienceKind(StrEnum):
    """Who is told, by what they are to the person."""

    OPTIMISER = "optimiser"
    COORDINATORS = "coordinators"
    OTHER_SIDE = "other-side"
    SERVICE = "service"
    CONTACT = "contact"
    PUBLIC = "public"
    STUDY = "study"
    ORGANISATION = "organisation"


class Condition(StrEnum):
    """What must have come about between the two people of a match."""

    APPROVED = "approved"
    BOTH_ACCEPTED = "both-accepted"


class Obligation(StrEnum):
    """What whoever is told has to keep to."""

    HANDLE_ONLY = "handle-only"
    NO_PASSING_ON = "no-passing-on"
    NEUTRAL_WORDS = "neutral-words"
    ONE_RECIPIENT = "one-recipient"
    SUPPRESS_SMALL_NUMBERS = "suppress-small-numbers"


class Terms(msgspec.Struct, frozen=True):
    """What a purpose means: its plain words, who is told what, and how long it lasts unless a grant says less.

    `audiences` has the fields that each kind of audience may be told at most. `is_named` says that a grant names the
    one study, organisation or contact that it is for.
    """

    words: str
    audience: str
    life: timedelta
    audiences: Mapping[AudienceKind, frozenset[Field]]
    conditions: tuple[Condition, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    is_named: bool = False

    @property
    def fields(self) -> frozenset[Field]:
        """Every field that the purpose may be about."""
        return frozenset[Field]().union(*self.audiences.values())


_YEAR: Final = timedelta(days=365)
_MONTH: Final = timedelta(days=30)

CHANNELS: Final = frozenset({Field.PHONE, Field.EMAIL})
CRITERIA: Final = frozenset(Field) - CHANNELS - {Field.NAME}
READABLE: Final = CRITERIA - {Field.BOUNDARIES}
PRESENTED: Final = READABLE - {Field.URGENCY, Field.WAITING_SINCE, Field.PREFERENCES}

TERMS: Final[dict[Purpose, Terms]] = {
    Purpose.MATCH_CONSIDER: Terms(
        "be considered for matching",
        "the programme's coordinators",
        _YEAR,
        {AudienceKind.OPTIMISER: CRITERIA, AudienceKind.COORDINATORS: READABLE},
    ),
    Purpose.MATCH_PROPOSE: Terms(
        "show what I ticked, under my handle, to a person proposed for me",
        "that person",
        _MONTH,
        {AudienceKind.OTHER_SIDE: PRESENTED},
        (Condition.APPROVED,),
        (Obligation.HANDLE_ONLY, Obligation.NO_PASSING_ON),
    ),
    Purpose.CONTACT_SHARE: Terms(
        "give my contact details to that person once we both accepted",
        "that person",
        _YEAR,
        {AudienceKind.OTHER_SIDE: CHANNELS | {Field.NAME}},
        (Condition.BOTH_ACCEPTED,),
        (Obligation.NO_PASSING_ON,),
    ),
    Purpose.CONTACT_SERVICE: Terms(
        "let the service write to me, in neutral words",
        "the service",
        _YEAR,
        {AudienceKind.SERVICE: CHANNELS},
        obligations=(Obligation.NEUTRAL_WORDS, Obligation.ONE_RECIPIENT),
    ),
    Purpose.COORD_NOTES: Terms(
        "let coordinators read my profile", "the programme's coordinators", _YEAR, {AudienceKind.COORDINATORS: READABLE}
    ),
    Purpose.SAFE_SHARE: Terms(
        "tell my named contact if someone fears for my life",
        "the named contact",
        _YEAR,
        {AudienceKind.CONTACT: CHANNELS | {Field.NAME}},
        obligations=(Obligation.NO_PASSING_ON,),
        is_named=True,
    ),
    Purpose.STATS: Terms(
        "count me in statistics that name nobody",
        "the public",
        _YEAR,
        {AudienceKind.PUBLIC: frozenset({Field.NEEDS, Field.LANGUAGES, Field.AGE, Field.GENDER, Field.WAITING_SINCE})},
        obligations=(Obligation.SUPPRESS_SMALL_NUMBERS,),
    ),
    Purpose.RESEARCH_CONTACT: Terms(
        "ask me whether I would join a study",
        "the named study",
        _YEAR,
        {AudienceKind.STUDY: CHANNELS},
        obligations=(Obligation.NEUTRAL_WORDS, Obligation.ONE_RECIPIENT),
        is_named=True,
    ),
    Purpose.RESEARCH_DATA: Terms(
        "use my data without my name in a study",
        "the named study",
        _YEAR,
        {AudienceKind.STUDY: READABLE},
        obligations=(Obligation.NO_PASSING_ON,),
        is_named=True,
    ),
    Purpose.TRANSFER: Terms(
        "move me to another organisation",
        "the named organisation",
        _MONTH,
        {AudienceKind.ORGANISATION: READABLE | CHANNELS | {Field.NAME}},
        obligations=(Obligation.NO_PASSING_ON,),
        is_named=True,
    ),
}
