"""Which mentors are there, what do they offer, and who is taking members?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    Integer,
    Row,
    Text,
    Uuid,
    bindparam,
    case,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from domain.availability import Calendar
from domain.events import Entry
from domain.mentor import Mentor
from domain.profiles import MentorProfile
from domain.purposes import Field
from domain.values import WeeklyWindow
from projections.projection import PERSONAL, Change, Projection

projection = Projection("mentor-directory")

mentors = projection.table(
    "mentors",
    Column("mentor_id", Uuid, primary_key=True),
    Column("person_id", Uuid, nullable=False, index=True),
    Column("programme_id", Uuid, nullable=False, index=True),
    Column("ref", Text, nullable=False, info=PERSONAL),
    Column("handle", Text, nullable=False, info=PERSONAL),
    Column("role", Text, nullable=False, info=PERSONAL),
    Column("offers", ARRAY(Text), info=PERSONAL),
    Column("languages", ARRAY(Text), info=PERSONAL),
    Column("time_zone", Text, info=PERSONAL),
    Column("availability", JSONB(none_as_null=True), info=PERSONAL),
    Column("calendar", JSONB(none_as_null=True), info=PERSONAL),
    Column("capacity", Integer, nullable=False, info=PERSONAL),
    Column("trained_until", Date, nullable=False, info=PERSONAL),
    Column("supervisor", Text, nullable=False, info=PERSONAL),
    Column("taken", Integer, nullable=False),
    Column("withheld", ARRAY(Text), nullable=False),
    Column("is_paused", Boolean, nullable=False),
    Column("paused_until", Date),
)


@dataclass(frozen=True)
class Listing:
    """A mentor as a coordinator looks them up; `places` is how many more members they can take.

    What is withheld is None. Role, places, training and supervisor are the programme's own business.
    """

    mentor_id: UUID
    person_id: UUID
    ref: str
    handle: str
    role: str
    offers: list[str] | None
    languages: list[str] | None
    time_zone: str | None
    availability: list[str] | None
    calendar: list[str] | None
    capacity: int
    taken: int
    places: int
    trained_until: date
    supervisor: str
    standing: str


FIELDS: Final = {
    "offers": Field.OFFERS,
    "languages": Field.LANGUAGES,
    "time_zone": Field.TIME_ZONE,
    "availability": Field.AVAILABILITY,
    "calendar": Field.AVAILABILITY,
}
"""What each part of `Listing` tells of a mentor."""

STANDINGS: Final = {
    "available": "takes members",
    "full": "has no place left",
    "paused": "has paused",
    "training-lapsed": "training has lapsed",
}

_add = insert(mentors)
_this = update(mentors).where(mentors.c.mentor_id == bindparam("which"))
_said_columns = (
    "ref",
    "handle",
    "role",
    "offers",
    "languages",
    "time_zone",
    "availability",
    "calendar",
    "capacity",
    "trained_until",
    "supervisor",
)
_profile = _this.values({name: bindparam(f"new_{name}") for name in _said_columns}).values(withheld=[])
_withhold = _this.values(
    {name: case((bindparam(f"hides_{name}", type_=Boolean), None), else_=mentors.c[name]) for name in FIELDS}
).values(withheld=bindparam("hidden"))
_shows_hours = _this.where(~mentors.c.withheld.contains([Field.AVAILABILITY]))
_availability = _shows_hours.values(availability=bindparam("windows"))
_calendar = _shows_hours.values(calendar=bindparam("dated"))
_capacity = _this.values(capacity=bindparam("members"))
_pause = _this.values(is_paused=bindparam("paused"), paused_until=bindparam("until"))
_take = _this.values(taken=mentors.c.taken + 1)
_release = _this.values(taken=mentors.c.taken - 1)
_erase = delete(mentors).where(mentors.c.mentor_id == bindparam("which"))


@projection.on(Mentor.Registered)
def _(entry: Entry, event: Mentor.Registered) -> Iterable[Change]:
    who = {"mentor_id": entry.stream, "person_id": event.person_id, "programme_id": event.programme_id}
    yield (
        _add,
        {**who, **_said(event.profile), "taken": 0, "withheld": [], "is_paused": False, "paused_until": None},
    )


@projection.on(Mentor.ProfileRevised)
def _(entry: Entry, event: Mentor.ProfileRevised) -> Iterable[Change]:
    said = {f"new_{name}": value for name, value in _said(event.profile).items()}
    yield _profile, {"which": entry.stream, **said}


@projection.on(Mentor.Withheld)
def _(entry: Entry, event: Mentor.Withheld) -> Iterable[Change]:
    hides = {f"hides_{name}": field in event.hidden for name, field in FIELDS.items()}
    yield _withhold, {"which": entry.stream, "hidden": sorted(event.hidden), **hides}


@projection.on(Mentor.AvailabilityChanged)
def _(entry: Entry, event: Mentor.AvailabilityChanged) -> Iterable[Change]:
    yield _availability, {"which": entry.stream, "windows": _windows(event.availability)}


@projection.on(Mentor.CalendarChanged)
def _(entry: Entry, event: Mentor.CalendarChanged) -> Iterable[Change]:
    yield _calendar, {"which": entry.stream, "dated": _dated(event.calendar)}


@projection.on(Mentor.CapacityChanged)
def _(entry: Entry, event: Mentor.CapacityChanged) -> Iterable[Change]:
    yield _capacity, {"which": entry.stream, "members": event.capacity}


@projection.on(Mentor.Paused)
def _(entry: Entry, event: Mentor.Paused) -> Iterable[Change]:
    yield _pause, {"which": entry.stream, "paused": True, "until": event.until}


@projection.on(Mentor.Resumed)
def _(entry: Entry, _: Mentor.Resumed) -> Iterable[Change]:
    yield _pause, {"which": entry.stream, "paused": False, "until": None}


@projection.on(Mentor.PlaceReserved)
def _(entry: Entry, _: Mentor.PlaceReserved) -> Iterable[Change]:
    yield _take, {"which": entry.stream}


@projection.on(Mentor.PlaceReleased)
def _(entry: Entry, _: Mentor.PlaceReleased) -> Iterable[Change]:
    yield _release, {"which": entry.stream}


@projection.on(Mentor.Erased)
def _(entry: Entry, _: Mentor.Erased) -> Iterable[Change]:
    yield _erase, {"which": entry.stream}


def _windows(availability: Iterable[WeeklyWindow]) -> Any:
    return msgspec.to_builtins(list(availability))


def _dated(calendar: Calendar) -> list[str]:
    return [str(dated) for dated in calendar.dated]


def _said(profile: MentorProfile) -> dict[str, Any]:
    return {
        "ref": profile.ref,
        "handle": profile.handle,
        "role": profile.role,
        "offers": list(profile.offers),
        "languages": list(profile.languages),
        "time_zone": profile.time_zone,
        "availability": _windows(profile.availability),
        "calendar": _dated(profile.calendar),
        "capacity": profile.capacity,
        "trained_until": profile.training.valid_until,
        "supervisor": profile.supervisor,
    }


def listings(
    connection: Connection, programme_id: UUID, *, today: date, limit: int | None = None, offset: int = 0
) -> list[Listing]:
    """Give the mentors of a programme as they stand on a day, by handle."""
    query = (
        select(mentors)
        .where(mentors.c.programme_id == programme_id)
        .order_by(mentors.c.handle, mentors.c.ref, mentors.c.mentor_id)
        .limit(limit)
        .offset(offset)
    )
    return [_listing(row, today) for row in connection.execute(query)]


def number(connection: Connection, programme_id: UUID) -> int:
    """Give how many mentors a programme has."""
    return connection.execute(
        select(func.count()).select_from(mentors).where(mentors.c.programme_id == programme_id)
    ).scalar_one()


def places(connection: Connection, programme_id: UUID, *, today: date) -> int:
    """Give how many more members the mentors of a programme can take on a day."""
    is_paused = mentors.c.is_paused & (mentors.c.paused_until.is_(None) | (mentors.c.paused_until > today))
    query = select(func.sum(func.greatest(0, mentors.c.capacity - mentors.c.taken))).where(
        mentors.c.programme_id == programme_id, mentors.c.trained_until >= today, ~is_paused
    )
    return connection.execute(query).scalar_one() or 0


def _listing(row: Row[Any], today: date) -> Listing:
    places = max(0, row.capacity - row.taken)
    return Listing(
        mentor_id=row.mentor_id,
        person_id=row.person_id,
        ref=row.ref,
        handle=row.handle,
        role=row.role,
        offers=row.offers,
        languages=row.languages,
        time_zone=row.time_zone,
        availability=None if row.availability is None else _hours(row.availability),
        calendar=row.calendar,
        capacity=row.capacity,
        taken=row.taken,
        places=places,
        trained_until=row.trained_until,
        supervisor=row.supervisor,
        standing=_standing(row, places, today),
    )


def _hours(windows: Any) -> list[str]:
    return [str(window) for window in msgspec.convert(windows, list[WeeklyWindow])]


def _standing(row: Row[Any], places: int, today: date) -> str:
    if row.is_paused and (row.paused_until is None or today < row.paused_until):
        return "paused"
    if today > row.trained_until:
        return "training-lapsed"
    return "available" if places else "full"
