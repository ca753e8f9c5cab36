"""Can events that were stored once still be read, and is every personal field of them marked?"""

from collections.abc import Iterable, Iterator
from typing import Any, get_type_hints
from uuid import UUID

import msgspec
import pytest

from domain.events import Event, personal_fields
from domain.match import Match
from domain.member import Member
from domain.profiles import MemberProfile
from domain.registry import EVENT_TYPES
from tests.eventlog.stored_events import EXAMPLES, FIRST_FORMS, MARKER, MEMBER, in_file, read, stored

# Numbers, hours, days and ids have no letters to put the marker into.
WITHOUT_WORDS = {
    ("mentor.availability-changed", "availability"),
    ("mentor.calendar-changed", "calendar"),
    ("mentor.capacity-changed", "capacity"),
    ("consent.blocked", "persons"),
    ("consent.block-matched", "persons"),
    ("consent.minority-recorded", "until"),
}
by_topic = pytest.mark.parametrize("event", EXAMPLES, ids=lambda event: event.TOPIC)


def blanks(value: Any) -> Iterator[Any]:
    """Everything in a value that is none or empty."""
    if value is None or value == "" or value in ([], {}):
        yield value
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for child in children:
        yield from blanks(child)


def fields_with_words(event: Event) -> set[str]:
    """The fields of an event in which somebody's words stand."""
    said = {name: msgspec.json.encode(getattr(event, name)).decode() for name in event.__struct_fields__}
    return {name for name, text in said.items() if MARKER in text}


def unmarked(event: Event) -> set[str]:
    """The fields of an event that hold words and are not marked as personal."""
    return fields_with_words(event) - {name for name, _ in personal_fields(type(event))}


def differences(kept: Iterable[str]) -> set[str]:
    """The topics that are only in the registry or only in what is kept."""
    return set(kept) ^ set(EVENT_TYPES)


def test_there_is_one_example_of_every_type_of_event() -> None:
    assert sorted(event.TOPIC for event in EXAMPLES) == sorted(EVENT_TYPES)


def test_the_file_keeps_every_topic_and_no_other() -> None:
    assert differences(in_file()) == set()


def test_a_topic_that_is_missing_or_too_many_is_noticed() -> None:
    kept = set(in_file())

    assert differences(kept - {"match.approved"}) == {"match.approved"}
    assert differences(kept | {"match.forgotten"}) == {"match.forgotten"}


@by_topic
def test_an_event_is_stored_as_the_file_keeps_it(event: Event) -> None:
    assert stored(event) == in_file()[event.TOPIC]


@by_topic
def test_what_the_file_keeps_is_read_as_the_event(event: Event) -> None:
    assert read(event.TOPIC, in_file()[event.TOPIC]) == event


@pytest.mark.parametrize(("state", "event"), FIRST_FORMS, ids=lambda each: getattr(each, "TOPIC", ""))
def test_what_was_stored_in_the_first_form_is_still_read(state: str, event: Event) -> None:
    assert read(event.TOPIC, state) == event


@by_topic
def test_an_example_leaves_no_field_blank(event: Event) -> None:
    assert list(blanks(msgspec.to_builtins(event))) == []


@by_topic
def test_a_stored_field_that_nobody_knows_is_refused(event: Event) -> None:
    more = '{"unheard_of":1,' + stored(event)[1:]

    with pytest.raises(msgspec.ValidationError, match="unheard_of"):
        read(event.TOPIC, more)


@by_topic
def test_words_about_a_person_stand_only_in_fields_marked_as_personal(event: Event) -> None:
    assert unmarked(event) == set()


@by_topic
def test_a_marked_field_names_a_field_with_the_person_it_is_about(event: Event) -> None:
    hints = get_type_hints(type(event))

    for name, subjects in personal_fields(type(event)):
        assert {hints[subject] for subject in subjects} == {UUID}
        assert name in fields_with_words(event) or (event.TOPIC, name) in WITHOUT_WORDS


def test_a_profile_in_a_field_without_a_mark_is_caught() -> None:
    class Careless(Event, frozen=True, kw_only=True):
        TOPIC = "member.careless"
        person_id: UUID
        profile: MemberProfile

    example = next(event for event in EXAMPLES if isinstance(event, Member.Registered))
    careless = Careless(person_id=example.person_id, profile=MEMBER, at=example.at, by=example.by)

    assert unmarked(careless) == {"profile"}
    assert unmarked(example) == set()


def test_profiles_explanations_and_reasons_are_personal() -> None:
    both = ("member_person_id", "mentor_person_id")
    assert dict(personal_fields(Member.Registered)) == {"profile": ("person_id",)}
    assert dict(personal_fields(Match.Proposed)) == {"explanation": both}
    assert dict(personal_fields(Match.Declined)) == {"reason": both}
