import re

import pytest

from domain.access import Actor
from tests.api.pages.browsing import FAULTS, Page, faults
from tests.scenarios import approved_match, enrolled_member, open_matches

SOUND = (
    '<!doctype html><html lang="en"><body><h1 id="top">Hello</h1>'
    '<form method="post" action="/a"><label for="a">A</label><input id="a" name="a"></form></body></html>'
)
BROKEN = {
    "no language": SOUND.replace(' lang="en"', ""),
    "not one main heading": SOUND.replace("</body>", "<h1>Again</h1></body>"),
    "a style attribute": SOUND.replace("<body>", '<body style="color: red">'),
    "an inline script or style": SOUND.replace("<body>", "<body><script>alert(1)</script>"),
    "an event handler": SOUND.replace("<body>", '<body onload="go()">'),
    "an address elsewhere": SOUND.replace("</body>", '<a href="//elsewhere.example">x</a></body>'),
    "a field without a label": SOUND.replace('for="a"', 'for="b"').replace("<h1>", '<h1 id="b">'),
    "an id twice": SOUND.replace("<form", '<form id="top"'),
    "a name that refers to nothing": SOUND.replace("<form", '<form aria-labelledby="gone"'),
}


def pages_of(member, mentor, match, told):
    consents = f"/people/{member.person_id}/consents"
    queue = ["/proposals", "/proposals?status=approved", "/proposals?status=accepted", "/proposals?status=declined"]
    speaking = ["/speaking", *(f"/people/{member.person_id}/{page}" for page in ("speaking", "emergencies"))]
    return {
        Actor.COORDINATOR: [*queue, "/waiting", "/mentors", f"/mentors/{mentor.id}", consents, *speaking],
        Actor.MENTOR: [
            *("/availability", "/availability?saved=hours", "/my-consents", "/my-contact?saved=yes"),
            *(
                "/my-members",
                "/my-members?said=leave",
                f"/my-members/{match.id}",
                f"/my-members/{match.id}?said=accept",
            ),
        ],
        Actor.MEMBER: [
            *("/my-match", f"/my-match/{match.id}", "/my-contact", "/my-consents", "/my-blocks"),
            *("/my-consents?said=withdraw&purpose=STATS", "/my-receipts", "/my-receipts/1"),
        ],
        Actor.AUDITOR: [
            *("/people", "/people?q=raven", "/people?q=nobody"),
            *(consents, f"{consents}?event=1", f"{consents}?known_at=1"),
            *("/audit", "/audit?unjustified=true", "/audit?earlier=0&later=999", f"/audit/disclosures/{told}"),
        ],
    }


@pytest.fixture
def pages(service, moment, enter, visitor):
    """Every page, each under who opened it and its address."""
    match = approved_match(service, moment)
    waiting = enrolled_member(service, moment, ref="S-2", handle="Jade Raven 3")
    pool = service.alongside.pool(match.programme_id)
    member, mentor = pool.members[match.member_id], pool.mentors[match.mentor_id]
    open_matches(service, moment, [(waiting, mentor)])
    found = {"anybody /": visitor.get("/"), "anybody /nowhere": visitor.get("/nowhere")}
    told = service.alongside.ledger_entries(member.person_id)[-1].position
    for role, addresses in pages_of(member, mentor, match, told).items():
        client = enter(role, {Actor.MENTOR: mentor, Actor.MEMBER: member}.get(role, pool.programme))
        found |= {f"{role} {address}": client.get(address) for address in addresses}
    return found


def test_every_page_keeps_the_rules_of_markup_and_its_title_is_the_products_name(pages):
    assert {name: faults(page.text) for name, page in pages.items() if faults(page.text)} == {}
    assert {re.search("<title>(.*)</title>", page.text)[1] for page in pages.values()} == {"Alongside"}


def test_every_page_says_whose_it_is_and_lets_them_out(pages):
    signed_in = {name: Page(page.text) for name, page in pages.items() if not name.startswith("anybody")}
    with_exit = {name.split()[0] for name, page in pages.items() if 'id="quick-exit"' in page.text}

    assert all(f"{name.split()[0].capitalize()} harbour" in page.words for name, page in signed_in.items())
    assert all(page.form("/session/end").method == "post" for page in signed_in.values())
    assert with_exit == {"anybody", "member", "mentor"}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_check_of_markup_finds_each_fault(fault):
    assert faults(SOUND) == []
    assert fault in faults(BROKEN[fault])
