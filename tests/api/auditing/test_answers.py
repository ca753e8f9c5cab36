"""Does an auditor get a true answer to each question, and is what has no consent found out?"""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import msgspec
import pytest

from api.auditing.asking import instant_of, position_of
from api.auditing.audience import who_could_see
from api.auditing.changes import changes_between
from api.auditing.disclosures import EMERGENCY, who_saw
from api.auditing.lines import line, open_to_all
from api.auditing.replaying import replay
from api.auditing.unjustified import unjustified
from api.auditing.why import UnknownDisclosure, why
from domain.application import Alongside
from domain.consent import Audience, Channel, ConsentLedger, Flaw, Method, Scope, State, Word, Wording
from domain.disclosing import Asked, Viewing
from domain.errors import ConsentMissing, InvalidValue
from domain.events import Entry, Event
from domain.identity import ledger_id
from domain.purposes import Field, Purpose

NOTES, STATS, PROPOSE, SHARE = Purpose.COORD_NOTES, Purpose.STATS, Purpose.MATCH_PROPOSE, Purpose.CONTACT_SHARE
WORDING = Wording(UUID(int=9), 2, "en", "ab" * 32)


class Emergency(Event, frozen=True, kw_only=True):
    TOPIC = EMERGENCY
    person_id: UUID
    fields: tuple[Field, ...]


class Harm(Event, frozen=True, kw_only=True):
    TOPIC = "consent.harm-recorded"
    person_id: UUID


def unproved(_):
    return None


def nobody(*_):
    return []


def permits(world, purpose, at, known_at=None):
    return replay(world.alongside, world.person, at, known_at=known_at).decisions[purpose].permit


def verdict(world, position):
    return why(world.alongside, position, unproved).verdict


def placed(world, event, version=99):
    return Entry(stream=ledger_id(world.person), version=version, event=event, position=1_000, recorded_at=world.now)


def test_a_late_paper_withdrawal_shows_what_was_known_and_what_was_so(world):
    world.grant(NOTES, on=0)
    told = world.look(on=2)
    world.withdraw_late(NOTES, said=1, on=3)

    assert permits(world, NOTES, world.day(2), known_at=told)
    assert not permits(world, NOTES, world.day(2))
    assert permits(world, NOTES, world.day(0.5))
    found = verdict(world, told)
    assert (found.then, found.now) == (True, False)
    assert found.words == "permitted on what was known; made after the member had withdrawn"


def test_a_replay_tells_state_fields_and_deciding_events(world):
    given = world.grant(NOTES, on=0, scope=Scope(fields=frozenset({Field.NEEDS})))
    report = replay(world.alongside, world.person, world.day(1)).report(whole=True)
    (notes,) = (each for each in report["consents"] if each["purpose"] == "COORD-NOTES")

    assert (notes["state"], notes["permitted"], notes["fields"]) == (State.GIVEN, True, ["needs"])
    assert [place["position"] for place in notes["deciding"]] == [given]
    assert report["known_at"] == world.alongside.log.head()


def test_what_was_not_yet_recorded_is_not_among_the_events_known(world):
    before = world.alongside.log.head()
    world.grant(STATS, on=0)

    def known(known_at):
        return [
            each["event"]
            for each in replay(world.alongside, world.person, world.day(1), known_at=known_at).report()["events"]
        ]

    assert known(before) == ["granted", "granted", "relied on"]
    assert known(before + 1) == ["granted", "granted", "relied on", "granted"]


def test_why_names_the_consent_and_the_text_that_was_shown(world):
    given = world.grant(NOTES, on=0, word=Word(wording=WORDING))
    found = why(world.alongside, world.look(on=1), unproved)

    ((deciding,), shown) = found.deciding, found.deciding[0].wording
    assert (deciding.position, deciding.purpose) == (given, NOTES)
    assert (shown.notice, shown.version, shown.language, shown.sha256) == (UUID(int=9), 2, "en", "ab" * 32)
    assert found.verdict.words == "permitted"
    assert found.what.fields == ["needs"]


def test_why_says_that_a_consent_was_found_to_be_invalid_since(world):
    world.grant(NOTES, on=0)
    told = world.look(on=1)
    consent = world.alongside.ledger(world.person).grants[NOTES].consent_id
    world.alongside.say(
        world.person,
        lambda ledger, at: ledger.invalidate(consent, Flaw.COERCED, at=at, by="x"),
        at=world.day(2),
        by="x",
    )

    found = verdict(world, told)
    assert (found.then, found.now) == (True, False)
    assert "found to be invalid" in found.words


@pytest.mark.parametrize("position", [-1, 0, 1, 10_000])
def test_where_nothing_was_told_there_is_nothing_to_explain(world, position):
    with pytest.raises(UnknownDisclosure):
        why(world.alongside, position, unproved)


