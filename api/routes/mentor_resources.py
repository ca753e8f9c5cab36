"""What a mentor looks like in the API's JSON: hours, calendar, places, pause."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field

from api.calendars import kept
from api.routes.resources import Resource
from domain.availability import MOST_DATED, Absence, Calendar, ExtraHours, calendar_of
from domain.mentor import MOST_PLACES, Mentor
from domain.purposes import Field as About
from domain.recurring import Recurrence
from domain.values import DAYS, MINUTES_A_DAY
from matching.rule_text import LONGEST_RULE


class Window(Resource):
    """A stretch of every week in the mentor's own time zone, in minutes from local midnight."""

    day: int = Field(ge=0, lt=len(DAYS), description="0 is Monday.")
    start_minute: int = Field(ge=0, lt=MINUTES_A_DAY, multiple_of=15)
    end_minute: int = Field(gt=0, le=MINUTES_A_DAY, multiple_of=15)


class Availability(BaseModel):
    """All hours of the week that a mentor has for members."""

    availability: list[Window] = Field(max_length=200)


class RecurringHours(Resource):
    """Hours on the days of a rule of RFC 5545, counted from the day `first` on: see docs/availability.md."""

    rule: str = Field(max_length=LONGEST_RULE, examples=["FREQ=MONTHLY;BYDAY=1SA,3SA"])
    first: date
    start_minute: int = Field(ge=0, lt=MINUTES_A_DAY, multiple_of=15)
    end_minute: int = Field(gt=0, le=MINUTES_A_DAY, multiple_of=15)


class Away(Resource):
    """Days on which there is no time at all, both ends included."""

    first: date
    last: date


class HoursOfOneDay(Resource):
    """Hours on one day beside those of the week."""

    on: date
    start_minute: int = Field(ge=0, lt=MINUTES_A_DAY, multiple_of=15)
    end_minute: int = Field(gt=0, le=MINUTES_A_DAY, multiple_of=15)


class CalendarState(Resource):
    """All that differs from a mentor's usual week, on their own clock; an absence outweighs whatever else is said."""

    recurring: list[RecurringHours] = Field(default=[], max_length=MOST_DATED)
    absences: list[Away] = Field(default=[], max_length=MOST_DATED)
    extra: list[HoursOfOneDay] = Field(default=[], max_length=MOST_DATED)

    def said(self) -> Calendar:
        """Give the calendar that is meant. Raises `InvalidValue`."""
        recurring = (
            kept(Recurrence(each.rule, each.first, each.start_minute, each.end_minute), f"recurring[{index}]")
            for index, each in enumerate(self.recurring)
        )
        absences = (Absence(each.first, each.last) for each in self.absences)
        extra = (ExtraHours(each.on, each.start_minute, each.end_minute) for each in self.extra)
        return calendar_of([*recurring, *absences, *extra])


class Capacity(BaseModel):
    """How many members a mentor can take on in all."""

    capacity: int = Field(ge=0, le=MOST_PLACES)


class Pause(BaseModel):
    """Take no new members until a day, or until further notice."""

    until: date | None = None


class MentorState(Resource):
    """A mentor's own view: hours, places, pause. It names no member. To coordinators what is withheld is null."""

    mentor_id: UUID
    version: int
    time_zone: str | None
    availability: list[Window] | None
    calendar: CalendarState | None
    capacity: int
    taken: int
    is_paused: bool
    paused_until: date | None

    @classmethod
    def of(cls, mentor: Mentor, told: frozenset[About]) -> "MentorState":
        """Show a mentor, as far as may be told."""
        windows = [Window.model_validate(window) for window in mentor.profile.availability]
        return cls(
            mentor_id=mentor.id,
            version=mentor.version,
            time_zone=mentor.profile.time_zone if About.TIME_ZONE in told else None,
            availability=windows if About.AVAILABILITY in told else None,
            calendar=CalendarState.model_validate(mentor.profile.calendar) if About.AVAILABILITY in told else None,
            capacity=mentor.profile.capacity,
            taken=len(mentor.caseload),
            is_paused=mentor.is_paused,
            paused_until=mentor.paused_until,
        )
