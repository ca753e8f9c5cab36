"""Can a coordinator plan on the page, without a script, and be told what each change costs?"""

import re

import pytest

from domain.access import Actor
from domain.consent import Method
from domain.purposes import Purpose
from tests.api.pages.browsing import Page
from tests.scenarios import HARBOUR, enrolled_member, enrolled_mentor


@pytest.fixture
def people(service, moment):
    members = [enrolled_member(service, moment, ref=f"S-{n}", handle=f"Raven {n}", age=40 + n) for n in range(3)]
    mentors = [enrolled_mentor(service, moment, ref=f"T-{n}", handle=f"Owl {n}", capacity=1) for n in range(2)]
    return members, mentors


class Desk:
    """The coordinator's browser."""

    def __init__(self, client):
        self.client = client
        page = client.get("/drafts").text
        opened = client.post("/drafts", data={"key": hidden(page, "key")}, follow_redirects=False)
        assert opened.status_code == 303
        self.path = opened.headers["location"]

    def look(self, **chosen):
        return self.client.get(self.path, params=chosen).text

    def send(self, where, **fields):
        page = self.look()
        data = {"version": hidden(page, "version"), "key": f"{hidden(page, 'key')}-{len(fields)}", **fields}
        return self.client.post(f"{self.path}/{where}", data=data, follow_redirects=True)

    def edit(self, kind, **fields):
        return self.send("edits", kind=kind, **{name: str(value) for name, value in fields.items()})


def hidden(page, name):
    return re.search(rf'name="{name}" value="([^"]+)"', page)[1]


def words(page):
    return Page(page).words


@pytest.fixture
def desk(service, enter, people):
    assert people
    return Desk(enter(Actor.COORDINATOR, service.alongside.programme(HARBOUR)))


def partner(page, handle):
    return re.search(rf"{handle}<span.*?data-label=\"Mentor\">(Owl \d)", page, re.DOTALL)


def test_a_draft_shows_who_would_meet_and_who_would_wait(desk):
    page = words(desk.look())

    assert re.search(r"2\s*Would have a mentor|Would have a mentor\s*2", page)
    assert "no other plan is better" in page
    assert "Would still wait: 1" in page


def test_each_change_is_told_with_its_price_and_taken_back(desk, people):
    waiting = next(m for m in people[0] if partner(desk.look(), m.profile.handle) is None)
    page = words(desk.edit("pin", member=waiting.id, mentor=people[1][0].id, why="They asked for it.").text)

    assert f"{waiting.profile.handle} is to meet Owl 0" in page
    assert "because: They asked for it." in page
    assert "Would wait because of the changes" in page
    assert "is to meet" not in words(desk.send("undo").text).split("Changes by hand")[0]
    assert "because: They asked for it." not in words(desk.look())


def test_the_forms_for_one_person_offer_everybody_and_what_can_be_done(desk, people):
    met = next(m for m in people[0] if partner(desk.look(), m.profile.handle))
    page = words(desk.look(member=met.id))

    for offered in ("Hold this pair", "Exchange mentors with another member", "Find somebody else", "Leave out"):
        assert offered in page
    assert "What if they had so many places in all?" in words(desk.look(mentor=people[1][0].id))


def test_what_if_changes_are_tried_and_cannot_be_adopted(desk, people):
    tried = desk.edit("places", mentor=people[1][0].id, number=2)
    assert "1 member more served" in words(tried.text)
    desk.edit("minutes", number=30)
    refused = desk.send("adoption")

    assert refused.status_code == 409
    assert "Take that back first" in words(refused.text)


def test_a_refusal_is_said_on_the_page_and_keeps_the_draft(desk, people):
    met = next(m for m in people[0] if partner(desk.look(), m.profile.handle))
    refused = desk.edit("pin", member=met.id, mentor=people[1][0].id, why="  ")
    nobody = desk.edit("swap", member=met.id, why="They asked.")

    assert (refused.status_code, nobody.status_code) == (422, 422)
    assert "Nothing was changed." in words(refused.text)
    assert "Choose somebody from the list." in words(nobody.text)


def test_an_adopted_draft_leads_to_its_proposals(desk, people):
    waiting = next(m for m in people[0] if partner(desk.look(), m.profile.handle) is None)
    desk.edit("pin", member=waiting.id, mentor=people[1][0].id, why="They asked for it.")
    adopted = words(desk.send("adoption").text)

    assert "The draft is a round now" in adopted
    assert waiting.profile.handle in adopted
    assert "This draft was adopted" in words(desk.look())


def test_after_a_withdrawal_nothing_of_the_draft_is_shown_until_it_is_brought_up_to_date(service, moment, desk, people):
    gone = people[0][0]
    service.alongside.withdraw(gone.person_id, Purpose.MATCH_CONSIDER, method=Method.WEB, at=moment.at, by="member")
    behind = words(desk.look())
    again = words(desk.send("pool").text)

    assert "Raven" not in behind
    assert "Bring it up to date" in behind
    assert gone.profile.handle not in again
    assert "Would still wait:" not in again


def test_a_discarded_draft_says_so(desk):
    assert "This draft was discarded" in words(desk.send("end").text)
