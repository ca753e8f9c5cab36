"""Can a clock that is wrong keep a consent alive after its end?"""

from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from api.moment import Moment
from api.service import Service
from domain.application import Alongside
from domain.clocks import read
from domain.consent import Method, consent_at
from domain.errors import ConsentMissing
from domain.match import Match, MatchStatus
from domain.purposes import TERMS, Purpose
from tests.scenarios import open_match

HOUR = timedelta(hours=1)
YEARS = timedelta(days=3650)
PROPOSE = Purpose.MATCH_PROPOSE
PERSON = UUID(int=1)
WORD = {"method": Method.WEB, "by": "member"}


def test_an_act_takes_effect_at_the_earlier_clock_and_is_judged_at_the_later() -> None:
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)

    for claimed, other in ((noon, noon + HOUR), (noon + HOUR, noon)):
        reading = read(claimed, lambda other=other: other)
        assert (reading.takes_effect, reading.judged) == (noon, noon + HOUR)


def test_without_a_second_clock_the_claim_stands_alone() -> None:
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)

    assert read(noon, None).takes_effect == read(noon, None).judged == noon


def test_a_change_to_winter_time_gives_a_consent_no_further_hour(service: Service) -> None:
    before_the_change = datetime(2026, 10, 20, 12, tzinfo=ZoneInfo("Europe/Lisbon"))

    ledger = service.alongside.grant(PERSON, PROPOSE, at=before_the_change, **WORD)

    lasts = ledger.grants[PROPOSE].expires_at.astimezone(UTC) - before_the_change.astimezone(UTC)
    assert lasts == TERMS[PROPOSE].life


@pytest.mark.parametrize("ahead", [timedelta(seconds=1), HOUR, YEARS])
def test_an_application_whose_clock_is_ahead_gives_no_longer_life(service: Service, moment: Moment, ahead) -> None:
    alongside = Alongside(service.alongside.log, second_clock=lambda: moment.at)

    ledger = alongside.grant(PERSON, PROPOSE, at=moment.at + ahead, **WORD)

    assert consent_at(ledger, PROPOSE, at=moment.at).permit
    assert not consent_at(ledger, PROPOSE, at=moment.at + TERMS[PROPOSE].life).permit


@pytest.mark.parametrize("behind", [timedelta(seconds=1), HOUR, YEARS])
@pytest.mark.parametrize("who", ["application", "database"])
def test_a_clock_that_is_behind_brings_no_expired_consent_back(service, moment, behind, who) -> None:
    match = open_match(service, moment)
    end = expiry(service, match)
    claimed, second = (end - behind, end) if who == "application" else (end, end - behind)

    with pytest.raises(ConsentMissing, match="expired"):
        Alongside(service.alongside.log, second_clock=lambda: second).approve(match.id, at=claimed, by="coordinator-1")

    assert service.alongside.load(Match, match.id).status == MatchStatus.PROPOSED


def test_a_consent_can_be_used_until_the_first_clock_comes_to_its_end(service, moment) -> None:
    match = open_match(service, moment)
    last = expiry(service, match) - timedelta(microseconds=1)

    alongside = Alongside(service.alongside.log, second_clock=lambda: last)

    assert alongside.approve(match.id, at=last - HOUR, by="coordinator-1").status == MatchStatus.APPROVED


def test_a_clock_that_was_ahead_once_does_not_hold_up_a_ledger_for_years(service: Service, moment: Moment) -> None:
    alongside = Alongside(service.alongside.log, second_clock=lambda: moment.at)
    alongside.refuse(PERSON, PROPOSE, at=moment.at + YEARS, **WORD)

    ledger = alongside.grant(PERSON, PROPOSE, at=moment.at, **WORD)

    assert ledger.grants[PROPOSE].at == moment.at


def expiry(service: Service, match: Match) -> datetime:
    """The instant at which the first of the consents that an approval needs ends."""
    ledgers = (service.alongside.ledger(person) for person in (match.member_person_id, match.mentor_person_id))
    return min(grant.expires_at for ledger in ledgers for grant in ledger.grants.values())
