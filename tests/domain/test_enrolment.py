"""What becomes of the people of a roster when it is brought a first and a second time?"""

from datetime import date, timedelta
from typing import Any

import pytest

from api.moment import Moment
from api.service import Service
from domain.availability import Absence, calendar_of
from domain.consent import ConsentLedger, Method, consent_at
from domain.contact import ContactDetails
from domain.enrolment import Enrolled, Enrolment
from domain.errors import ChangedMeanwhile
from domain.identity import ledger_id, member_id, mentor_id, person_id
from domain.member import Member
from domain.mentor import Mentor
from domain.programme import Policy
from domain.purposes import READABLE, Purpose
from tests.scenarios import HARBOUR, Applicant, a_member, a_mentor

CONSIDER = Purpose.MATCH_CONSIDER


@pytest.fixture
def enrol(service: Service, moment: Moment) -> Any:
    def enrol(members: Any = (), mentors: Any = (), **how: Any) -> Enrolled:
        return service.alongside.enrol(HARBOUR, members, mentors, at=moment.at, by="administrator", **how)

    return enrol


@pytest.fixture
def person(service: Service) -> Any:
    return lambda ref: person_id(service.alongside.programme(HARBOUR).namespace, ref)


def test_newcomers_are_enrolled_with_the_consents_they_signed(enrol: Any, person: Any, service: Service) -> None:
    assert enrol([a_member()], [a_mentor()]) == Enrolled(members=1, mentors=1)

    ledger = service.alongside.ledger(person("S-1"))
    assert set(ledger.grants) == {Purpose.MATCH_CONSIDER, Purpose.MATCH_PROPOSE}


def test_the_same_roster_again_changes_nothing(enrol: Any, service: Service) -> None:
    enrol([a_member()], [a_mentor()])
    head = service.alongside.log.head()

    assert enrol([a_member()], [a_mentor()]) == Enrolled(unchanged=2)
    assert service.alongside.log.head() == head


def test_a_withdrawn_consent_is_not_brought_back_by_the_roster(
    enrol: Any, person: Any, service: Service, moment: Moment
) -> None:
    enrol([a_member()])
    service.alongside.withdraw(person("S-1"), CONSIDER, method=Method.WEB, at=moment.at, by="member")

    enrol([a_member(age=50)], revise=True)
    enrol(mentors=[a_mentor(ref="S-1")])

    decision = consent_at(service.alongside.ledger(person("S-1")), CONSIDER, at=moment.at)
    assert (decision.permit, decision.reason) == (False, "withdrawn")


def test_a_row_that_says_something_else_is_reported_and_not_applied(enrol: Any, service: Service) -> None:
    enrol([a_member(age=40)])
    head = service.alongside.log.head()

    assert enrol([a_member(age=41)]) == Enrolled(differing=["S-1"])
    assert service.alongside.log.head() == head


def test_a_row_that_says_something_else_is_applied_when_asked_to(enrol: Any, person: Any, service: Service) -> None:
    enrol([a_member(age=40)], [a_mentor(capacity=2)])

    assert enrol([a_member(age=41)], [a_mentor(capacity=3)], revise=True) == Enrolled(revised=2)
    assert service.alongside.load(Member, member_id(person("S-1"))).profile.age == 41
    assert service.alongside.load(Mentor, mentor_id(person("T-1"))).profile.capacity == 3


def test_what_a_roster_does_not_say_of_reaching_somebody_is_left_as_it_is(
    enrol: Any, person: Any, service: Service, moment: Moment
) -> None:
    enrol([a_member()])
    mine = ContactDetails(name="Ana", phone="+44 7700 900123")
    service.alongside.change_contact_details(person("S-1"), mine, at=moment.at, by="member")

    assert enrol([a_member()], revise=True) == Enrolled(unchanged=1)
    assert enrol([a_member(email="ana@example.org", phone="+44 7700 900124")]) == Enrolled(differing=["S-1"])
    assert enrol([a_member(email="ana@example.org")], revise=True) == Enrolled(revised=1)
    assert service.alongside.contact_of(person("S-1")) == ContactDetails(
        name="Ana", phone="+44 7700 900123", email="ana@example.org"
    )


def test_dates_that_a_mentor_entered_stay_unless_the_row_names_others(
    enrol: Any, person: Any, service: Service, moment: Moment
) -> None:
    away, later = (calendar_of([Absence(day, day)]) for day in (date(2026, 8, 1), date(2026, 9, 1)))
    enrol(mentors=[a_mentor()])
    mentor = mentor_id(person("T-1"))
    service.alongside.change_calendar(mentor, away, at=moment.at, by="mentor")

    assert enrol(mentors=[a_mentor()]).unchanged == 1
    assert enrol(mentors=[a_mentor(capacity=7)], revise=True).revised == 1
    assert service.alongside.load(Mentor, mentor).profile.calendar == away
    assert enrol(mentors=[a_mentor(capacity=7, calendar=later)], revise=True).revised == 1
    assert service.alongside.load(Mentor, mentor).profile.calendar == later


