"""Does everybody get a receipt that shows what was written down, and a link that gives nothing away?"""

import json
from datetime import timedelta

import pytest

from api.app import create_app
from api.receipts.signing import text_of, verified
from domain.access import Actor
from domain.consent import Flaw, Method, Word, consent_at
from domain.purposes import TERMS, Purpose
from domain.wordings import WORDINGS
from eventlog.transparency.checkpoint import open_checkpoint
from eventlog.transparency.note import NoteRefused, Signer
from tests.api.pages.browsing import Page, browser, faults
from tests.scenarios import enrolled_member, enrolled_mentor, open_matches

SIGNER = Signer.make("log.example/harbour")
CONSIDER = Purpose.MATCH_CONSIDER


@pytest.fixture
def app(service, moment):
    return create_app(service, clock=lambda: moment, signer=SIGNER)


@pytest.fixture
def visitor(app):
    """A browser that nobody has signed in with."""
    return browser(app)


@pytest.fixture
def member(service, moment):
    return enrolled_member(service, moment)


@pytest.fixture
def own(member, enter):
    return enter(Actor.MEMBER, member)


@pytest.fixture
def granted(service, own, member):
    """The version of a consent that was given on the page."""
    form = next(f for f in Page(own.get("/my-consents").text).forms if f.action == "/my-consents/STATS")
    own.post("/my-consents/STATS", data=form.filled(decision="grant"))
    return service.alongside.ledger(member.person_id).version


def link_on(client, version):
    page = Page(client.get(f"/my-receipts/{version}").text)
    return next(a["href"] for tag, a in page.elements if tag == "a" and a["href"].startswith("/r/"))


def stands(service, member, moment, purpose=Purpose.STATS):
    return consent_at(service.alongside.ledger(member.person_id), purpose, at=moment.at)


def test_a_receipt_shows_what_was_written_down_and_what_was_read(own, granted):
    answer = own.get(f"/my-receipts/{granted}")
    words = Page(answer.text).words

    assert faults(answer.text) == []
    assert "Receipt of 2 March 2026" in words
    assert "Until 2 March 2027, 00:00 UTC" in words
    assert "Who is told nobody, of you alone" in words
    assert all(line in words for line in WORDINGS[Purpose.STATS].split("\n") if line)
    assert "http://localhost/r/" in words
    assert str(SIGNER.verifier) in words


@pytest.mark.usefixtures("granted")
def test_every_change_gives_a_receipt_and_nothing_else_does(service, moment, member, own):
    alongside, person = service.alongside, member.person_id
    alongside.refuse(person, Purpose.TRANSFER, method=Method.WEB, at=moment.at, by="member")
    alongside.withdraw(person, Purpose.STATS, method=Method.WEB, at=moment.at, by="member")
    alongside.defer(person, Purpose.COORD_NOTES, method=Method.WEB, at=moment.at, by="member")
    for given, end in ((Purpose.MATCH_PROPOSE, "revoke"), (CONSIDER, "invalidate")):
        consent = stands(service, member, moment, given).grant.consent_id
        alongside.say(
            person,
            lambda ledger, at, c=consent, e=end: getattr(ledger, e)(c, Flaw.COERCED, at=at, by="ada"),
            at=moment.at,
            by="ada",
        )
    versions = [entry.version for entry in alongside.ledger_entries(person)]
    page = Page(own.get("/my-receipts").text)
    listed = [a["href"] for tag, a in page.elements if tag == "a" and a["href"].startswith("/my-receipts/")]
    found = [own.get(f"{address}/file").json()["receipt"]["state"] for address in listed]

    assert found == [
        "dpv:ConsentInvalidated",
        "dpv:ConsentRevoked",
        "dpv:ConsentRequestDeferred",
        "dpv:ConsentWithdrawn",
        "dpv:ConsentRefused",
        "dpv:ConsentGiven",
        "dpv:ConsentGiven",
        "dpv:ConsentGiven",
    ]
    assert len(versions) == 8
    assert all(faults(own.get(address).text) == [] for address in [*listed, "/my-receipts"])


def test_a_receipt_says_how_it_was_given_when_it_was_not_given_here(service, moment, own, member):
    said = moment.at - timedelta(days=3)
    service.alongside.grant(
        member.person_id,
        Purpose.COORD_NOTES,
        method=Method.PHONE,
        at=moment.at,
        by="ada",
        word=Word(witness="noor", said_at=said),
    )
    version = service.alongside.ledger(member.person_id).version
    facts = own.get(f"/my-receipts/{version}/file").json()["receipt"]
    words = Page(own.get(f"/my-receipts/{version}").text).words

    assert (facts["witness"], facts["recorded_by"], facts["method"]) == ("noor", "ada", "phone")
    assert (facts["said_at"], facts["begins"], facts["effective"]) == (
        said.isoformat(),
        said.isoformat(),
        moment.at.isoformat(),
    )
    assert "Said 27 February 2026, 00:00 UTC" in words
    assert facts["wording"] is None
    assert "none was recorded" in words


def test_a_receipt_is_verified_with_the_public_key_alone(own, granted):
    answer = own.get(f"/my-receipts/{granted}/file")
    facts = verified(answer.text, [SIGNER.verifier])

    assert answer.headers["Content-Disposition"] == f'attachment; filename="receipt-{granted}.json"'
    assert facts == answer.json()["receipt"]
    assert (facts["purpose"], facts["state"], facts["version"]) == ("STATS", "dpv:ConsentGiven", granted)
    assert facts["wording"]["version"] == 1
    assert set(facts["fields"]) == TERMS[Purpose.STATS].fields


