import pytest

from domain.access import Actor
from domain.values import Boundary, Facet, LivedExperience, Need, Preferences, Urgency
from tests.scenarios import enrolled_member, enrolled_mentor, open_matches

SEALED = ("sealed-topic-of-the-member", "sealed-topic-of-the-mentor")
CONTENTS = ("need-of-the-member", "life-of-the-member", "life-of-the-mentor", "secret-gender", "reason-in-words")
SAID = {
    "needs": (Need(CONTENTS[0], Facet.EMOTIONAL, Urgency.SOON),),
    "lived_experience": (LivedExperience(CONTENTS[1]),),
    "boundaries": (Boundary(SEALED[0]),),
    "preferences": Preferences(CONTENTS[3]),
    "gender": CONTENTS[3],
}


def leaks(text, markers):
    """The markers that a page gives away, be it as codes or as words."""
    return {marker for marker in markers if marker in text or marker.replace("-", " ") in text}


@pytest.fixture
def pages(service, moment, enter):
    """Every page of each role, in a programme where a proposal is open, one is approved and one is declined."""
    members = [enrolled_member(service, moment, ref=f"S-{n}", handle=f"Finch {n}", **SAID) for n in range(3)]
    mentor = enrolled_mentor(
        service,
        moment,
        capacity=9,
        lived_experience=(LivedExperience(CONTENTS[2]),),
        boundaries=(Boundary(SEALED[1]),),
    )
    _, approved, declined = open_matches(service, moment, [(member, mentor) for member in members])
    service.alongside.approve(approved.id, at=moment.at, by="coordinator-1")
    service.alongside.decline(declined.id, CONTENTS[4], at=moment.at, by="coordinator-1")
    harbour = service.alongside.programme("harbour")
    consents = [f"/people/{person}/consents" for person in (approved.member_person_id, mentor.person_id)]
    queue = [f"/proposals?status={status}" for status in ("proposed", "approved", "declined")]
    addresses = {
        Actor.COORDINATOR: [*queue, "/waiting", "/mentors", f"/mentors/{mentor.id}", *consents],
        Actor.AUDITOR: ["/people", "/people?q=finch", "/people?q=owl", "/audit?earlier=0&later=99", *consents],
        Actor.MENTOR: ["/availability", "/my-consents", "/my-contact", "/my-members", f"/my-members/{approved.id}"],
        Actor.MEMBER: [
            "/my-consents",
            "/my-receipts",
            "/my-receipts/1/file",
            "/my-contact",
            "/my-match",
            f"/my-match/{approved.id}",
        ],
    }
    whom = {Actor.MENTOR: mentor, Actor.MEMBER: members[1]}
    return {
        role: "".join(enter(role, whom.get(role, harbour)).get(address).text for address in addresses[role])
        for role in Actor
    }


def test_no_page_gives_away_what_its_role_may_not_read(pages):
    seen = {role: leaks(text, SEALED + CONTENTS) for role, text in pages.items()}

    assert seen == {
        Actor.COORDINATOR: {"need-of-the-member", "reason-in-words"},  # and so the scan does find what is there
        Actor.AUDITOR: set(),
        Actor.MENTOR: {"need-of-the-member", "life-of-the-member", "secret-gender"},  # which the member agreed to show
        Actor.MEMBER: {"life-of-the-mentor"},
    }


def test_auditors_read_nothing_of_why_a_match_was_proposed(pages):
    why = ("anxiety", "housing", "Fit 568")

    assert leaks(pages[Actor.COORDINATOR], why) == set(why)
    assert leaks(pages[Actor.AUDITOR], why) == set()