def test_a_members_dates_are_those_of_the_row(enrol: Any, person: Any, service: Service) -> None:
    enrol([a_member(calendar=calendar_of([Absence(date(2026, 8, 1), date(2026, 8, 1))]))])

    assert enrol([a_member()], revise=True).revised == 1
    assert not service.alongside.load(Member, member_id(person("S-1"))).profile.calendar.dated


def test_a_member_who_is_a_mentor_too_is_one_person_with_one_ledger(enrol: Any, person: Any, service: Service) -> None:
    enrol([a_member(ref="B-1")], [a_mentor(ref="B-1")])

    both = person("B-1")
    assert service.alongside.load(Member, member_id(both)).person_id == both
    assert service.alongside.load(Mentor, mentor_id(both)).person_id == both
    granted = [entry.event.purpose for entry in service.alongside.log.stream(ledger_id(both))]
    assert granted == [Purpose.MATCH_CONSIDER, Purpose.MATCH_PROPOSE]


def test_a_consent_counts_from_the_day_of_signing_for_a_year(enrol: Any, person: Any, service: Service) -> None:
    signed = date(2025, 12, 31)
    enrol([Applicant(a_member().profile, (CONSIDER,), signed)])

    event = service.alongside.ledger_entries(person("S-1"))[0].event
    assert isinstance(event, ConsentLedger.Granted)
    assert (event.at.date(), event.expires_at.date()) == (signed, date(2026, 12, 31))


def test_a_consent_signed_in_the_future_counts_from_the_import(
    enrol: Any, person: Any, service: Service, moment: Moment
) -> None:
    enrol([Applicant(a_member().profile, (CONSIDER,), moment.today + timedelta(days=9))])

    assert service.alongside.ledger_entries(person("S-1"))[0].event.at == moment.at


def test_two_rosters_at_once_do_not_both_go_in(enrol: Any, service: Service, moment: Moment) -> None:
    enrol([a_member()])
    slow = Enrolment(service.alongside.log, HARBOUR, at=moment.at, by="administrator", revise=False)
    slow.add_member(a_member(ref="S-2"))
    enrol([a_member(ref="S-3")])

    with pytest.raises(ChangedMeanwhile):
        service.alongside.save(*slow.changed())


def minority_of(service: Service, who: Any) -> Any:
    minority = service.alongside.ledger(who).minority
    return minority and (minority.until, minority.alone)


def test_somebody_under_eighteen_is_enrolled_as_a_minor_and_waits_for_a_guardian(
    enrol: Any, person: Any, service: Service, moment: Moment
) -> None:
    enrol([a_member(age=15), a_member(ref="S-2", age=18), a_member(ref="S-3")], [a_mentor(age=17)])
    pool = service.alongside.pool(service.alongside.programme(HARBOUR).id)
    members, without = pool.waiting(moment.at)

    assert {ref: minority_of(service, person(ref)) for ref in ("S-1", "S-2", "S-3", "T-1")} == {
        "S-1": (date(2029, 3, 2), False),
        "S-2": None,
        "S-3": None,
        "T-1": (date(2027, 3, 2), False),
    }
    assert sorted(member.profile.ref for member in members) == ["S-2", "S-3"]
    assert without["consent"] == 1
    assert service.alongside.load(Member, member_id(person("S-1"))).withheld == READABLE


def test_a_programme_that_lets_young_people_consent_alone_considers_them(
    enrol: Any, person: Any, service: Service, moment: Moment
) -> None:
    enrol()
    programme = service.alongside.programme(HARBOUR)
    programme.adopt(Policy(consents_alone_from=15), at=moment.at, by="administrator")
    service.alongside.save(programme)
    enrol([a_member(age=15)])

    assert minority_of(service, person("S-1")) == (date(2029, 3, 2), True)
    assert consent_at(service.alongside.ledger(person("S-1")), CONSIDER, at=moment.at).permit


def test_a_row_that_is_brought_again_changes_the_day_of_majority_only_if_it_says_something_new(
    enrol: Any, person: Any, service: Service
) -> None:
    enrol([a_member(age=15)])
    before = service.alongside.ledger(person("S-1")).version
    enrol([a_member(age=15)], revise=True)
    unchanged = service.alongside.ledger(person("S-1")).version
    enrol([a_member(age=16)])
    left_alone = minority_of(service, person("S-1"))
    enrol([a_member(age=16)], revise=True)

    assert unchanged == before
    assert left_alone == (date(2029, 3, 2), False)
    assert minority_of(service, person("S-1")) == (date(2028, 3, 2), False)
