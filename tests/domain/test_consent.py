"""When does a person's ledger permit a purpose, and what does an act that relies on it leave behind?"""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from api.moment import Moment
from api.service import Service
from domain.consent import ConsentLedger, Method, Reliance, Scope, consent_at
from domain.errors import ConsentMissing, InvalidValue, NothingToWithdraw
from domain.purposes import TERMS, Purpose

PERSON = UUID(int=1)
START = datetime(2026, 3, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
CONSIDER, PROPOSE = Purpose.MATCH_CONSIDER, Purpose.MATCH_PROPOSE
WORD = {"method": Method.WEB, "by": "member"}


@pytest.fixture
def ledger() -> ConsentLedger:
    return ConsentLedger.of(PERSON)


def why_not(ledger: ConsentLedger, purpose: Purpose, at: datetime) -> str:
    decision = consent_at(ledger, purpose, at=at)
    assert (decision.permit, decision.grant) == (False, None)
    return decision.reason


@pytest.mark.parametrize("purpose", Purpose)
def test_nothing_is_permitted_by_default(ledger: ConsentLedger, purpose: Purpose) -> None:
    assert why_not(ledger, purpose, START) == "never given"


@pytest.mark.parametrize("purpose", Purpose)
def test_a_grant_permits_its_own_purpose_and_no_other(ledger: ConsentLedger, purpose: Purpose) -> None:
    named = Scope(named="harbour-study") if TERMS[purpose].is_named else Scope()
    ledger.grant(purpose, scope=named, at=START, **WORD)

    assert {each for each in Purpose if consent_at(ledger, each, at=START).permit} == {purpose}


def test_a_grant_ends_at_the_instant_it_expires(ledger: ConsentLedger) -> None:
    ledger.grant(CONSIDER, at=START, scope=Scope(expires_at=START + HOUR), **WORD)

    assert consent_at(ledger, CONSIDER, at=START + HOUR - timedelta(microseconds=1)).permit
    assert why_not(ledger, CONSIDER, START + HOUR) == "expired"


def test_a_grant_lasts_as_long_as_its_purpose_says(ledger: ConsentLedger) -> None:
    ledger.grant(PROPOSE, at=START, **WORD)

    grant = consent_at(ledger, PROPOSE, at=START).grant
    assert grant is not None
    assert grant.expires_at == START + TERMS[PROPOSE].life == START + timedelta(days=30)


def test_a_grant_permits_nothing_before_it_was_given(ledger: ConsentLedger) -> None:
    ledger.grant(CONSIDER, at=START, **WORD)

    assert why_not(ledger, CONSIDER, START - HOUR) == "not yet given"


def test_a_grant_that_ends_before_it_begins_is_refused(ledger: ConsentLedger) -> None:
    with pytest.raises(InvalidValue):
        ledger.grant(CONSIDER, at=START, scope=Scope(expires_at=START), **WORD)
    assert ledger.version == 0


def test_a_refusal_ends_a_grant(ledger: ConsentLedger) -> None:
    ledger.grant(CONSIDER, at=START, **WORD)
    ledger.refuse(CONSIDER, at=START, **WORD)

    assert why_not(ledger, CONSIDER, START) == "refused"


def test_a_withdrawal_ends_a_grant_until_the_next(ledger: ConsentLedger) -> None:
    ledger.grant(CONSIDER, at=START, **WORD)
    ledger.withdraw(CONSIDER, at=START, **WORD)
    assert why_not(ledger, CONSIDER, START) == "withdrawn"

    ledger.grant(CONSIDER, at=START, **WORD)
    assert consent_at(ledger, CONSIDER, at=START).permit


def test_an_expired_consent_can_still_be_withdrawn(ledger: ConsentLedger) -> None:
    ledger.grant(CONSIDER, at=START, scope=Scope(expires_at=START + HOUR), **WORD)
    ledger.withdraw(CONSIDER, at=START + 2 * HOUR, **WORD)

    assert why_not(ledger, CONSIDER, START + 2 * HOUR) == "withdrawn"


def test_what_was_not_given_cannot_be_withdrawn(ledger: ConsentLedger) -> None:
    ledger.grant(PROPOSE, at=START, **WORD)

    with pytest.raises(NothingToWithdraw):
        ledger.withdraw(CONSIDER, at=START, **WORD)


def test_effective_time_never_runs_backward(ledger: ConsentLedger) -> None:
    ledger.grant(CONSIDER, at=START, **WORD)
    ledger.withdraw(CONSIDER, at=START - HOUR, **WORD)
    ledger.refuse(PROPOSE, at=START - HOUR, **WORD)
    ledger.grant(PROPOSE, at=START - HOUR, **WORD)
    ledger.rely_on(
        (PROPOSE,), act="match.approved", reference=UUID(int=2), at=START - HOUR, judged_at=START, by="coordinator-1"
    )

    assert [entry.event.at for entry in ledger.collect()] == [START] * 5


def test_an_act_names_the_event_that_permits_it(ledger: ConsentLedger) -> None:
    ledger.grant(CONSIDER, at=START, **WORD)
    ledger.grant(PROPOSE, at=START, **WORD)
    ledger.grant(CONSIDER, at=START + HOUR, **WORD)

    relied_on = ledger.rely_on(
        (CONSIDER, PROPOSE), act="a", reference=UUID(int=2), at=START + HOUR, judged_at=START + HOUR, by="c"
    )

    granted = {entry.version: entry.event.consent_id for entry in ledger.collect()[:3]}
    assert relied_on == (
        Reliance(CONSIDER, granted[3], ledger.id, 3),
        Reliance(PROPOSE, granted[2], ledger.id, 2),
    )


def test_an_act_that_lacks_one_consent_leaves_nothing_behind(ledger: ConsentLedger) -> None:
    ledger.grant(CONSIDER, at=START, **WORD)

    with pytest.raises(ConsentMissing, match="MATCH-PROPOSE"):
        ledger.rely_on((CONSIDER, PROPOSE), act="a", reference=UUID(int=2), at=START, judged_at=START, by="c")
    assert ledger.version == 1


def test_a_ledger_is_replayed_as_of_before_and_after_a_withdrawal(service: Service, moment: Moment) -> None:
    given, taken_back = moment.at, moment.at + HOUR
    service.alongside.grant(PERSON, CONSIDER, at=given, **WORD)
    service.alongside.withdraw(PERSON, CONSIDER, at=taken_back, **WORD)

    def permitted(at: datetime) -> bool:
        ledger = service.alongside.ledger_of(PERSON, service.alongside.ledger_entries(PERSON, as_of=at))
        return consent_at(ledger, CONSIDER, at=at).permit

    just_before = taken_back - timedelta(microseconds=1)
    assert [permitted(at) for at in (given - HOUR, given, just_before, taken_back)] == [False, True, True, False]
