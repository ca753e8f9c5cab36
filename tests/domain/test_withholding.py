"""Is withheld from the lists of coordinators what they may not read, and nothing else?"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from api.moment import Moment
from api.service import Service
from domain.consent import Channel, Method, Scope
from domain.disclosing import Asked, Viewing
from domain.identity import member_id, mentor_id
from domain.member import Member
from domain.mentor import Mentor
from domain.purposes import CRITERIA, READABLE, Field, Purpose
from tests.scenarios import enrolled_member, enrolled_mentor, open_match

CONSIDER, NOTES = Purpose.MATCH_CONSIDER, Purpose.COORD_NOTES


@pytest.fixture
def member(service: Service, moment: Moment) -> Member:
    return enrolled_member(service, moment)


@pytest.fixture
def agree(service: Service, moment: Moment, member: Member) -> Callable[..., None]:
    """Lets the member agree to a purpose for everything but some fields."""

    def say(purpose: Purpose, *without: Field) -> None:
        scope = Scope(fields=(CRITERIA if purpose == CONSIDER else READABLE) - {*without})
        service.alongside.grant(member.person_id, purpose, scope=scope, method=Method.WEB, at=moment.at, by="member")

    return say


@pytest.fixture
def take_back(service: Service, moment: Moment, member: Member) -> Callable[[Purpose], None]:
    """Lets the member take back what they agreed to."""

    def say(purpose: Purpose) -> None:
        service.alongside.withdraw(member.person_id, purpose, method=Method.WEB, at=moment.at, by="member")

    return say


def recorded(service: Service, role: Member | Mentor) -> Sequence[Any]:
    return [
        "all" if event.fields is None else {*event.fields}
        for event in (entry.event for entry in service.alongside.log.stream(role.id))
        if isinstance(event, Member.Withheld | Mentor.Withheld)
    ]


def withheld(service: Service, member: Member) -> frozenset[Field]:
    return service.alongside.load(Member, member.id).withheld


def test_what_is_withheld_is_recorded_when_it_changes_and_only_then(
    service: Service, member: Member, agree: Any, take_back: Any
) -> None:
    agree(CONSIDER)
    agree(CONSIDER, Field.URGENCY)
    agree(CONSIDER, Field.URGENCY)
    agree(CONSIDER, Field.URGENCY, Field.AGE)
    agree(CONSIDER, Field.AGE)
    take_back(CONSIDER)

    assert recorded(service, member) == [{Field.URGENCY}, {Field.URGENCY, Field.AGE}, {Field.AGE}, "all"]
    agree(CONSIDER)
    assert withheld(service, member) == frozenset()


def test_what_one_purpose_lets_be_read_the_other_need_not(
    service: Service, member: Member, agree: Any, take_back: Any
) -> None:
    agree(CONSIDER, Field.URGENCY, Field.AGE)
    agree(NOTES, *READABLE - {Field.AGE})
    assert withheld(service, member) == {Field.URGENCY}
    take_back(CONSIDER)
    assert withheld(service, member) == READABLE - {Field.AGE}


def test_a_profile_that_is_revised_withholds_what_it_did(
    service: Service, moment: Moment, member: Member, agree: Any
) -> None:
    agree(CONSIDER, Field.URGENCY)
    found = service.alongside.load(Member, member.id)
    found.revise(msgspec.structs.replace(found.profile, age=44), at=moment.at, by="coordinator-1")

    assert [type(event).__name__ for event in (entry.event for entry in found.collect())] == [
        "ProfileRevised",
        "Withheld",
    ]
    assert found.withheld == {Field.URGENCY}


@pytest.mark.parametrize("without", [frozenset(), {Field.NEEDS}, {Field.LANGUAGES, Field.AGE}, READABLE])
def test_what_is_withheld_is_what_no_coordinator_would_be_told(
    service: Service, moment: Moment, member: Member, agree: Any, without: frozenset[Field]
) -> None:
    agree(CONSIDER, *without)
    asked = Asked.for_coordinators(member.programme_id, member.person_id, READABLE)
    viewing = Viewing("coordinator-1", "coordinator", Channel.API, "request-1")
    told = service.alongside.disclose([asked], viewing, at=moment.at + timedelta(seconds=1))

    assert withheld(service, member) == READABLE - told[member.person_id]


def test_both_sides_of_a_proposal_withhold_for_themselves(service: Service, moment: Moment) -> None:
    match = open_match(service, moment)
    scope = Scope(fields=CRITERIA - {Field.AGE})
    service.alongside.grant(match.mentor_person_id, CONSIDER, scope=scope, method=Method.WEB, at=moment.at, by="mentor")

    assert service.alongside.load(Mentor, mentor_id(match.mentor_person_id)).withheld == {Field.AGE}
    assert service.alongside.load(Member, member_id(match.member_person_id)).withheld == frozenset()


def test_a_consent_to_something_else_withholds_everything(service: Service, moment: Moment) -> None:
    mentor = enrolled_mentor(service, moment, consents=(Purpose.MATCH_PROPOSE,))

    assert recorded(service, mentor) == ["all"]