def test_what_was_told_in_another_programme_is_as_if_it_were_not_there(world):
    world.grant(NOTES, on=0)
    told = world.look(on=1)

    assert why(world.alongside, told, unproved, programme=world.match.programme_id).person == world.person
    with pytest.raises(UnknownDisclosure):
        why(world.alongside, told, unproved, programme=uuid4())


def viewers(world, at, purpose, **known):
    asked = {}

    def accounts(programme, at):
        asked[programme] = at
        return ["Noor", "Ada"]

    found = who_could_see(world.alongside, accounts, world.person, at, **known)
    assert asked == {world.match.programme_id: at}
    return {
        (each.who, *each.fields) for consent in found.consents if consent.purpose == purpose for each in consent.viewers
    }


def test_coordinators_could_see_what_was_ticked_as_long_as_that_stood(world):
    world.grant(NOTES, on=1, scope=Scope(fields=frozenset({Field.NEEDS, Field.AGE}), expires_at=world.day(9)))
    both = {("Ada", "age", "needs"), ("Noor", "age", "needs")}

    assert [viewers(world, world.day(on), NOTES) for on in (0, 1, 8, 9)] == [set(), both, both, set()]
    assert viewers(world, world.day(1), NOTES, known_at=world.alongside.log.head() - 1) == set()


def test_the_other_side_could_see_from_the_approval_on_until_the_match_ended(world):
    mentor = str(world.match.mentor_person_id)
    assert viewers(world, world.day(1), PROPOSE) == set()
    world.alongside.approve(world.match.id, at=world.day(2), by="coordinator-1")

    assert {who for who, *_ in viewers(world, world.day(2), PROPOSE)} == {mentor}
    assert viewers(world, world.day(1), PROPOSE) == set()
    world.alongside.withdraw(world.person, Purpose.MATCH_CONSIDER, method=Method.WEB, at=world.day(3), by="member")
    assert viewers(world, world.day(3), PROPOSE) == set()


def test_a_consent_that_nobody_can_use_yet_is_told_with_nobody(world):
    found = who_could_see(world.alongside, nobody, world.person, world.day(1))

    assert {consent.purpose: len(consent.viewers) for consent in found.consents} == {
        Purpose.MATCH_CONSIDER: 1,
        PROPOSE: 0,
    }


def test_contacts_are_not_named_and_studies_are(world):
    world.grant(Purpose.SAFE_SHARE, on=0, scope=Scope(named="my sister Ana"))
    world.grant(Purpose.RESEARCH_DATA, on=0, scope=Scope(named="study 7"))
    found = msgspec.json.encode(who_could_see(world.alongside, nobody, world.person, world.day(1))).decode()
    replayed = str(replay(world.alongside, world.person, world.day(1)).report(whole=True))

    assert "Ana" not in found + replayed
    assert "study 7" in found
    assert "study 7" in replayed


def test_who_saw_begins_with_emergencies_and_then_with_the_latest(world):
    world.grant(NOTES, on=0)
    first, second = world.look(on=1), world.look(on=2)
    emergency = Emergency(person_id=world.person, fields=(Field.PHONE,), at=world.day(0), by="lead-1")
    entries = [
        *world.alongside.ledger_entries(world.person),
        msgspec.structs.replace(placed(world, emergency), position=3),
    ]
    seen = who_saw(world.person, entries).seen

    assert [each.kind for each in seen] == ["emergency", "disclosed", "disclosed", "relied on"]
    assert [each.position for each in seen[1:3]] == [second, first]
    assert (seen[1].by, seen[1].role, seen[1].channel, seen[1].request) == (
        "coordinator-1",
        "coordinator",
        Channel.PAGE,
        "request-1",
    )
    assert [used.position for used in seen[1].consents] == [first - 1]


def test_what_protects_a_person_is_told_to_auditors_alone_and_without_names(world):
    harm = placed(world, Harm(person_id=world.person, at=world.now, by="lead-1"))

    assert (line(harm)["event"], line(harm)["by"], line(harm)["purposes"]) == ("a safeguarding record", "", [])
    assert list(open_to_all([harm])) == []


def test_nothing_is_unjustified_where_everything_was_asked_for(world):
    world.grant(NOTES, on=0)
    world.look(on=1)
    world.withdraw_late(NOTES, said=0, on=2)

    assert unjustified(world.alongside.log.read()) == []


