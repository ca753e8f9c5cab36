"""What is taken as a name, a number and an address, and what is refused without repeating it?"""

import msgspec
import pytest

from api.moment import Moment
from api.service import Service
from domain.contact import ContactDetails
from domain.errors import InvalidValue, UnknownPerson
from domain.identity import member_id, mentor_id
from domain.member import Member
from domain.mentor import Mentor
from domain.profiles import MemberProfile
from tests.eventlog.stored_events import MEMBER
from tests.scenarios import enrolled_member, enrolled_mentor

ANA = ContactDetails(name="Ana Silva", phone="+44 7700 900123", email="ana@example.org")
REFUSED = [
    {"name": "=Ana"},
    {"name": "Ana\nSilva"},
    {"name": "Ana\u202eSilva"},
    {"name": "Ana\ud800"},
    {"name": "x" * 101},
    {"phone": "call me"},
    {"phone": "1234"},
    {"phone": "+44 7700 900123; +44 7700 900124"},
    {"email": "ana at example.org"},
    {"email": "ana@example.org\r\nBcc: everybody@example.org"},
    {"email": "Ana <ana@example.org>"},
    {"email": "x" * 250 + "@example.org"},
]


def test_what_people_type_is_kept_without_the_space_around_it() -> None:
    assert ContactDetails.read(name=" Ana Silva ", phone=" +44  7700 900123", email="ana@example.org\n") == ANA


def test_what_is_blank_is_not_there() -> None:
    assert ContactDetails.read(name=" ", phone="", email="\t") == ContactDetails()


@pytest.mark.parametrize(
    "name", ["Zoë", "李小龍", "\u0639\u0644\u06cc\u200c\u0631\u0636\u0627", "O'Neill-Smith", "D. J."]
)
def test_names_are_written_as_people_write_them(name: str) -> None:
    assert ContactDetails.read(name=name).name == name


@pytest.mark.parametrize("typed", REFUSED)
def test_what_is_none_of_these_is_refused_and_not_repeated(typed: dict[str, str]) -> None:
    with pytest.raises(InvalidValue) as refusal:
        ContactDetails.read(**typed)

    assert not any(value in str(refusal.value) for value in typed.values())


def test_a_profile_that_was_stored_before_these_were_asked_for_is_still_read() -> None:
    stored = msgspec.to_builtins(MEMBER)
    for field in ("name", "phone", "email"):
        del stored[field]

    assert msgspec.convert(stored, MemberProfile) == MEMBER.reached_by(ContactDetails())


def test_who_is_both_member_and_mentor_is_reached_in_one_way(service: Service, moment: Moment) -> None:
    person = enrolled_member(service, moment, ref="B-1").person_id
    enrolled_mentor(service, moment, ref="B-1")
    service.alongside.change_contact_details(person, ANA, at=moment.at, by="member")

    assert service.alongside.load(Member, member_id(person)).profile.contact == ANA
    assert service.alongside.load(Mentor, mentor_id(person)).profile.contact == ANA


def test_saying_the_same_once_more_writes_nothing_down(service: Service, moment: Moment) -> None:
    person = enrolled_member(service, moment).person_id
    service.alongside.change_contact_details(person, ANA, at=moment.at, by="member")
    head = service.alongside.log.head()

    service.alongside.change_contact_details(person, ANA, at=moment.at, by="member")

    assert service.alongside.log.head() == head


def test_nobody_is_reached_who_is_not_there(service: Service, moment: Moment) -> None:
    stranger = enrolled_member(service, moment).programme_id

    with pytest.raises(UnknownPerson):
        service.alongside.change_contact_details(stranger, ANA, at=moment.at, by="member")
