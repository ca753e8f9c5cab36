"""Is what is said of somebody by name kept to them, and is a day the same day wherever it is asked from?"""

from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from api.checks.consent_draws import Noted
from domain.consent import Audience, ConsentLedger, Giver, Method, Reason, Scope, Word, decide
from domain.consent.history import Minority, Place, Standing
from domain.purposes import AudienceKind, Field, Purpose

PERSON, GUARDIAN = UUID(int=1), UUID(int=50)
START = datetime(2026, 3, 2, tzinfo=UTC)
DAY = timedelta(days=1)
NOTES = Purpose.COORD_NOTES
HARBOUR, BRIDGE = UUID(int=100), UUID(int=101)
WORD = {"method": Method.WEB, "by": "member"}


@pytest.fixture
def ledger():
    return ConsentLedger.of(PERSON)


def reason(ledger, audience, at=START, purpose=NOTES):
    return decide(ledger, purpose, Field.NEEDS, audience, at).reason


def test_whoever_gives_no_name_is_not_told_what_somebody_else_was_consented_to_by_name(ledger):
    ledger.grant(Purpose.RESEARCH_DATA, at=START, scope=Scope(named="harbour-study"), **WORD)

    named, unnamed = (Audience(kind=AudienceKind.STUDY, named=name) for name in ("harbour-study", None))

    assert reason(ledger, named, purpose=Purpose.RESEARCH_DATA) == Reason.GIVEN
    assert reason(ledger, unnamed, purpose=Purpose.RESEARCH_DATA) == Reason.OTHER_AUDIENCE


def test_a_no_by_name_holds_against_a_yes_to_everybody_until_the_next_yes(ledger):
    ledger.grant(NOTES, at=START, **WORD)
    ledger.refuse(NOTES, at=START, named=str(HARBOUR), **WORD)

    assert reason(ledger, Audience.coordinators(HARBOUR)) == Reason.REFUSED
    assert reason(ledger, Audience.coordinators(BRIDGE)) == Reason.GIVEN

    ledger.grant(NOTES, at=START, **WORD)
    assert reason(ledger, Audience.coordinators(HARBOUR)) == Reason.GIVEN


def test_the_same_instant_has_the_same_answer_in_every_zone(ledger):
    came_of_age = START + 10 * DAY
    standing = Standing(
        Place(0, 0), START, GUARDIAN, Giver.GUARDIAN, frozenset({NOTES}), START + 99 * DAY, frozenset({"a"})
    )
    for fact in (Minority(Place(0, 0), START, came_of_age.date(), alone=False), standing):
        ledger.record(Noted(person_id=PERSON, fact=fact, at=START, by="check"))
    ledger.grant(NOTES, at=START, **WORD)
    guardian = Word(giver=Giver.GUARDIAN, authority=GUARDIAN, witness="staff-1")
    ledger.grant(NOTES, method=Method.PAPER, at=START, by="coordinator-1", word=guardian)

    def reasons(at):
        zones = map(ZoneInfo, ("UTC", "America/New_York", "Australia/Lord_Howe"))
        return {reason(ledger, Audience.coordinators(HARBOUR), at=at.astimezone(zone)) for zone in zones}

    assert reasons(came_of_age - timedelta.resolution) == {Reason.GIVEN}
    assert reasons(came_of_age) == {Reason.CAME_OF_AGE}
