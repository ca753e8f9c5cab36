from datetime import timedelta
from uuid import UUID

import psycopg
import pytest

from domain.access import Actor
from domain.consent import ConsentLedger, Method, Wording, consent_at
from domain.consent.served import Read
from domain.member import Member
from domain.mentor import Mentor
from domain.purposes import TERMS, Field, Purpose
from domain.wordings import WORDINGS
from tests.api.pages.browsing import Page
from tests.scenarios import approved_match, enrolled_member, enrolled_mentor, open_match


@pytest.fixture
def member(service, moment):
    """A member who agreed to what a match needs, on paper."""
    return enrolled_member(service, moment)


@pytest.fixture
def own(member, enter):
    """That member's browser."""
    return enter(Actor.MEMBER, member)


def form_of(client, purpose):
    """What the form sends with which somebody agrees to a purpose."""
    forms = [form for form in Page(client.get("/my-consents").text).forms if form.action == f"/my-consents/{purpose}"]
    return next(form for form in forms if any(name == "wording" for name, _ in form.fields)).filled()


def say(client, purpose, answer, **changes):
    """Give an answer on the page, as its forms send it."""
    read = form_of(client, purpose) if answer in {"grant", "choose", "refuse"} else {}
    return client.post(f"/my-consents/{purpose}", data=read | {"decision": answer, **changes})


def offered(client, purpose):
    """The decisions that the page offers on a purpose."""
    html = client.get("/my-consents").text.partition(f'aria-labelledby="about-{purpose}"')[2].partition("</article>")[0]
    page = Page(html)
    return {a["value"] for tag, a in page.elements if tag == "button" and a.get("name") == "decision"}


def decision_on(service, member, moment, purpose):
    return consent_at(service.alongside.ledger(member.person_id), purpose, at=moment.at)


def last_event(service, person):
    return service.alongside.ledger_entries(person.person_id)[-1].event


def test_every_purpose_stands_on_the_page_with_what_there_is_to_read(own):
    page = Page(own.get("/my-consents").text)

    assert {f"/my-consents/{purpose}" for purpose in Purpose} <= {form.action for form in page.forms}
    assert all(WORDINGS[purpose].partition("\n")[0] in page.words for purpose in Purpose)


def test_each_state_is_said_plainly_and_offers_one_act_each_way(service, moment, member, own):
    service.alongside.refuse(member.person_id, Purpose.STATS, method=Method.WEB, at=moment.at, by="member")
    say(own, Purpose.CONTACT_SERVICE, "grant")
    say(own, Purpose.CONTACT_SERVICE, "withdraw")
    words = Page(own.get("/my-consents").text).words

    assert "Be considered for matching. You agreed. This lasts until 2 March 2027." in words
    assert "Count me in statistics that name nobody. You said no." in words
    assert "Let the service write to me, in neutral words. You took this back." in words
    assert "Let coordinators read my profile. You have not been asked, or have not answered." in words
    assert offered(own, Purpose.MATCH_CONSIDER) == {"withdraw", "choose"}
    assert offered(own, Purpose.STATS) == offered(own, Purpose.CONTACT_SERVICE) == {"grant", "choose"}
    assert offered(own, Purpose.COORD_NOTES) == {"grant", "choose", "refuse"}


def test_a_consent_that_has_run_out_is_said_to_have(service, moment, enter):
    member = enrolled_member(service, moment, ref="S-7", consents=())
    long_ago = moment.at - timedelta(days=400)
    service.alongside.grant(member.person_id, Purpose.STATS, method=Method.WEB, at=long_ago, by="administrator")
    client = enter(Actor.MEMBER, member)

    assert "You agreed once, but this has run out." in Page(client.get("/my-consents").text).words
    assert offered(client, Purpose.STATS) == {"grant", "choose", "refuse"}


def test_agreeing_and_taking_back_is_one_act_each_and_gives_a_receipt(service, moment, member, own):
    given = say(own, Purpose.STATS, "grant")
    page = Page(own.get(given.headers["Location"]).text)
    receipt = next(a["href"] for tag, a in page.elements if tag == "a" and a["href"].startswith("/my-receipts/"))
    is_given = decision_on(service, member, moment, Purpose.STATS).permit
    taken_back = say(own, Purpose.STATS, "withdraw")

    assert (given.status_code, taken_back.status_code) == (303, 303)
    assert page.said("status").startswith("You agreed: count me in statistics that name nobody. It holds from now on.")
    assert "You agreed: count me in statistics" in Page(own.get(receipt).text).words
    assert is_given
    assert decision_on(service, member, moment, Purpose.STATS).reason == "withdrawn"


