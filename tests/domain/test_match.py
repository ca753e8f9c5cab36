"""How is a proposal decided, once?"""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest

from domain.errors import AlreadyMatched, InvalidValue, MatchAlreadyDecided
from domain.match import Match, MatchStatus
from domain.member import Member
from domain.mentor import Mentor
from domain.reasons import LONGEST_REASON
from tests.scenarios import EXPLANATION, a_member, a_mentor

WHEN = {"at": datetime(2026, 3, 2, tzinfo=UTC), "by": "coordinator-1"}
ROUND, NEXT_ROUND = UUID(int=8), UUID(int=9)
WAYS: dict[MatchStatus, Callable[[Match], None]] = {
    MatchStatus.APPROVED: lambda match: match.approve((), **WHEN),
    MatchStatus.DECLINED: lambda match: match.decline("They know each other.", **WHEN),
    MatchStatus.REPLACED: lambda match: match.replace(NEXT_ROUND, **WHEN),
}


def member() -> Member:
    return Member.register(UUID(int=1), UUID(int=3), a_member().profile, **WHEN)


@pytest.fixture
def proposal() -> Match:
    mentor = Mentor.register(UUID(int=2), UUID(int=3), a_mentor().profile, **WHEN)
    return Match.propose(ROUND, member(), mentor, fit=568, explanation=EXPLANATION, **WHEN)


@pytest.mark.parametrize("status", WAYS)
def test_an_open_proposal_can_be_decided(proposal: Match, status: MatchStatus) -> None:
    WAYS[status](proposal)

    assert proposal.status == status


@pytest.mark.parametrize("second", WAYS)
@pytest.mark.parametrize("first", WAYS)
def test_a_proposal_is_decided_once(proposal: Match, first: MatchStatus, second: MatchStatus) -> None:
    WAYS[first](proposal)

    with pytest.raises(MatchAlreadyDecided, match=first):
        WAYS[second](proposal)
    assert (proposal.status, proposal.version) == (first, 2)


def test_a_proposal_that_a_round_comes_to_again_stays_open(proposal: Match) -> None:
    proposal.propose_again(NEXT_ROUND, 600, EXPLANATION, **WHEN)

    assert (proposal.status, proposal.round_id, proposal.fit) == (MatchStatus.PROPOSED, NEXT_ROUND, 600)


@pytest.mark.parametrize("reason", ["", " \n ", "x" * (LONGEST_REASON + 1)])
def test_declining_needs_a_reason_of_bearable_length(proposal: Match, reason: str) -> None:
    with pytest.raises(InvalidValue):
        proposal.decline(reason, **WHEN)
    assert proposal.status == MatchStatus.PROPOSED


@pytest.mark.parametrize("reason", ["a\0b", "a\x1bb", "a\x7fb", "a\x85b", "a\ud800b"])
def test_a_reason_is_text_without_control_characters(proposal: Match, reason: str) -> None:
    with pytest.raises(InvalidValue):
        proposal.decline(reason, **WHEN)
    assert proposal.status == MatchStatus.PROPOSED


def test_a_reason_may_have_lines(proposal: Match) -> None:
    proposal.decline("They know\r\n\teach other, Zo\u00eb says \U0001f642.", **WHEN)

    assert proposal.status == MatchStatus.DECLINED


def test_a_reason_is_kept_without_the_space_around_it(proposal: Match) -> None:
    proposal.decline("  " + "x" * LONGEST_REASON + "\n", **WHEN)

    assert proposal.collect()[-1].event.reason == "x" * LONGEST_REASON


def test_a_member_is_matched_once() -> None:
    matched = member()
    matched.match(UUID(int=10), **WHEN)

    with pytest.raises(AlreadyMatched):
        matched.match(UUID(int=11), **WHEN)
    assert matched.match_id == UUID(int=10)
