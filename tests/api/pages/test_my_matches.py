from datetime import timedelta

import pytest

from api.moment import Moment
from domain.access import Actor
from domain.consent import ConsentLedger, Method, Scope
from domain.contact import ContactDetails
from domain.match import MatchStatus, Side
from domain.member import Member
from domain.mentor import Mentor
from domain.purposes import Field, Purpose
from domain.values import LivedExperience
from tests.api.pages.browsing import Page
from tests.scenarios import enrolled_member, enrolled_mentor, open_match, open_matches

GONE = "This is no longer available."
ALL = (Purpose.MATCH_CONSIDER, Purpose.MATCH_PROPOSE, Purpose.CONTACT_SHARE)
MEMBER = {"name": "Ana Silva", "phone": "+44 7700 900123", "email": "ana@example.org", "age": 39, "gender": "woman"}
MENTOR = {"name": "Ben Marsh", "phone": "+44 7700 900456", "email": None}


@pytest.fixture
def match(service, moment):
    """A match that a coordinator approved, of two people who agreed to be reached."""
    member = enrolled_member(service, moment, consents=ALL, **MEMBER)
    mentor = enrolled_mentor(service, moment, consents=ALL, **MENTOR)
    found = open_matches(service, moment, [(member, mentor)])[0]
    return service.alongside.approve(found.id, at=moment.at, by="coordinator-1")


@pytest.fixture
def member(service, match, enter):
    return enter(Actor.MEMBER, service.alongside.load(Member, match.member_id))


@pytest.fixture
def mentor(service, match, enter):
    return enter(Actor.MENTOR, service.alongside.load(Mentor, match.mentor_id))


def members_card(client, match):
    return Page(client.get(f"/my-members/{match.id}").text).words


def mentors_card(client, match):
    return Page(client.get(f"/my-match/{match.id}").text).words


def say(client, address, match, decision):
    return client.post(f"{address}/{match.id}", data={"decision": decision})


def both_accept(service, moment, match):
    for side in Side:
        service.alongside.accept_match(match.id, side, at=moment.at, by=side)


def withdraw(service, moment, person, purpose):
    service.alongside.withdraw(person, purpose, method=Method.WEB, at=moment.at, by="member")


def told(service, person):
    """Each disclosure of a person: to whom, for what, and which fields."""
    events = [entry.event for entry in service.alongside.ledger_entries(person)]
    return [(e.viewer, e.purpose, set(e.fields)) for e in events if isinstance(e, ConsentLedger.Disclosed)]


def test_a_mere_proposal_is_told_to_neither(service, moment, enter):
    match = open_match(service, moment)
    member = enter(Actor.MEMBER, service.alongside.load(Member, match.member_id))

    assert "Nobody has been found for you yet." in Page(member.get("/my-match").text).words
    assert member.get(f"/my-match/{match.id}").status_code == 404
    assert say(member, "/my-match", match, "leave").status_code == 404
    assert told(service, match.mentor_person_id) == []


def test_each_sees_what_the_other_agreed_to_under_a_handle(match, member, mentor):
    to_mentor, to_member = members_card(mentor, match), mentors_card(member, match)

    assert "Plum Raven 1" in to_mentor
    for said in ("housing", "anxiety", "Portuguese and English", "Monday, 18:00 to 20:00", "Europe/Lisbon", "39"):
        assert said in to_mentor
    assert "Can help with housing and benefits" in to_member
    assert "Call each other by your handles." in to_mentor
    assert "pass it on to nobody" in to_member


def test_no_contact_detail_is_shown_before_both_have_accepted(service, moment, match, member, mentor):
    for side in (None, Side.MEMBER):
        if side is not None:
            service.alongside.accept_match(match.id, side, at=moment.at, by=side)
        for text in (members_card(mentor, match), mentors_card(member, match)):
            assert not any(value in text for value in (*map(str, MEMBER.values()), MENTOR["phone"]) if len(value) > 5)


def test_once_both_have_accepted_each_is_shown_how_to_reach_the_other(service, match, member, mentor):
    assert say(member, "/my-match", match, "accept").headers["Location"] == f"/my-match/{match.id}?said=accept"
    assert "Once both of you have" in mentors_card(member, match)
    say(mentor, "/my-members", match, "accept")

    for value in (MEMBER["name"], MEMBER["phone"], MEMBER["email"]):
        assert value in members_card(mentor, match)
    assert "Ben Marsh" in mentors_card(member, match)
    assert "E-mail" not in mentors_card(member, match)
    last = told(service, match.member_person_id)[-1]
    assert last == (match.mentor_person_id, Purpose.CONTACT_SHARE, {Field.NAME, Field.PHONE, Field.EMAIL})


