"""Can another site's page change anything here, by a browser that is signed in?"""

import pytest

from domain.access import Actor
from domain.purposes import Purpose
from tests.api.pages.browsing import Page
from tests.scenarios import enrolled_member

ADDRESS = f"/my-consents/{Purpose.STATS}"
FOREIGN = [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://elsewhere.example"}]
OWN = [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}, {}]


@pytest.fixture
def own(service, moment, enter):
    """A member's browser."""
    return enter(Actor.MEMBER, enrolled_member(service, moment))


@pytest.mark.parametrize("said", FOREIGN)
def test_a_change_that_another_site_sends_along_is_refused(service, own, said):
    before = service.alongside.log.head()
    answer = own.post(ADDRESS, data={"decision": "grant"}, headers=said)

    assert answer.status_code == 403
    assert "This request came from another site. Nothing was changed." in Page(answer.text).words
    assert service.alongside.log.head() == before


@pytest.mark.parametrize("said", OWN)
def test_a_change_from_here_or_by_a_program_is_made(own, said):
    assert own.post(ADDRESS, data={"decision": "refuse"}, headers=said).status_code == 303


def test_a_program_reads_the_refusal_as_a_problem_that_leads_to_an_explanation(own):
    answer = own.post("/api/rounds", headers=FOREIGN[0])
    problem = answer.json()

    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (problem["status"], problem["type"]) == (403, "/problems/sent-from-elsewhere")
    assert own.get(problem["type"]).json()["title"] == problem["title"]