def changed(document, name, value):
    return json.dumps(document | {"receipt": document["receipt"] | {name: value}})


def test_a_receipt_that_was_changed_or_signed_by_another_is_refused(own, granted):
    document = own.get(f"/my-receipts/{granted}/file").json()
    forged = document | {"note": document["note"].replace("STATS", "TRANSFER")}

    with pytest.raises(NoteRefused, match="not what was signed"):
        verified(changed(document, "purpose", "TRANSFER"), [SIGNER.verifier])
    with pytest.raises(NoteRefused, match="false"):
        verified(json.dumps(forged), [SIGNER.verifier])
    with pytest.raises(NoteRefused, match="None of the keys"):
        verified(json.dumps(document), [Signer.make("log.example/other").verifier])


def test_no_receipt_passes_for_a_checkpoint(own, granted):
    note = own.get(f"/my-receipts/{granted}/file").json()["note"]

    with pytest.raises(NoteRefused):
        open_checkpoint(note, [SIGNER.verifier])
    assert " " in text_of({}).split("\n")[0]  # which the name of no log holds


def test_without_a_key_a_receipt_says_that_it_is_not_signed(member, enter, app, granted):
    app.state.signer = None
    own = enter(Actor.MEMBER, member)

    assert "not signed" in Page(own.get(f"/my-receipts/{granted}").text).words
    with pytest.raises(NoteRefused, match="not signed"):
        verified(own.get(f"/my-receipts/{granted}/file").text, [SIGNER.verifier])


def test_people_get_their_own_receipts_and_nobody_elses(service, moment, enter, own, granted):
    mentor = enrolled_mentor(service, moment)
    coordinator = enter(Actor.COORDINATOR, service.alongside.programme("harbour"))

    assert own.get("/my-receipts/99").status_code == 404
    assert enter(Actor.MENTOR, mentor).get(f"/my-receipts/{granted}").status_code == 404
    assert coordinator.get("/my-receipts").status_code == 403


def test_the_link_takes_back_without_signing_in_once_and_only_when_it_is_pressed(
    service, moment, own, member, granted, visitor
):
    path, head = link_on(own, granted), service.alongside.log.head
    before = head()
    shown = [visitor.get(path) for _ in range(3)] + [visitor.head(path)]
    unmoved = head()
    pressed = visitor.post(path)
    after = head()
    again = visitor.post(path)
    page = Page(visitor.get(pressed.headers["Location"]).text)

    assert before == unmoved
    assert "You can take back what you agreed to on 2 March 2026." in Page(shown[0].text).words
    assert (pressed.status_code, again.status_code) == (303, 303)
    assert "It is taken back" in page.words
    assert page.forms == []
    assert stands(service, member, moment).reason == "withdrawn"
    assert head() == after
    assert service.alongside.ledger_entries(member.person_id)[-1].event.by == "link"


def test_the_page_of_a_link_names_neither_programme_nor_purpose_nor_person(own, granted, visitor):
    path = link_on(own, granted)
    before = visitor.get(path)
    visitor.post(path)
    pages = [before.text, visitor.get(path).text]
    told = ["harbour", "STATS", "statistics", "Plum Raven", "S-1", "member", "match"]

    assert [faults(page) for page in pages] == [[], []]
    assert [word for word in told for page in pages if word.casefold() in page.casefold()] == []


def test_the_link_also_ends_what_has_replaced_its_consent_but_not_what_was_given_anew(
    service, moment, own, member, granted, visitor
):
    first = link_on(own, granted)
    said = {"method": Method.WEB, "at": moment.at, "by": "member"}
    service.alongside.grant(member.person_id, Purpose.STATS, **said)
    visitor.post(first)
    ended = stands(service, member, moment)
    service.alongside.grant(member.person_id, Purpose.STATS, **said)
    visitor.post(first)

    assert ended.reason == "withdrawn"
    assert "It is taken back" in Page(visitor.get(first).text).words
    assert stands(service, member, moment).permit


def test_what_rests_on_a_consent_ends_with_the_link(service, moment, own, member, visitor):
    mentor = enrolled_mentor(service, moment)
    (match,) = open_matches(service, moment, [(member, mentor)])
    version = stands(service, member, moment, CONSIDER).grant.version
    visitor.post(link_on(own, version))

    assert service.alongside.load(type(match), match.id).status == "voided"


def test_wrong_links_and_those_of_the_erased_are_the_same_nothing(service, moment, own, member, granted, visitor):
    path = link_on(own, granted)
    other = link_on(own, 1)
    swapped = path[:31] + other[31:]  # the one's version, the other's seal
    wrong = [path[:-1], f"{path}AAAA", "/r/x", "/r/%00", f"/r/{'A' * 48}", swapped]
    answers = [visitor.request(method, each) for each in wrong for method in ("GET", "POST")]
    service.alongside.request_erasure(member.person_id, "objection", at=moment.at, by="ada")
    service.alongside.erase(member.programme_id, member.person_id, at=moment.at, by="noor")
    in_log_alone = visitor.get(path)
    service.keys.erase([member.person_id], at=moment.at)
    answers += [in_log_alone, visitor.get(path), visitor.post(path)]

    assert {answer.status_code for answer in answers} == {404}
    assert len({Page(answer.text).words.replace(" Nothing was changed.", "") for answer in answers}) == 1