def test_that_the_other_has_accepted_is_not_told_before_both_have(service, moment, match, member):
    before = mentors_card(member, match)
    service.alongside.accept_match(match.id, Side.MENTOR, at=moment.at, by="mentor")

    assert mentors_card(member, match) == before


def test_opening_a_card_is_written_down_before_it_is_shown_and_the_list_tells_no_more_than_handles(
    service, match, mentor
):
    assert "Plum Raven 1" in mentor.get("/my-members").text
    assert told(service, match.member_person_id) == []

    members_card(mentor, match)

    [(viewer, purpose, fields)] = told(service, match.member_person_id)
    assert (viewer, purpose) == (match.mentor_person_id, Purpose.MATCH_PROPOSE)
    assert Field.NEEDS in fields
    assert not fields & {Field.NAME, Field.PHONE, Field.EMAIL, Field.BOUNDARIES, Field.PREFERENCES}


def test_what_was_not_ticked_is_not_shown(service, moment, match, mentor):
    scope = Scope(fields=frozenset({Field.LANGUAGES}))
    service.alongside.grant(
        match.member_person_id, Purpose.MATCH_PROPOSE, method=Method.WEB, scope=scope, at=moment.at, by="member"
    )
    card = members_card(mentor, match)

    assert "Portuguese" in card
    assert not any(said in card for said in ("housing", "anxiety", "Monday", "Lisbon", "39", "woman"))


def test_experience_that_is_not_to_count_is_not_shown(service, moment, enter):
    hidden = (LivedExperience("anxiety", matchable=False), LivedExperience("stress"))
    member = enrolled_member(service, moment, lived_experience=hidden)
    mentor = enrolled_mentor(service, moment)
    match = open_matches(service, moment, [(member, mentor)])[0]
    service.alongside.approve(match.id, at=moment.at, by="coordinator-1")
    card = members_card(enter(Actor.MENTOR, mentor), match)

    assert "stress" in card
    assert "anxiety" not in card


def test_a_contact_that_was_taken_back_is_gone_with_the_next_look_and_the_match_goes_on(service, moment, match, mentor):
    both_accept(service, moment, match)
    assert MEMBER["phone"] in members_card(mentor, match)
    withdraw(service, moment, match.member_person_id, Purpose.CONTACT_SHARE)
    card = members_card(mentor, match)

    assert "No contact details are given here at the moment." in card
    assert MEMBER["phone"] not in card
    assert "Plum Raven 1" in card


def test_having_no_number_and_not_giving_it_look_alike(service, moment, match, mentor):
    both_accept(service, moment, match)
    withdraw(service, moment, match.member_person_id, Purpose.CONTACT_SHARE)
    withheld = members_card(mentor, match)
    service.alongside.grant(match.member_person_id, Purpose.CONTACT_SHARE, method=Method.WEB, at=moment.at, by="member")
    service.alongside.change_contact_details(match.member_person_id, ContactDetails(), at=moment.at, by="member")

    assert members_card(mentor, match) == withheld


WAYS_TO_END = {
    "took a consent back": lambda s, m, match: withdraw(s, m, match.member_person_id, Purpose.MATCH_PROPOSE),
    "left": lambda s, m, match: s.alongside.leave_match(match.id, Side.MEMBER, at=m.at, by="member"),
    "does not want to meet them": lambda s, m, match: s.alongside.block(
        match.member_person_id, "Birch Owl 2", method=Method.WEB, at=m.at, by="member"
    ),
    "a coordinator ended it": lambda s, m, match: s.alongside.close_match(match.id, at=m.at, by="coordinator-1"),
}


