"""Who could act as what, and when?"""

from datetime import timedelta

from domain.access import Actor
from projections import accounts
from tests.scenarios import enrolled_mentor, programme


def test_an_account_could_act_from_its_token_on_until_that_expired_or_was_revoked(service, moment):
    harbour, quay = programme(service, moment), programme(service, moment, "quay")
    mentor = enrolled_mentor(service, moment, ref="T-2")

    def day(number):
        return moment.at + timedelta(days=number)

    def issue(role, name, where, begins, ends, person=None):
        service.alongside.issue_token(role, name, where.id, person, expires_at=day(ends), at=day(begins), by="admin")

    issue(Actor.COORDINATOR, "Ada", harbour, 0, 4)
    issue(Actor.COORDINATOR, "Ada", harbour, 3, 6)
    issue(Actor.COORDINATOR, "Noor", harbour, 0, 9)
    issue(Actor.COORDINATOR, "Eve", quay, 0, 9)
    issue(Actor.AUDITOR, "Ida", harbour, 0, 9)
    issue(Actor.MENTOR, None, harbour, 0, 9, mentor.person_id)
    service.alongside.revoke_tokens(harbour.id, "Noor", at=day(2), by="admin")

    with service.reading() as read_models:
        found = {
            number: [each.account for each in accounts.holders(read_models, harbour.id, Actor.COORDINATOR, day(number))]
            for number in (-1, 0, 1, 2, 3, 5, 6)
        }
        (ada,) = accounts.holders(read_models, harbour.id, Actor.COORDINATOR, day(3))
        (own,) = accounts.holders(read_models, harbour.id, Actor.MENTOR, day(3))

    assert found == {-1: [], 0: ["Ada", "Noor"], 1: ["Ada", "Noor"], 2: ["Ada"], 3: ["Ada"], 5: ["Ada"], 6: []}
    assert ada.until == day(6)
    assert own.account == str(mentor.person_id)
