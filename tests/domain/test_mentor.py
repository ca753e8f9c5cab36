"""When may a mentor take on another member?"""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from domain.availability import Calendar
from domain.errors import CaseloadFull, InvalidValue, MentorAlreadyPaused, MentorNotInStanding, MentorNotPaused
from domain.mentor import MOST_PLACES, Mentor
from domain.recurring import Recurrence
from domain.values import Training
from tests.scenarios import a_mentor

TODAY = date(2026, 3, 2)
AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
WHEN = {"at": AT, "by": "mentor-1"}


def mentor(**said: object) -> Mentor:
    return Mentor.register(UUID(int=1), UUID(int=2), a_mentor(**said).profile, **WHEN)


def take_on(mentor: Mentor, members: int = 1, *, at: datetime = AT) -> None:
    for _ in range(members):
        mentor.reserve_place(uuid4(), uuid4(), at=at, by="coordinator-1")


def test_a_mentor_takes_members_until_every_place_is_taken() -> None:
    busy = mentor(capacity=2)
    take_on(busy, 2)
    assert busy.places == 0

    with pytest.raises(CaseloadFull):
        take_on(busy)
    assert len(busy.caseload) == 2


def test_a_lower_capacity_keeps_those_already_taken_on() -> None:
    busy = mentor(capacity=2)
    take_on(busy, 2)
    busy.change_capacity(1, **WHEN)

    assert (len(busy.caseload), busy.places) == (2, 0)


@pytest.mark.parametrize("capacity", [-1, MOST_PLACES + 1])
def test_a_capacity_out_of_bounds_is_refused(capacity: int) -> None:
    with pytest.raises(InvalidValue):
        mentor().change_capacity(capacity, **WHEN)


@pytest.mark.parametrize("capacity", [0, MOST_PLACES])
def test_a_capacity_may_be_at_its_bounds(capacity: int) -> None:
    changed = mentor()
    changed.change_capacity(capacity, **WHEN)

    assert changed.places == capacity


def test_saying_the_same_again_records_nothing() -> None:
    same = mentor(capacity=2)
    same.collect()
    same.change_capacity(2, **WHEN)
    same.change_availability(same.profile.availability, **WHEN)
    same.change_calendar(same.profile.calendar, **WHEN)
    same.revise(same.profile, **WHEN)

    assert same.collect() == []


def test_a_rule_that_nobody_could_read_again_is_never_recorded() -> None:
    changed = mentor()
    changed.collect()
    with pytest.raises(InvalidValue, match="in the form that is kept"):
        changed.change_calendar(Calendar(recurring=(Recurrence("FREQ=DAILY", TODAY, 600, 660),)), **WHEN)

    assert changed.collect() == []


def test_a_paused_mentor_is_back_on_the_day_named() -> None:
    pausing = mentor()
    pausing.pause(TODAY + timedelta(days=2), **WHEN)

    assert [pausing.is_paused_on(TODAY + timedelta(days=days)) for days in range(4)] == [True, True, False, False]
    with pytest.raises(MentorNotInStanding, match="paused"):
        take_on(pausing)
    take_on(pausing, at=AT + timedelta(days=2))


def test_a_pause_without_an_end_lasts_until_it_is_ended() -> None:
    pausing = mentor()
    pausing.pause(None, **WHEN)
    assert pausing.is_paused_on(date.max)

    pausing.resume(**WHEN)
    assert not pausing.is_paused_on(TODAY)


def test_a_pause_ends_after_today() -> None:
    with pytest.raises(InvalidValue):
        mentor().pause(TODAY, **WHEN)


def test_a_pause_is_said_once_and_may_be_moved() -> None:
    pausing = mentor()
    pausing.pause(None, **WHEN)
    with pytest.raises(MentorAlreadyPaused):
        pausing.pause(None, **WHEN)

    pausing.pause(TODAY + timedelta(days=1), **WHEN)
    assert pausing.paused_until == TODAY + timedelta(days=1)


def test_there_must_be_a_pause_to_end() -> None:
    with pytest.raises(MentorNotPaused):
        mentor().resume(**WHEN)


def test_training_is_valid_through_its_last_day() -> None:
    training = mentor(training=Training(TODAY))
    take_on(training)

    with pytest.raises(MentorNotInStanding, match="lapsed"):
        take_on(training, at=AT + timedelta(days=1))
