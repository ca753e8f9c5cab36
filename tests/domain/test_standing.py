"""Who may speak for somebody, from when until when, and what does their word replace?"""

from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID

import pytest

from domain.coming_of_age import note_age, of_age_on
from domain.consent import ConsentLedger, Flaw, Giver, Method, Reason, Scope, Word, consent_at
from domain.errors import (
    AskThemFirst,
    EmergencyDecided,
    GuardianNotNeeded,
    InvalidValue,
    NotFrozen,
    NothingToWithdraw,
    SecondPersonNeeded,
    StandingMissing,
    TheySaidNo,
    UnknownEmergency,
    UnknownStanding,
)
from domain.programme import Policy
from domain.purposes import Field, Purpose

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PURPOSE = Purpose.MATCH_CONSIDER


@pytest.fixture
def adult():
    return ConsentLedger.of(UUID(int=3))


@pytest.fixture
def minor(adult):
    adult.record_minority(date(2028, 5, 4), consents_alone=False, at=AT, by="one")
    return adult


def speaker(ledger, giver, name="ana", *, at=AT, purposes=(PURPOSE,), expires_at=None):
    standing = ledger.request_standing(
        giver, name, [name], evidence="a letter", purposes=purposes, expires_at=expires_at, at=at, by="one"
    )
    ledger.confirm_standing(standing, at=at, by="two")
    return Word(giver=giver, authority=standing)


def grant(ledger, word=Word(), *, at=AT, scope=Scope()):  # noqa: B008
    ledger.grant(PURPOSE, method=Method.WEB, scope=scope, word=word, at=at, by="coordinator-1")


def withdraw(ledger, word=Word(), *, at=AT):  # noqa: B008
    ledger.withdraw(PURPOSE, method=Method.WEB, word=word, at=at, by="coordinator-1")


def reason(ledger, at=AT + HOUR):
    return consent_at(ledger, PURPOSE, at=at).reason


def test_a_guardians_standing_ends_when_the_young_person_is_of_age_however_long_was_asked_for(minor):
    minor.record_minority(date(2026, 5, 4), consents_alone=False, at=AT, by="one")
    word = speaker(minor, Giver.GUARDIAN, expires_at=AT + 300 * DAY)

    assert minor.speaker(word.authority).expires_at == datetime(2026, 5, 4, tzinfo=UTC)


def test_any_standing_ends_within_a_year(adult):
    word = speaker(adult, Giver.DELEGATE, expires_at=AT + 3_000 * DAY)

    assert adult.speaker(word.authority).expires_at == AT + 365 * DAY


def test_a_standing_says_who_about_what_on_what_evidence_and_ends_after_it_begins(adult):
    good = {"evidence": "a letter", "purposes": [PURPOSE], "expires_at": None}
    bad = [
        (Giver.SUBJECT, ["ana"], {}),
        (Giver.DELEGATE, [], {}),
        (Giver.DELEGATE, ["ana"], {"evidence": " "}),
        (Giver.DELEGATE, ["ana"], {"evidence": "x" * 501}),
        (Giver.DELEGATE, ["ana"], {"purposes": []}),
        (Giver.DELEGATE, ["ana"], {"expires_at": AT}),
    ]

    for giver, prints, said in bad:
        with pytest.raises(InvalidValue):
            adult.request_standing(giver, "ana", prints, **good | said, at=AT, by="one")
    assert adult.version == 0


def test_a_grown_person_has_no_guardian(minor):
    minor.record_minority(date(2026, 3, 2), consents_alone=False, at=AT, by="one")

    with pytest.raises(GuardianNotNeeded):
        speaker(minor, Giver.GUARDIAN)


def test_whoever_asked_does_not_confirm_and_nothing_is_confirmed_twice_or_after_its_end(adult):
    asked = {"evidence": "a letter", "purposes": [PURPOSE], "expires_at": AT + DAY, "at": AT, "by": "one"}
    standing = adult.request_standing(Giver.DELEGATE, "ana", ["ana"], **asked)
    with pytest.raises(SecondPersonNeeded):
        adult.confirm_standing(standing, at=AT, by="one")
    with pytest.raises(StandingMissing):
        adult.confirm_standing(standing, at=AT + DAY, by="two")
    adult.confirm_standing(standing, at=AT, by="two")

    with pytest.raises(StandingMissing):
        adult.confirm_standing(standing, at=AT, by="three")
    with pytest.raises(UnknownStanding):
        adult.confirm_standing(UUID(int=9), at=AT, by="two")


