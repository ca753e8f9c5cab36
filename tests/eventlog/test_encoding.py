"""Is what is personal sealed with the person's own key, bound to its place, and hidden once the key is gone?"""

from dataclasses import dataclass, field
from uuid import UUID

import msgspec
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.errors import PersonErased
from domain.events import Entry, Event, personal_fields
from domain.match import Match
from domain.member import Member
from domain.mentor import Mentor
from eventlog.encoding import Damaged, Encoding
from eventlog.record import Record
from tests.eventlog.stored_events import EXAMPLES, MARKER, read, stored

STREAM, OTHER = UUID(int=99), UUID(int=100)
PERSONAL = [event for event in EXAMPLES if list(personal_fields(type(event)))]
by_topic = pytest.mark.parametrize("event", PERSONAL, ids=lambda event: event.TOPIC)


@dataclass
class Ring:
    """Keys in memory."""

    keys: dict[UUID, AESGCM | None] = field(default_factory=dict)

    def find(self, persons):
        return {person: self.keys[person] for person in persons}

    def find_or_make(self, persons):
        for person in persons:
            self.keys.setdefault(person, AESGCM(AESGCM.generate_key(256)))
            if self.keys[person] is None:
                raise PersonErased("This person was erased.")
        return self.find(persons)


def sealed(event: Event, ring: Ring) -> Record:
    (row,) = Encoding(ring).write([Entry(stream=STREAM, version=4, event=event)])
    return Record(7, STREAM, 4, row.topic, event.at, OTHER, row.state)


def opened(record: Record, keys) -> Event:
    return Encoding(keys).read([record])[0].event


@by_topic
def test_nothing_that_a_person_said_can_be_read_in_what_is_stored(event: Event) -> None:
    assert MARKER.encode() not in sealed(event, Ring()).state


def test_the_marker_would_be_found_if_it_were_stored() -> None:
    assert MARKER.encode() in msgspec.json.encode(PERSONAL[0])


@by_topic
def test_whoever_has_the_keys_reads_what_was_written(event: Event) -> None:
    ring = Ring()
    assert opened(sealed(event, ring), ring) == event


@by_topic
def test_without_keys_what_is_personal_is_sealed_and_the_rest_is_read(event: Event) -> None:
    found = opened(sealed(event, Ring()), None)
    personal = {name for name, _ in personal_fields(type(event))}
    for name in event.__struct_fields__:
        assert (getattr(found, name) == getattr(event, name)) == (name not in personal)
    assert MARKER.encode() not in msgspec.json.encode(found)


@by_topic
def test_once_any_of_the_keys_is_destroyed_what_is_personal_is_erased(event: Event) -> None:
    ring = Ring()
    record = sealed(event, ring)
    for person in list(ring.keys):
        some = Ring({**ring.keys, person: None})
        found = opened(record, some)
        assert MARKER.encode() not in msgspec.json.encode(found)
        assert type(found) is type(event)
        with pytest.raises(PersonErased):
            sealed(event, some)


def test_words_read_sealed_or_erased_by_what_is_the_case() -> None:
    event = next(event for event in EXAMPLES if isinstance(event, Member.Registered))
    ring = Ring()
    record = sealed(event, ring)
    without_keys, gone = opened(record, None), opened(record, Ring({event.person_id: None}))
    assert isinstance(without_keys, Member.Registered)
    assert isinstance(gone, Member.Registered)
    assert (without_keys.profile.handle, gone.profile.handle) == ("[sealed]", "[erased]")


def test_a_mentor_who_cannot_be_read_has_no_place_to_give() -> None:
    event = next(event for event in EXAMPLES if isinstance(event, Mentor.Registered))
    found = opened(sealed(event, Ring()), None)
    assert isinstance(found, Mentor.Registered)
    assert found.profile.capacity == 0
    assert found.profile.training.valid_until < event.profile.training.valid_until


def test_what_concerns_two_people_needs_both_keys() -> None:
    event = next(event for event in EXAMPLES if isinstance(event, Match.Declined))
    ring = Ring()
    sealed(event, ring)
    assert set(ring.keys) == {event.member_person_id, event.mentor_person_id}


ALIKE = {"member.registered": "mentor.registered", "member.profile-revised": "mentor.profile-revised"}
MOVES = [
    (event, elsewhere)
    for event in PERSONAL
    for elsewhere in ({"stream": OTHER}, {"version": 5}, {"topic": ALIKE.get(event.TOPIC)})
    if None not in elsewhere.values()
]


@pytest.mark.parametrize(("event", "elsewhere"), MOVES, ids=[f"{e.TOPIC}-{next(iter(to))}" for e, to in MOVES])
def test_a_message_moved_to_another_place_does_not_open(event: Event, elsewhere: dict[str, object]) -> None:
    ring = Ring()
    moved = msgspec.structs.replace(sealed(event, ring), **elsewhere)
    with pytest.raises(Damaged, match="position 7"):
        opened(moved, ring)


def test_one_persons_message_under_anothers_name_does_not_open() -> None:
    ada, ben = UUID(int=1), UUID(int=2)
    example = next(event for event in EXAMPLES if isinstance(event, Member.Registered))
    ring = Ring()
    record = sealed(msgspec.structs.replace(example, person_id=ada), ring)
    ring.find_or_make([ben])
    swapped = record.state.replace(str(ada).encode(), str(ben).encode())
    with pytest.raises(Damaged):
        opened(msgspec.structs.replace(record, state=swapped), ring)


@by_topic
def test_one_changed_bit_is_noticed(event: Event) -> None:
    state = stored(event)
    place = state.rindex('"}}') - 4
    other = "A" if state[place] != "A" else "B"
    with pytest.raises(Damaged):
        read(event.TOPIC, state[:place] + other + state[place + 1 :])


def test_a_personal_event_in_the_clear_is_refused() -> None:
    event = PERSONAL[0]
    with pytest.raises(Damaged, match="sealed part"):
        read(event.TOPIC, msgspec.json.encode(event).decode())


@pytest.mark.parametrize("left", ["{}", '{"person_id":""}', '{"person_id":"AAAA"}'])
def test_a_sealed_part_without_its_message_is_refused(left: str) -> None:
    event = next(each for each in PERSONAL if each.TOPIC == "member.registered")
    state = stored(event)
    with pytest.raises(Damaged):
        read(event.TOPIC, state[: state.rindex('"sealed":')] + f'"sealed":{left}}}')


def test_the_same_words_never_look_the_same_twice() -> None:
    ring = Ring()
    assert sealed(PERSONAL[0], ring).state != sealed(PERSONAL[0], ring).state


def test_a_process_without_keys_writes_nothing_personal() -> None:
    with pytest.raises(RuntimeError, match="without keys"):
        Encoding(None).write([Entry(stream=STREAM, version=1, event=PERSONAL[0])])
