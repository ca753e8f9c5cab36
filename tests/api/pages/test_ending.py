import pytest

from domain.access import Actor
from domain.match import Match, MatchStatus, Side
from domain.programme import Programme
from tests.api.pages.browsing import Page
from tests.scenarios import approved_match


@pytest.fixture
def match(service, moment):
    """A match that both accepted."""
    found = approved_match(service, moment)
    for side in Side:
        found = service.alongside.accept_match(found.id, side, at=moment.at, by=side)
    return found


@pytest.fixture
def coordinator(service, match, enter):
    return enter(Actor.COORDINATOR, service.alongside.load(Programme, match.programme_id))


def test_what_both_accepted_stands_in_a_list_of_its_own(coordinator):
    approved, accepted = (
        Page(coordinator.get(f"/proposals?status={status}").text).words for status in ("approved", "accepted")
    )

    assert "Plum Raven 1 with Birch Owl 2" not in approved
    assert "Plum Raven 1 with Birch Owl 2" in accepted
    assert "Approved on 2 March 2026, 00:00 UTC by coordinator-1." in accepted


def test_a_coordinator_ends_a_match_from_the_list(service, match, coordinator):
    form = Page(coordinator.get("/proposals?status=accepted").text).form(f"/proposals/{match.id}/closure")
    first, again = (coordinator.post(form.action, data=form.filled()) for _ in range(2))

    assert (first.status_code, again.status_code) == (303, 303)
    assert service.alongside.load(Match, match.id).status == MatchStatus.CLOSED
    assert "Closed: Plum Raven 1 with Birch Owl 2." in Page(coordinator.get(first.headers["Location"]).text).words


def test_a_match_that_one_of_the_two_left_meanwhile_is_not_ended_twice(service, moment, match, coordinator):
    form = Page(coordinator.get("/proposals?status=accepted").text).form(f"/proposals/{match.id}/closure")
    service.alongside.leave_match(match.id, Side.MEMBER, at=moment.at, by="member")
    answer = coordinator.post(form.action, data=form.filled())

    assert answer.status_code == 412
    assert "Nothing was changed." in Page(answer.text).said("alert")
