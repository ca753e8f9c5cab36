"""What do the two people of a match do, and what ends with it?"""

from datetime import timedelta
from typing import Any

import pytest

from api.meeting import open_card
from api.moment import Moment
from api.service import Service
from domain.application import Alongside
from domain.consent import Channel, ConsentLedger, Method
from domain.disclosing import Viewing
from domain.errors import AlreadyMatched, MatchAlreadyDecided, NoLongerAvailable, UnknownMatch, VersionPassed
from domain.identity import ledger_id
from domain.match import Match, MatchStatus, Side
from domain.meeting import TOLD_OF_AN_END
from domain.member import Member
from domain.mentor import Mentor
from domain.purposes import Purpose
from projections import mentor_directory, proposals, waiting_list
from tests.domain.test_insist import overtaken
from tests.scenarios import approved_match, enrolled_member, enrolled_mentor, open_match, open_matches

BOTH = (Side.MEMBER, Side.MENTOR)
WITHDRAWN = {"method": Method.WEB, "by": "member"}


def accepted(service: Service, moment: Moment, *sides: Side) -> Match:
    """A match that these sides accepted."""
    match = approved_match(service, moment)
    for side in sides:
        match = service.alongside.accept_match(match.id, side, at=moment.at, by=side)
    return match


def topics(service: Service, stream: Any) -> list[str]:
    """What happened in a stream."""
    return [entry.event.TOPIC for entry in service.alongside.log.stream(stream)]


def ledgers(service: Service, match: Match) -> list[ConsentLedger]:
    return [service.alongside.ledger(person) for person in (match.member_person_id, match.mentor_person_id)]


@pytest.mark.parametrize("order", [BOTH, BOTH[::-1]])
def test_a_match_is_accepted_once_both_have_and_both_ledgers_know(
    order: tuple[Side, Side], service: Service, moment: Moment
) -> None:
    one = accepted(service, moment, order[0])
    assert one.status == MatchStatus.APPROVED
    assert not any(ledger.is_active(one.id) for ledger in ledgers(service, one))

    both = service.alongside.accept_match(one.id, order[1], at=moment.at, by=order[1])

    assert both.status == MatchStatus.ACCEPTED
    assert all(ledger.is_active(one.id) for ledger in ledgers(service, one))


def test_accepting_twice_on_one_side_is_not_accepting_on_both(service: Service, moment: Moment) -> None:
    match = accepted(service, moment, Side.MEMBER, Side.MEMBER)

    assert match.status == MatchStatus.APPROVED
    assert topics(service, match.id).count("match.accepted") == 1


@pytest.mark.parametrize("side", BOTH)
@pytest.mark.parametrize("sides", [(), BOTH], ids=["approved", "accepted"])
def test_either_side_can_leave_and_both_are_free_again(
    sides: tuple[Side, ...], side: Side, service: Service, moment: Moment
) -> None:
    match = accepted(service, moment, *sides)

    left = service.alongside.leave_match(match.id, side, at=moment.at, by=side)

    assert left.status == MatchStatus.CLOSED
    assert service.alongside.load(Member, match.member_id).match_id is None
    assert service.alongside.load(Mentor, match.mentor_id).places == 2
    assert [ledger.open_matches() for ledger in ledgers(service, match)] == [{}, {}]


def test_a_pair_of_which_one_did_not_want_the_other_is_not_proposed_again(service: Service, moment: Moment) -> None:
    match = accepted(service, moment)
    pair = (match.member_id, match.mentor_id)
    assert pair not in service.alongside.pool(match.programme_id).barred_pairs()

    service.alongside.leave_match(match.id, Side.MENTOR, at=moment.at, by="mentor")

    assert pair in service.alongside.pool(match.programme_id).barred_pairs()


