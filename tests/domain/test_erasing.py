"""What does it take to erase a person, what does it end, and can anything be said of them after?"""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from api.moment import Moment
from api.service import Service, assemble
from domain.access import Actor
from domain.availability import Calendar, ExtraHours
from domain.consent import ConsentLedger, Ground, Method
from domain.errors import (
    ChangedMeanwhile,
    DomainError,
    ErasureNotAsked,
    PersonErased,
    SecondPersonNeeded,
    TokenRefused,
)
from domain.identity import member_id, person_id
from domain.match import Match, MatchStatus
from domain.member import Member
from domain.mentor import Mentor
from domain.purposes import Purpose
from domain.recording import Outcome, Proposal
from tests.scenarios import (
    EXPLANATION,
    FINDINGS,
    HARBOUR,
    a_member,
    a_mentor,
    approved_match,
    enrolled_member,
    enrolled_mentor,
    open_match,
    open_matches,
    token_of,
)

RACES = 6


@pytest.fixture
def ask(service: Service, moment: Moment) -> Any:
    def ask(person: UUID, by: str = "coordinator-1") -> None:
        service.alongside.request_erasure(person, Ground.OBJECTION, at=moment.at, by=by)

    return ask


@pytest.fixture
def erase(service: Service, moment: Moment, ask: Any) -> Any:
    """Asked for by one coordinator and confirmed by another."""

    def erase(who: Member | Mentor) -> None:
        ask(who.person_id)
        service.alongside.erase(who.programme_id, who.person_id, at=moment.at, by="coordinator-2")

    return erase


def of(service: Service, person: UUID) -> list[Any]:
    """What a person's ledger says of their erasure."""
    erasing = (ConsentLedger.ErasureRequested, ConsentLedger.ErasureCancelled, ConsentLedger.Erased)
    return [entry.event for entry in service.alongside.ledger_entries(person) if isinstance(entry.event, erasing)]


def test_nobody_erases_alone(service: Service, moment: Moment, ask: Any) -> None:
    member = enrolled_member(service, moment)
    ask(member.person_id)
    before = service.alongside.log.head()

    with pytest.raises(SecondPersonNeeded):
        service.alongside.erase(member.programme_id, member.person_id, at=moment.at, by="coordinator-1")
    assert service.alongside.log.head() == before


def test_nobody_is_erased_of_whom_it_was_not_asked(service: Service, moment: Moment) -> None:
    member = enrolled_member(service, moment)

    with pytest.raises(ErasureNotAsked):
        service.alongside.erase(member.programme_id, member.person_id, at=moment.at, by="coordinator-2")


def test_a_persons_own_request_is_the_first_of_the_two(service: Service, moment: Moment, ask: Any) -> None:
    member = enrolled_member(service, moment)
    ask(member.person_id, "member")
    service.alongside.erase(member.programme_id, member.person_id, at=moment.at, by="coordinator-1")

    erased = of(service, member.person_id)[-1]
    assert (erased.requested_by, erased.by, erased.ground) == ("member", "coordinator-1", Ground.OBJECTION)


def test_what_was_taken_back_is_not_there_to_be_confirmed(service: Service, moment: Moment, ask: Any) -> None:
    member = enrolled_member(service, moment)
    ask(member.person_id)
    service.alongside.cancel_erasure(member.person_id, at=moment.at, by="coordinator-1")

    with pytest.raises(ErasureNotAsked):
        service.alongside.erase(member.programme_id, member.person_id, at=moment.at, by="coordinator-2")
    with pytest.raises(ErasureNotAsked):
        service.alongside.cancel_erasure(member.person_id, at=moment.at, by="coordinator-1")


def test_the_same_request_again_is_the_same_request(service: Service, moment: Moment, ask: Any) -> None:
    member = enrolled_member(service, moment)
    ask(member.person_id)
    ask(member.person_id)

    assert len(of(service, member.person_id)) == 1


def test_an_open_proposal_is_voided(service: Service, moment: Moment, erase: Any) -> None:
    match = open_match(service, moment)
    erase(service.alongside.load(Mentor, match.mentor_id))

    assert service.alongside.load(Match, match.id).status == MatchStatus.VOIDED


def test_when_a_member_is_erased_their_mentor_has_the_place_free_again(
    service: Service, moment: Moment, erase: Any
) -> None:
    match = approved_match(service, moment)
    erase(service.alongside.load(Member, match.member_id))

    assert service.alongside.load(Match, match.id).status == MatchStatus.CLOSED
    assert service.alongside.load(Mentor, match.mentor_id).places == 2


def test_when_a_mentor_is_erased_their_member_waits_again(service: Service, moment: Moment, erase: Any) -> None:
    match = approved_match(service, moment)
    erase(service.alongside.load(Mentor, match.mentor_id))
    pool = service.alongside.pool(match.programme_id)

    assert [member.id for member in pool.waiting(moment.at)[0]] == [match.member_id]
    assert pool.available(moment.at, moment.today)[0] == []


def test_a_declined_match_stays_as_it_was(service: Service, moment: Moment, erase: Any) -> None:
    match = open_match(service, moment)
    service.alongside.decline(match.id, "They know each other.", at=moment.at, by="coordinator-1")
    erase(service.alongside.load(Member, match.member_id))

    assert service.alongside.load(Match, match.id).status == MatchStatus.DECLINED