def test_a_delegate_counts_beside_the_persons_own_word_and_ends_none_of_it(adult):
    grant(adult)
    word = speaker(adult, Giver.DELEGATE)
    grant(adult, word)
    withdraw(adult, word)
    after = reason(adult)
    with pytest.raises(NothingToWithdraw):
        withdraw(adult, word)

    assert after == Reason.GIVEN
    withdraw(adult, at=AT + HOUR)
    assert reason(adult) == Reason.WITHDRAWN


def test_the_persons_own_word_replaces_a_delegates(adult):
    word = speaker(adult, Giver.DELEGATE)
    grant(adult, word)
    grant(adult, scope=Scope(fields=frozenset({Field.NEEDS})), at=AT + HOUR)

    assert consent_at(adult, PURPOSE, at=AT + HOUR).fields == {Field.NEEDS}


def test_a_person_takes_back_what_a_delegate_gave(adult):
    grant(adult, speaker(adult, Giver.DELEGATE))
    withdraw(adult)

    assert reason(adult) == Reason.WITHDRAWN


def test_a_delegate_does_not_speak_over_the_persons_no(adult):
    word = speaker(adult, Giver.DELEGATE)
    adult.refuse(PURPOSE, method=Method.WEB, at=AT, by="member")

    with pytest.raises(TheySaidNo, match=r"They were asked and said no\."):
        grant(adult, word)


def test_a_no_by_name_is_about_those_named_for_whoever_speaks_as_well(adult):
    word = speaker(adult, Giver.DELEGATE, purposes=[Purpose.RESEARCH_DATA])
    adult.refuse(Purpose.RESEARCH_DATA, named="study A", method=Method.WEB, at=AT, by="member")

    def agree(named):
        scope = Scope(named=named)
        adult.grant(Purpose.RESEARCH_DATA, method=Method.WEB, scope=scope, word=word, at=AT, by="coordinator-1")

    with pytest.raises(TheySaidNo):
        agree("study A")
    agree("study B")
    assert consent_at(adult, Purpose.RESEARCH_DATA, at=AT, named="study B").permit


def test_one_guardian_does_not_take_back_what_another_gave(minor):
    grant(minor)
    first, second = speaker(minor, Giver.GUARDIAN, "ana"), speaker(minor, Giver.GUARDIAN, "rui")
    grant(minor, first)
    minor.refuse(PURPOSE, method=Method.WEB, word=second, at=AT, by="coordinator-1")
    with pytest.raises(NothingToWithdraw):
        withdraw(minor, second)

    assert reason(minor) == Reason.GIVEN
    minor.end_standing(first.authority, at=AT, by="one")
    assert reason(minor) == Reason.NO_STANDING


def test_a_guardian_who_does_harm_is_not_in_the_way_of_one_who_does_not(minor):
    grant(minor)
    good, bad = speaker(minor, Giver.GUARDIAN, "ana"), speaker(minor, Giver.GUARDIAN, "rui")
    grant(minor, good)
    grant(minor, bad, scope=Scope(fields=frozenset({Field.AGE})), at=AT + HOUR)
    minor.record_harm(["rui", "another mark"], at=AT + HOUR, by="two")

    assert consent_at(minor, PURPOSE, at=AT + HOUR).fields > {Field.AGE}
    minor.record_harm(["ana"], at=AT + HOUR, by="two")
    assert reason(minor) == Reason.NO_STANDING


def test_a_minor_is_asked_before_their_guardian(minor):
    word = speaker(minor, Giver.GUARDIAN)
    with pytest.raises(AskThemFirst):
        grant(minor, word)
    grant(minor)
    grant(minor, word)

    assert reason(minor) == Reason.GIVEN
    minor.revoke(minor.grants[PURPOSE].consent_id, Flaw.PROGRAMME_ENDED, at=AT, by="one")
    with pytest.raises(AskThemFirst):
        grant(minor, word)


def test_a_minors_no_ends_what_the_guardian_gave_and_their_later_yes_does_not_bring_it_back(minor):
    grant(minor)
    grant(minor, speaker(minor, Giver.GUARDIAN))
    minor.refuse(PURPOSE, method=Method.WEB, at=AT, by="member")
    grant(minor, at=AT + HOUR)

    assert reason(minor) == Reason.REFUSED


def test_days_are_those_of_utc_wherever_it_is_asked_from(minor):
    minor.record_minority(date(2026, 3, 4), consents_alone=False, at=AT, by="one")
    grant(minor)
    last = datetime(2026, 3, 3, 23, 59, tzinfo=UTC)
    elsewhere = last.astimezone(timezone(timedelta(hours=14)))

    assert elsewhere.date() == date(2026, 3, 4)
    assert reason(minor, last) == reason(minor, elsewhere) == Reason.GUARDIAN_NEEDED
    assert reason(minor, last + HOUR) == Reason.CAME_OF_AGE