def test_however_it_ends_the_other_side_sees_the_same_and_nothing_more(service, moment, enter):
    mentor = enrolled_mentor(service, moment, capacity=9)
    members = [enrolled_member(service, moment, ref=f"S-{n}", handle=f"Wren {n}") for n in range(len(WAYS_TO_END))]
    client, seen = enter(Actor.MENTOR, mentor), set()
    matches = open_matches(service, moment, [(member, mentor) for member in members])
    for match in matches:
        service.alongside.approve(match.id, at=moment.at, by="coordinator-1")
    for end, match in zip(WAYS_TO_END.values(), matches, strict=True):
        end(service, moment, match)
        answer = client.get(f"/my-members/{match.id}")
        refused = say(client, "/my-members", match, "accept")
        seen.add((answer.status_code, answer.text, refused.status_code, refused.text))

    [(status, text, refused_status, refused_text)] = seen
    assert (status, refused_status) == (200, 409)
    assert GONE in Page(text).words
    assert Page(refused_text).said("alert") == GONE
    assert Page(client.get("/my-members").text).words.count(GONE) == len(WAYS_TO_END)
    assert "Wren" not in text + refused_text + client.get("/my-members").text


def test_an_act_of_one_press_ends_it_for_both(service, match, member, mentor):
    members_card(mentor, match)
    answer = say(member, "/my-match", match, "leave")

    assert "Nobody asks you why." in Page(member.get(answer.headers["Location"]).text).said("status")
    assert GONE in members_card(mentor, match)
    assert service.alongside.load(Mentor, match.mentor_id).places == 2


def test_a_card_whose_owners_consent_has_run_out_is_no_longer_available(app, service, moment, match, mentor):
    scope = Scope(expires_at=moment.at + timedelta(hours=1))
    service.alongside.grant(
        match.member_person_id, Purpose.MATCH_PROPOSE, method=Method.WEB, scope=scope, at=moment.at, by="member"
    )
    before = members_card(mentor, match)
    app.state.clock = lambda: Moment(moment.at + timedelta(hours=1), moment.today)

    assert "Plum Raven 1" in before
    assert GONE in members_card(mentor, match)
    assert "Plum Raven" not in mentor.get("/my-members").text


def test_only_the_two_people_of_a_match_reach_it(service, moment, match, enter):
    stranger = enter(Actor.MENTOR, enrolled_mentor(service, moment, ref="T-9"))
    other = enter(Actor.MEMBER, enrolled_member(service, moment, ref="S-9"))

    assert stranger.get(f"/my-members/{match.id}").status_code == 404
    assert say(stranger, "/my-members", match, "accept").status_code == 404
    assert other.get(f"/my-match/{match.id}").status_code == 404
    assert say(other, "/my-match", match, "leave").status_code == 404
    assert told(service, match.member_person_id) == []
    assert service.alongside.load(type(match), match.id).status == MatchStatus.APPROVED


def test_who_is_on_both_sides_of_the_programme_sees_each_match_in_its_role(service, moment, enter):
    enrolled_member(service, moment, ref="B-1")
    both = enrolled_mentor(service, moment, ref="B-1")
    supported = enrolled_member(service, moment, ref="S-2", handle="Wren 2")
    match = open_matches(service, moment, [(supported, both)])[0]
    service.alongside.approve(match.id, at=moment.at, by="coordinator-1")

    assert "Wren 2" in enter(Actor.MENTOR, both).get("/my-members").text
    assert enter(Actor.MEMBER, both).get(f"/my-match/{match.id}").status_code == 404


@pytest.mark.parametrize("decision", ["", "ACCEPT", "decline"])
def test_nothing_else_can_be_said_to_a_match(match, member, decision):
    assert say(member, "/my-match", match, decision).status_code == 422


def test_contact_details_are_on_no_other_page(service, moment, match, member, mentor, enter):
    both_accept(service, moment, match)
    harbour = service.alongside.programme("harbour")
    coordinator, auditor = enter(Actor.COORDINATOR, harbour), enter(Actor.AUDITOR, harbour)
    consents = f"/people/{match.member_person_id}/consents"
    pages = [
        *(coordinator.get(path) for path in ("/proposals?status=accepted", "/waiting", "/mentors", consents)),
        *(coordinator.get(path) for path in ("/api/proposals", "/api/mentors", f"/api/matches/{match.id}")),
        *(auditor.get(path) for path in ("/people?q=raven", consents)),
        *(mentor.get(path) for path in ("/availability", "/my-consents", "/my-members", "/my-contact")),
        *(member.get(path) for path in ("/my-consents", "/my-match")),
    ]
    control = member.get("/my-contact")

    assert {page.status_code for page in pages} == {200}
    for value in (MEMBER["name"], MEMBER["phone"], MEMBER["email"]):
        assert value in control.text
        assert not any(value in page.text for page in pages)