def test_their_tokens_open_nothing_any_more_and_others_do(service: Service, moment: Moment, erase: Any) -> None:
    member, other = (enrolled_member(service, moment, ref=ref) for ref in ("S-1", "S-2"))
    gone, stays = (token_of(service, moment, Actor.MEMBER, who) for who in (member, other))
    erase(member)

    with pytest.raises(TokenRefused):
        service.alongside.token(gone, at=moment.at)
    assert service.alongside.token(stays, at=moment.at).person_id == other.person_id


def test_nothing_more_is_recorded_of_them_in_any_stream(service: Service, moment: Moment, erase: Any) -> None:
    alongside = service.alongside
    enrolled_member(service, moment, ref="B-1")
    mentor = enrolled_mentor(service, moment, ref="B-1")
    match = open_matches(service, moment, [(enrolled_member(service, moment), mentor)])[0]
    member, person, at = alongside.load(Member, member_id(mentor.person_id)), mentor.person_id, moment.at
    erase(mentor)
    before = alongside.log.head()
    later = Calendar(extra=(ExtraHours(moment.today, 0, 60),))
    acts = (
        lambda: alongside.grant(person, Purpose.STATS, method=Method.WEB, at=at, by="mentor"),
        lambda: alongside.refuse(person, Purpose.STATS, method=Method.WEB, at=at, by="mentor"),
        lambda: alongside.withdraw(person, Purpose.MATCH_CONSIDER, method=Method.WEB, at=at, by="mentor"),
        lambda: alongside.request_erasure(person, Ground.OBJECTION, at=at, by="mentor"),
        lambda: alongside.cancel_erasure(person, at=at, by="mentor"),
        lambda: alongside.erase(mentor.programme_id, person, at=at, by="coordinator-2"),
        lambda: alongside.change_availability(mentor.id, (), at=at, by="mentor"),
        lambda: alongside.change_calendar(mentor.id, later, at=at, by="mentor"),
        lambda: alongside.change_capacity(mentor.id, 1, at=at, by="mentor"),
        lambda: alongside.pause(mentor.id, date(2026, 4, 1), at=at, by="mentor"),
        lambda: alongside.resume(mentor.id, at=at, by="mentor"),
        lambda: alongside.approve(match.id, at=at, by="coordinator-1"),
        lambda: alongside.decline(match.id, "Why not", at=at, by="coordinator-1"),
    )

    for act in acts:
        with pytest.raises(DomainError):
            act()
    for role in (alongside.load(Mentor, mentor.id), alongside.load(Member, member.id)):
        with pytest.raises(PersonErased):
            role.revise(role.profile, at=at, by="administrator")
        with pytest.raises(PersonErased):
            role.erase(at=at, by="coordinator-2")
    assert alongside.log.head() == before


def test_the_same_roster_again_does_not_bring_them_back(service: Service, moment: Moment, erase: Any) -> None:
    erase(enrolled_member(service, moment))
    before = service.alongside.log.head()

    for revise in (False, True):
        enrolled = service.alongside.enrol(
            HARBOUR, [a_member()], [a_mentor(ref="S-1")], at=moment.at, by="administrator", revise=revise
        )
        assert (enrolled.erased, enrolled.members, enrolled.mentors, enrolled.revised) == (2, 0, 0, 0)
    assert service.alongside.log.head() == before


def test_a_round_over_people_of_whom_one_was_erased_meanwhile_is_not_held(
    service: Service, databases: Any, safe: Any, moment: Moment, erase: Any
) -> None:
    member, mentor = enrolled_member(service, moment), enrolled_mentor(service, moment)
    elsewhere = assemble(databases, safe, connections=2, second_clock=False)  # remembers their keys
    pool = elsewhere.alongside.pool(member.programme_id)
    erase(member)
    service.keys.erase([member.person_id], at=moment.at)
    outcome = Outcome(pool, moment.today, FINDINGS, [Proposal(member.id, mentor.id, 568, EXPLANATION)], {})

    with pytest.raises(ChangedMeanwhile):
        elsewhere.alongside.hold_round(outcome, at=moment.at, by="coordinator-1")
    elsewhere.close()


def test_an_approval_beside_an_erasure_comes_wholly_before_it_or_not_at_all(
    service: Service, moment: Moment, ask: Any
) -> None:
    approved = 0
    for number in range(RACES):
        slug = f"race-{number}"
        match = open_match(service, moment, programme=slug)
        ask(match.member_person_id)
        with ThreadPoolExecutor(2) as pool:
            approving = pool.submit(service.alongside.approve, match.id, at=moment.at, by="coordinator-1")
            erasing = pool.submit(
                service.alongside.erase, match.programme_id, match.member_person_id, at=moment.at, by="coordinator-2"
            )
            erasing.result()
        assert approving.exception() is None or isinstance(approving.exception(), DomainError)
        was_approved = approving.exception() is None
        approved += was_approved
        assert service.alongside.load(Match, match.id).status == (
            MatchStatus.CLOSED if was_approved else MatchStatus.VOIDED
        )
        assert service.alongside.load(Member, match.member_id).match_id is None
        assert service.alongside.load(Mentor, match.mentor_id).places == 2
        assert service.alongside.ledger(match.member_person_id).is_erased


def test_someone_of_another_programme_with_the_same_reference_is_somebody_else(
    service: Service, moment: Moment, erase: Any
) -> None:
    here, there = (enrolled_member(service, moment, programme=slug) for slug in (HARBOUR, "quay"))
    erase(here)

    assert person_id(service.alongside.programme("quay").namespace, "S-1") == there.person_id
    assert not service.alongside.load(Member, there.id).is_erased