def test_a_mentor_is_not_supported_by_a_member_of_theirs_be_it_accepted_or_not(
    service: Service, moment: Moment
) -> None:
    supported, supporting = enrolled_member(service, moment, ref="A"), enrolled_mentor(service, moment, ref="B")
    as_mentor, as_member = enrolled_mentor(service, moment, ref="A"), enrolled_member(service, moment, ref="B")
    match = open_matches(service, moment, [(supported, supporting)])[0]
    service.alongside.approve(match.id, at=moment.at, by="coordinator-1")
    for side in BOTH:
        assert (as_member.id, as_mentor.id) in service.alongside.pool(match.programme_id).barred_pairs()
        service.alongside.accept_match(match.id, side, at=moment.at, by=side)

    assert (as_member.id, as_mentor.id) in service.alongside.pool(match.programme_id).barred_pairs()


def test_of_a_mere_proposal_the_two_know_nothing(service: Service, moment: Moment) -> None:
    match = open_match(service, moment)

    for act in (service.alongside.accept_match, service.alongside.leave_match):
        with pytest.raises(UnknownMatch):
            act(match.id, Side.MEMBER, at=moment.at, by="member")
    assert service.alongside.met(match.member_person_id, Side.MEMBER, at=moment.at) == []


def test_what_has_ended_cannot_be_accepted_and_nobody_is_told_why(service: Service, moment: Moment) -> None:
    match = accepted(service, moment, Side.MEMBER)
    service.alongside.withdraw(match.member_person_id, Purpose.MATCH_PROPOSE, at=moment.at, **WITHDRAWN)

    with pytest.raises(NoLongerAvailable, match=r"^This is no longer available\.$"):
        service.alongside.accept_match(match.id, Side.MENTOR, at=moment.at, by="mentor")


def test_who_may_no_longer_be_shown_cannot_be_accepted(service: Service, moment: Moment) -> None:
    match = approved_match(service, moment)
    in_two_years = moment.at + timedelta(days=730)

    with pytest.raises(NoLongerAvailable):
        service.alongside.accept_match(match.id, Side.MENTOR, at=in_two_years, by="mentor")
    assert topics(service, match.id)[-1] == "match.approved"


def withdrawn_in_between(service: Service, moment: Moment, match: Match) -> Alongside:
    """Use cases in whose midst, once the ledgers are read, the member takes a consent back."""

    def others(alongside: Alongside) -> None:
        alongside.withdraw(match.member_person_id, Purpose.MATCH_PROPOSE, at=moment.at, **WITHDRAWN)

    return overtaken(service.alongside.log, others, times=1)


def test_accepting_does_not_outrun_a_withdrawal(service: Service, moment: Moment) -> None:
    match = approved_match(service, moment)

    with pytest.raises(NoLongerAvailable):
        withdrawn_in_between(service, moment, match).accept_match(match.id, Side.MENTOR, at=moment.at, by="mentor")
    assert "match.accepted" not in topics(service, match.id)


def test_opening_a_card_does_not_outrun_a_withdrawal(service: Service, moment: Moment) -> None:
    match = approved_match(service, moment)
    viewing = Viewing("mentor", "mentor", Channel.PAGE, "request-1")
    control = open_card(service.alongside, match, Side.MENTOR, viewing, moment.at)

    card = open_card(withdrawn_in_between(service, moment, match), match, Side.MENTOR, viewing, moment.at)

    assert control.about
    assert (card.met.handle, card.about, card.obligations) == (None, {}, ())
    assert topics(service, ledger_id(match.member_person_id)).count("consent.disclosed") == 1


def test_a_match_that_both_accepted_outlives_the_consents_that_led_to_it(service: Service, moment: Moment) -> None:
    match = accepted(service, moment, *BOTH)
    service.alongside.withdraw(match.member_person_id, Purpose.MATCH_PROPOSE, at=moment.at, **WITHDRAWN)

    assert service.alongside.load(Match, match.id).status == MatchStatus.ACCEPTED