def test_what_was_said_on_paper_counts_if_the_standing_stood_when_it_was_said(adult):
    word = speaker(adult, Giver.DELEGATE, at=AT + DAY)
    early = Word(giver=word.giver, authority=word.authority, said_at=AT, witness="coordinator-1")

    with pytest.raises(StandingMissing):
        adult.grant(PURPOSE, method=Method.PAPER, word=early, at=AT + 2 * DAY, by="coordinator-1")


def test_freezing_bars_everything_and_somebody_else_thaws_it(adult):
    grant(adult)
    with pytest.raises(NotFrozen):
        adult.thaw(at=AT, by="one")
    adult.freeze(at=AT, by="one")
    adult.freeze(at=AT, by="two")
    with pytest.raises(SecondPersonNeeded):
        adult.thaw(at=AT, by="one")

    assert reason(adult) == Reason.FROZEN
    adult.thaw(at=AT, by="two")
    assert reason(adult) == Reason.GIVEN


@pytest.mark.parametrize(
    ("age", "today", "of_age"),
    [
        (15, date(2026, 3, 2), date(2029, 3, 2)),
        (17, date(2024, 2, 29), date(2025, 3, 1)),
        (13, date(2026, 12, 31), date(2031, 12, 31)),
    ],
)
def test_somebody_of_an_age_is_surely_of_age_if_their_birthday_were_today(age, today, of_age):
    assert of_age_on(age, today) == of_age


def noted(ledger, age, *, at=AT, policy=Policy(), is_said_anew=True):  # noqa: B008
    note_age(ledger, age, policy, is_said_anew=is_said_anew, at=at, by="one")
    return ledger.minority and (ledger.minority.until, ledger.minority.alone)


def test_a_programme_may_let_young_people_consent_alone(adult):
    assert noted(adult, 16, policy=Policy(consents_alone_from=16)) == (date(2028, 3, 2), True)


def test_an_age_that_is_said_anew_makes_the_day_better_known_and_never_later_without_cause(adult):
    first = noted(adult, 15)
    stale = noted(adult, 15, at=AT + 400 * DAY, is_said_anew=False)
    next_year = noted(adult, 16, at=AT + 500 * DAY)
    mistaken = noted(adult, 13, at=AT + 501 * DAY)
    grown = noted(adult, 40, at=AT + 502 * DAY)

    assert first == stale == next_year == (date(2029, 3, 2), False)
    assert mistaken == ((AT + 501 * DAY).date().replace(year=2032), False)
    assert grown == ((AT + 502 * DAY).date(), False)


def test_nothing_is_noted_of_those_of_age_or_of_unknown_age(adult):
    assert noted(adult, 18) is None
    assert noted(adult, None) is None
    assert adult.version == 0


def test_an_emergency_is_asked_by_one_told_by_another_and_decided_once(adult):
    asked = {"recipient": "ambulance", "reason": "danger", "at": AT, "by": "one"}
    emergency = adult.request_emergency([Field.PHONE], **asked)
    tell = {"untold_because": None, "lasts": HOUR, "at": AT}
    with pytest.raises(SecondPersonNeeded):
        adult.disclose_emergency(emergency, **tell, by="one")
    with pytest.raises(UnknownEmergency):
        adult.disclose_emergency(UUID(int=9), **tell, by="two")
    for lasts in (timedelta(), 73 * HOUR):
        with pytest.raises(InvalidValue):
            adult.disclose_emergency(emergency, **tell | {"lasts": lasts}, by="two")
    told = adult.disclose_emergency(emergency, **tell, by="two")

    assert (told.fields, told.expires_at, told.member_told) == ((Field.PHONE,), AT + HOUR, True)
    for again in (
        lambda: adult.disclose_emergency(emergency, **tell, by="two"),
        lambda: adult.cancel_emergency(emergency, at=AT, by="one"),
    ):
        with pytest.raises(EmergencyDecided):
            again()


def test_an_emergency_needs_no_consent_and_gives_none(adult):
    adult.refuse(PURPOSE, method=Method.WEB, at=AT, by="member")
    emergency = adult.request_emergency([Field.NEEDS], recipient="r", reason="r", at=AT, by="one")
    adult.disclose_emergency(emergency, untold_because=None, lasts=HOUR, at=AT, by="two")

    assert reason(adult) == Reason.REFUSED
