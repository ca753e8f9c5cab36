"""What do the two files of a roster hold, and how does a row of each become a profile?"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar, cast

from api.roster import columns as col
from api.roster.columns import Column
from domain.profiles import MemberProfile, MentorProfile, Profile
from domain.values import NEED_FACETS, Boundary, Facet, LivedExperience, Need, Preferences, Training

T = TypeVar("T")
P = TypeVar("P", bound=Profile)


class Said:
    """What one row says, column by column; a column whose cell could not be read is not in it."""

    __slots__ = ("_meanings",)

    def __init__(self, meanings: dict[str, object]) -> None:
        self._meanings = meanings

    def __contains__(self, column: Column[Any]) -> bool:
        """Tell whether the column's cell could be read."""
        return column.name in self._meanings

    def __getitem__(self, column: Column[T]) -> T:
        """Give what the column's cell means."""
        return cast("T", self._meanings[column.name])

    def get(self, column: Column[T]) -> T | None:
        """Give what the column's cell means, or None where it could not be read."""
        return cast("T | None", self._meanings.get(column.name))


@dataclass(frozen=True, slots=True)
class Form(Generic[P]):
    """One of the two files: its columns, the one with codes of needs, and how to make a profile and read its codes."""

    columns: tuple[Column[Any], ...]
    codes: Column[tuple[str, ...]]
    profile: Callable[[Said], P]
    codes_of: Callable[[P], Iterable[str]]

    def names(self, *, required: bool) -> list[str]:
        """Name the columns that must be there, or those that may be."""
        return [column.name for column in self.columns if column.is_required is required]


def _person(said: Said, boundaries: Column[tuple[str, ...]]) -> dict[str, Any]:
    return {
        "ref": said[col.REF],
        "handle": said[col.HANDLE],
        "time_zone": said[col.TIME_ZONE],
        "languages": said[col.LANGUAGES],
        "lived_experience": tuple(
            LivedExperience(tag, matchable=tag not in said[col.NOT_MATCHABLE]) for tag in said[col.LIVED_EXPERIENCE]
        ),
        "contact_modes": said[col.CONTACT_MODES],
        "availability": said[col.AVAILABILITY].week,
        "calendar": said[col.AVAILABILITY].calendar,
        "boundaries": tuple(Boundary(topic) for topic in said[boundaries]),
        "gender": said[col.GENDER],
        "age": said[col.AGE],
        "name": said[col.NAME],
        "phone": said[col.PHONE],
        "email": said[col.EMAIL],
    }


def _member(said: Said) -> MemberProfile:
    urgency = said[col.URGENCY]
    return MemberProfile(
        **_person(said, col.AVOID_TOPICS),
        needs=tuple(Need(code, NEED_FACETS.get(code, Facet.PRACTICAL), urgency) for code in said[col.NEEDS]),
        waiting_since=said[col.WAITING_SINCE],
        preferences=Preferences(said[col.MENTOR_GENDER]),
    )


def _mentor(said: Said) -> MentorProfile:
    return MentorProfile(
        **_person(said, col.DECLINES),
        role=said[col.ROLE],
        offers=said[col.OFFERS],
        capacity=said[col.CAPACITY],
        training=Training(said[col.TRAINED_UNTIL]),
        supervisor=said[col.SUPERVISOR],
    )


def _need_codes(profile: MemberProfile) -> Iterable[str]:
    return (need.code for need in profile.needs)


def _offered_codes(profile: MentorProfile) -> Iterable[str]:
    return profile.offers


_WHO: Final = (col.REF, col.HANDLE, col.TIME_ZONE, col.LANGUAGES, col.LIVED_EXPERIENCE, col.NOT_MATCHABLE)
_HOW: Final = (col.CONTACT_MODES, col.AVAILABILITY, col.GENDER, col.AGE)
_CONTACT: Final = (col.NAME, col.PHONE, col.EMAIL)
_PAPER: Final = (col.CONSENTS, col.CONSENTED_ON)

MEMBERS: Final = Form(
    (*_WHO, *_HOW, col.NEEDS, col.URGENCY, col.AVOID_TOPICS, col.MENTOR_GENDER, col.WAITING_SINCE, *_CONTACT, *_PAPER),
    col.NEEDS,
    _member,
    _need_codes,
)
MENTORS: Final = Form(
    (
        *(*_WHO, *_HOW, col.ROLE, col.OFFERS, col.DECLINES, col.CAPACITY, col.TRAINED_UNTIL, col.SUPERVISOR),
        *_CONTACT,
        *_PAPER,
    ),
    col.OFFERS,
    _mentor,
    _offered_codes,
)