def test_saying_no_is_recorded(service, moment, member, own):
    say(own, Purpose.RESEARCH_DATA, "refuse")

    assert decision_on(service, member, moment, Purpose.RESEARCH_DATA).reason == "refused"


def test_what_is_said_here_is_recorded_with_what_was_read_and_by_a_member_without_a_name(service, member, own):
    read = form_of(own, Purpose.STATS)
    own.post("/my-consents/STATS", data=read | {"decision": "grant"})
    event = last_event(service, member)
    notice = service.alongside.notice(member.programme_id, Purpose.STATS, "en")

    assert isinstance(event, ConsentLedger.Granted)
    assert (event.by, event.method, [str(event.serving)]) == ("member", Method.WEB, read["serving"])
    assert event.wording == Wording(notice.id, 1, "en", notice.versions[0].sha256)
    assert notice.versions[0].text == WORDINGS[Purpose.STATS]


def test_one_may_agree_to_less_and_later_to_less_still(service, moment, member, own):
    say(own, Purpose.COORD_NOTES, "choose", field=["needs", "languages"])
    first = decision_on(service, member, moment, Purpose.COORD_NOTES).fields
    ticked = form_of(own, Purpose.COORD_NOTES)["field"]
    say(own, Purpose.COORD_NOTES, "choose", field=["languages"])

    assert first == {Field.NEEDS, Field.LANGUAGES}
    assert set(ticked) == {"needs", "languages"}
    assert decision_on(service, member, moment, Purpose.COORD_NOTES).fields == {Field.LANGUAGES}


def test_no_box_is_ticked_before_anybody_has_agreed(own):
    boxes = [a for _, a in Page(own.get("/my-consents").text).elements if a.get("name") == "field"]

    assert boxes
    assert "field" not in form_of(own, Purpose.COORD_NOTES)


def test_agreeing_to_all_means_what_stood_there_and_not_what_is_added_later(service, member, own):
    say(own, Purpose.STATS, "grant")

    assert set(last_event(service, member).fields) == TERMS[Purpose.STATS].fields


@pytest.mark.parametrize(
    "changes", [{"decision": "choose"}, {"wording": "0" * 64}, {"wording": ""}, {"language": "xx"}]
)
def test_what_is_not_whole_is_refused_and_nothing_is_written_down(service, own, changes):
    head = service.alongside.log.head()
    answer = say(own, Purpose.STATS, "grant", **changes)

    assert answer.status_code in {409, 422}
    assert "Nothing was written down." in Page(answer.text).said("alert")
    assert service.alongside.log.head() == head


def test_whoever_read_an_older_text_is_asked_to_read_again_but_their_no_counts(service, moment, member, own):
    read = form_of(own, Purpose.STATS)
    service.alongside.publish_notice(
        member.programme_id, Purpose.STATS, "en", "May we count you?\n\nIn another way.", at=moment.at, by="ada"
    )
    answer = own.post("/my-consents/STATS", data=read | {"decision": "grant"})
    no = own.post("/my-consents/STATS", data=read | {"decision": "refuse"})

    assert answer.status_code == 409
    assert "The wording has changed; read it again." in Page(answer.text).said("alert")
    assert "In another way." in Page(answer.text).words
    assert no.status_code == 303
    assert last_event(service, member).wording is None  # nobody had agreed to it, so it was never published


def test_people_read_in_their_own_language_where_there_is_a_text(service, moment, member, own):
    text = "Podemos contar consigo?\n\nPara quê."
    service.alongside.publish_notice(member.programme_id, Purpose.STATS, "pt", text, at=moment.at, by="ada")
    html = own.get("/my-consents").text
    say(own, Purpose.STATS, "grant")

    assert 'lang="pt"' in html
    assert "Podemos contar consigo?" in html
    assert last_event(service, member).wording.language == "pt"


def test_a_recalled_text_leaves_nothing_to_agree_to_but_a_no(service, moment, member, own):
    say(own, Purpose.STATS, "grant")
    service.alongside.recall_notice(member.programme_id, Purpose.STATS, "en", 1, "Wrong.", at=moment.at, by="ada")
    words = Page(own.get("/my-consents").text).words

    assert "You agreed, but it does not count." in words
    assert "You cannot agree to this for now" in words
    assert offered(own, Purpose.STATS) == {"refuse"}