def test_what_was_told_past_the_decision_is_found_in_its_programme_alone(world):
    world.grant(STATS, on=0)
    ledger = world.alongside.ledger(world.person)
    stats = ledger.live_consents((STATS,), at=world.day(1))
    told = {
        "person_id": world.person,
        "viewer": None,
        "role": "coordinator",
        "audience": Audience.coordinators(world.match.programme_id),
        "channel": Channel.PAGE,
        "request": "r",
        "at": world.day(1),
        "by": "coordinator-1",
    }
    ledger.record(ConsentLedger.Disclosed(purpose=NOTES, fields=(Field.NEEDS,), consents=stats, **told))
    ledger.record(ConsentLedger.Disclosed(purpose=STATS, fields=(Field.NEEDS,), consents=(), **told))
    ledger.record(
        ConsentLedger.ReliedOn(
            person_id=world.person, act="x", reference=UUID(int=1), consents=stats, at=world.day(500), by="x"
        )
    )
    world.alongside.save(ledger)
    found = unjustified(world.alongside.log.read(), world.match.programme_id)

    assert [(row.kind, row.reason) for row in found] == [
        ("disclosed", "never given"),
        ("disclosed", "it names no consent"),
        ("x", "expired"),
    ]
    assert unjustified(world.alongside.log.read()) == found
    assert unjustified(world.alongside.log.read(), uuid4()) == []


def test_a_telling_that_names_another_consent_than_the_one_that_permits_is_found(world):
    old = world.grant(NOTES, on=0)
    world.grant(NOTES, on=1)
    ledger = world.alongside.ledger(world.person)
    first = ledger.history.grants[NOTES][0]
    assert first.place.position == old
    reliance = msgspec.structs.replace(
        ledger.live_consents((NOTES,), at=world.day(2))[0], consent_id=first.consent_id, version=first.version
    )
    world.look(on=2)
    (entry,) = world.alongside.log.read(world.alongside.log.head() - 1)
    forged = msgspec.structs.replace(entry, event=msgspec.structs.replace(entry.event, consents=(reliance,)))
    found = unjustified([*world.alongside.log.read(0, entry.position - 1), forged])

    assert [row.position for row in found] == [entry.position]


def test_what_changed_between_two_positions_is_told_by_person_and_purpose(world):
    before = world.alongside.log.head()
    world.grant(STATS, on=1)
    middle = world.alongside.log.head()
    world.grant(STATS, on=2, scope=Scope(fields=frozenset({Field.NEEDS})))
    world.alongside.withdraw(world.person, PROPOSE, method=Method.WEB, at=world.day(3), by="member")
    head = world.alongside.log.head()

    def changed(earlier, later, **asked):
        found = changes_between(world.alongside, earlier, later, **asked).changes
        assert {change.person for change in found} <= {world.person, world.match.mentor_person_id}
        return {change.purpose: (change.before.state, change.after.state) for change in found}

    assert changed(before, middle) == {STATS: (State.UNKNOWN, State.GIVEN)}
    assert changed(middle, head) == {STATS: (State.GIVEN, State.RENEWED), PROPOSE: (State.GIVEN, State.WITHDRAWN)}
    assert changed(head, head) == {}
    assert changed(before, middle, programme=uuid4()) == {}
    assert changed(before, middle, at=world.day(0)) == {}


def test_positions_that_are_not_there_cannot_be_compared(world):
    head = world.alongside.log.head()
    for earlier, later in ((2, 1), (-1, 1), (1, head + 1)):
        with pytest.raises(InvalidValue):
            changes_between(world.alongside, earlier, later)


def test_a_day_means_its_last_instant_and_what_is_no_instant_is_refused():
    assert instant_of("2026-03-02") == datetime(2026, 3, 3, tzinfo=UTC) - timedelta.resolution
    assert instant_of("2026-03-02T12:00:00+02:00") == datetime(2026, 3, 2, 10, tzinfo=UTC)
    for wrong in ("yesterday", "", "12", "2026-02-30"):
        with pytest.raises(InvalidValue):
            instant_of(wrong)


def test_what_was_known_is_named_by_position_or_by_instant(world):
    head = world.alongside.log.head()
    world.grant(STATS, on=1)
    log = world.alongside.log

    assert [position_of(text, log) for text in ("0", "3", "99999999999999999999")] == [0, 3, head + 1]
    assert position_of(f"{world.day(0.5):%Y-%m-%dT%H:%M}", log) == head
    assert position_of(f"{world.day(2):%Y-%m-%d}", log) == head + 1


def test_what_two_clocks_disagree_on_is_not_told_before_both_say_that_it_began(world):
    world.grant(NOTES, on=0, scope=Scope(not_before=world.day(2)))
    slow = Alongside(world.alongside.log, second_clock=lambda: world.day(1))
    asked = Asked(world.person, frozenset({Field.NEEDS}), Audience.coordinators(world.match.programme_id), (NOTES,))
    viewing = Viewing("coordinator-1", "coordinator", Channel.PAGE, "request-1")

    told = slow.disclose([asked], viewing, at=world.day(3))
    assert not told[world.person]
    with pytest.raises(ConsentMissing):
        slow.ledger(world.person).rely_on(
            (NOTES,), act="x", reference=UUID(int=1), at=world.day(1), judged_at=world.day(3), by="x"
        )
    world.look(on=3)
    assert unjustified(world.alongside.log.read()) == []