def test_a_match_that_one_side_accepted_ends_with_a_consent(service: Service, moment: Moment) -> None:
    match = accepted(service, moment, Side.MENTOR)
    service.alongside.withdraw(match.member_person_id, Purpose.MATCH_CONSIDER, at=moment.at, **WITHDRAWN)

    assert service.alongside.load(Match, match.id).status == MatchStatus.CLOSED
    assert service.alongside.load(Mentor, match.mentor_id).places == 2


def test_who_is_in_an_accepted_match_is_matched_once(service: Service, moment: Moment) -> None:
    match = accepted(service, moment, *BOTH)
    member = service.alongside.load(Member, match.member_id)
    other = enrolled_mentor(service, moment, ref="T-2")
    second = open_matches(service, moment, [(member, other)])[0]

    with pytest.raises(AlreadyMatched):
        service.alongside.approve(second.id, at=moment.at, by="coordinator-1")


def test_a_coordinator_can_end_a_match_and_a_round_may_come_to_it_again(service: Service, moment: Moment) -> None:
    match = accepted(service, moment, *BOTH)
    with pytest.raises(VersionPassed):
        service.alongside.close_match(match.id, at=moment.at, by="coordinator-1", expected_version=2)

    closed = service.alongside.close_match(match.id, at=moment.at, by="coordinator-1", expected_version=4)

    assert closed.status == MatchStatus.CLOSED
    assert service.alongside.pool(match.programme_id).barred_pairs() == set()
    with pytest.raises(MatchAlreadyDecided):
        service.alongside.close_match(match.id, at=moment.at, by="coordinator-1")


def test_a_coordinator_ends_no_proposal_in_this_way(service: Service, moment: Moment) -> None:
    with pytest.raises(MatchAlreadyDecided):
        service.alongside.close_match(open_match(service, moment).id, at=moment.at, by="coordinator-1")


def test_leaving_what_has_ended_changes_nothing(service: Service, moment: Moment) -> None:
    match = accepted(service, moment)
    service.alongside.leave_match(match.id, Side.MEMBER, at=moment.at, by="member")
    head = service.alongside.log.head()

    assert service.alongside.leave_match(match.id, Side.MENTOR, at=moment.at, by="mentor").status == MatchStatus.CLOSED
    assert service.alongside.log.head() == head


def test_an_end_is_told_for_thirty_days(service: Service, moment: Moment) -> None:
    match = accepted(service, moment)
    service.alongside.leave_match(match.id, Side.MEMBER, at=moment.at, by="member")

    def met(at: Any) -> list[Any]:
        return [each.id for each in service.alongside.met(match.mentor_person_id, Side.MENTOR, at=at)]

    assert met(moment.at + TOLD_OF_AN_END) == [match.id]
    assert met(moment.at + TOLD_OF_AN_END + timedelta(seconds=1)) == []


def test_people_meet_on_the_side_that_they_are_on(service: Service, moment: Moment) -> None:
    match = accepted(service, moment)
    sides = {
        side: [each.id for each in service.alongside.met(match.member_person_id, side, at=moment.at)] for side in BOTH
    }

    assert sides == {Side.MEMBER: [match.id], Side.MENTOR: []}


def test_the_lists_follow_a_match_from_accepting_to_leaving(service: Service, moment: Moment) -> None:
    match = accepted(service, moment, Side.MENTOR)

    def seen() -> tuple[Any, ...]:
        with service.reading() as read_models:
            listed = proposals.one(read_models, match.programme_id, match.id)
            mentors = mentor_directory.listings(read_models, match.programme_id, today=moment.today)
            waiting = waiting_list.waiting(read_models, match.programme_id, today=moment.today)
        assert listed is not None
        return listed.status, listed.version, mentors[0].places, len(waiting)

    assert seen() == ("approved", 3, 1, 0)
    service.alongside.accept_match(match.id, Side.MEMBER, at=moment.at, by="member")
    assert seen() == ("accepted", 4, 1, 0)
    service.alongside.leave_match(match.id, Side.MEMBER, at=moment.at, by="member")
    assert seen() == ("closed", 5, 2, 1)