def test_what_is_asked_stands_on_top_until_it_is_answered_or_put_off(service, moment, member, own):
    alongside, serving = service.alongside, UUID(int=7)
    read = Read(member.programme_id, "en", serving=serving)
    alongside.ask(member.person_id, Purpose.STATS, method=Method.WEB, read=read, at=moment.at, by="ada")
    asked = Page(own.get("/my-consents").text).words
    say(own, Purpose.STATS, "defer")
    put_off = Page(own.get("/my-consents").text).words
    alongside.ask(member.person_id, Purpose.STATS, method=Method.WEB, read=read, at=moment.at, by="ada")
    say(own, Purpose.STATS, "grant")

    assert asked.index("Count me in statistics") < asked.index("So that a match can be found")
    assert "Not now" in asked
    assert "You put the answer off." in put_off
    assert put_off.index("Count me in statistics") > put_off.index("So that a match can be found")
    assert "Not now" not in Page(own.get("/my-consents").text).words
    assert last_event(service, member).serving == serving


def test_a_consent_for_somebody_by_name_keeps_the_name_sealed_and_ends_for_that_one(service, member, own, database_url):
    for name in ("Aunt Iris", "Sister Violet"):
        say(own, Purpose.SAFE_SHARE, "grant", name=name)
    both = Page(own.get("/my-consents").text).words
    first = service.alongside.called(member.programme_id, "aunt  IRIS").fingerprint
    say(own, Purpose.SAFE_SHARE, "withdraw", named=first)
    left = Page(own.get("/my-consents").text).words
    with psycopg.connect(database_url) as owner:
        states = b"".join(row[0] for row in owner.execute("SELECT state FROM eventlog.events").fetchall())

    assert "Aunt Iris" in both
    assert "Sister Violet" in both
    assert "Aunt Iris" not in left
    assert "Sister Violet" in left
    assert first.encode() in states  # and so what is looked for would be found
    assert b"Iris" not in states
    assert say(own, Purpose.SAFE_SHARE, "grant", name=" ").status_code == 422


def test_taking_back_what_was_not_given_is_told(own):
    answer = say(own, Purpose.STATS, "withdraw")

    assert answer.status_code == 409
    assert "nothing to take back" in Page(answer.text).said("alert")


@pytest.mark.parametrize("decision", ["", "GRANT", "approve"])
def test_nothing_else_can_be_said(service, member, own, decision):
    before = len(service.alongside.ledger_entries(member.person_id))

    assert say(own, Purpose.STATS, decision).status_code == 422
    assert len(service.alongside.ledger_entries(member.person_id)) == before


def test_members_learn_since_when_they_wait(own):
    assert (
        "You have been on the waiting list since 1 January 2026 (60 days)." in Page(own.get("/my-consents").text).words
    )


def test_members_learn_that_nobody_looks_while_they_have_not_agreed(own):
    say(own, Purpose.MATCH_CONSIDER, "withdraw")

    assert "Nobody looks for a match for you at the moment" in Page(own.get("/my-consents").text).words


def test_members_do_not_hear_of_a_proposal_before_it_is_approved(service, moment, enter):
    match = open_match(service, moment)
    client = enter(Actor.MEMBER, service.alongside.load(Member, match.member_id))
    before = Page(client.get("/my-consents").text).words
    service.alongside.approve(match.id, at=moment.at, by="coordinator-1")
    after = Page(client.get("/my-consents").text).words

    assert "Where you stand You have been on the waiting list" in before
    assert "Somebody was found for you: see My match." in after
    assert not any(said in before + after for said in ("Birch Owl 2", "T-1"))


def test_mentors_hold_their_consents_in_the_same_way(service, moment, enter):
    mentor = enrolled_mentor(service, moment)
    client = enter(Actor.MENTOR, mentor)
    answer = say(client, Purpose.MATCH_PROPOSE, "withdraw")
    page = Page(client.get(answer.headers["Location"]).text)

    assert service.alongside.ledger_entries(mentor.person_id)[-1].event.by == "mentor"
    assert "You took this back: show what I ticked" in page.said("status")
    assert "waiting list" not in page.words


def test_a_match_keeps_nothing_of_the_mentor_on_the_members_page(service, moment, enter):
    match = approved_match(service, moment)
    page = enter(Actor.MEMBER, service.alongside.load(Member, match.member_id)).get("/my-consents").text
    mentor = service.alongside.load(Mentor, match.mentor_id)

    assert not any(said in page for said in (mentor.profile.handle, mentor.profile.ref, str(mentor.id), str(match.id)))
