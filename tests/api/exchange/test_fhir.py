"""Can others read what a person consented to, and decide from it as the service does?"""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from pydantic import ValidationError

from api.exchange import codes
from api.exchange.deciding import Answer, Asked, NotUnderstood, decide, permits
from api.exchange.fhir import export, validate
from api.exchange.handles import handle
from domain.consent import Audience, Channel, ConsentLedger, Flaw, Giver, Method, Scope, Word
from domain.events import Entry
from domain.fingerprints import Mark
from domain.purposes import Field, Purpose

PERSON, OTHER = UUID(int=1), UUID(int=10)
START = datetime(2026, 3, 2, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOTES = Purpose.COORD_NOTES
WORD = {"method": Method.WEB, "by": "member"}
MATCH = UUID(int=20)
SALT = "5a" * 16


class Life:
    """A ledger that is stored event by event, and what is exported of it."""

    def __init__(self):
        self.ledger, self.entries = ConsentLedger.of(PERSON), []

    def block(self, *persons):
        given = {"method": Method.WEB, "coordinators_may_know": False, "by": "member"}
        self.ledger.block((Mark.HANDLE,), ["a" * 64], persons, at=START, **given)

    def approve(self, person=OTHER):
        self.ledger.grant(Purpose.MATCH_PROPOSE, at=START, **WORD)
        approved = {"act": "match.approved", "reference": MATCH, "counterpart": person, "by": "coordinator-1"}
        self.ledger.rely_on((Purpose.MATCH_PROPOSE,), at=START, judged_at=START, **approved)

    def exported(self, at=START, known_at=None, salt=SALT):
        for entry in self.ledger.collect():
            stored = Entry(stream=entry.stream, version=entry.version, event=entry.event, position=entry.version)
            self.entries.append(stored)
        ledger = ConsentLedger.of(PERSON)
        for entry in self.entries:
            ledger.follow(entry)
        bundle = json.loads(json.dumps(export(ledger, self.entries, at, known_at, salt=salt)))
        validate(bundle)
        return bundle

    def resources(self, kind="Consent", **as_of):
        found = [entry["resource"] for entry in self.exported(**as_of).get("entry", ())]
        return [resource for resource in found if resource["resourceType"] == kind]


@pytest.fixture
def life():
    return Life()


def asked(at=START, purpose=NOTES, audience="coordinators", **who):
    return Asked(purpose, Field.NEEDS, audience, at, **who)


def parts(node):
    yield node
    for value in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from parts(value)


def test_a_live_consent_denies_but_for_one_flat_exception(life):
    life.ledger.grant(NOTES, at=START, scope=Scope(fields=frozenset({Field.NEEDS})), **WORD)

    (consent,) = life.resources()

    assert (consent["status"], consent["decision"]) == ("active", "deny")
    (provision,) = consent["provision"]
    assert "provision" not in provision
    assert [code["coding"][0]["code"] for code in provision["code"]] == ["needs"]
    assert provision["period"] == {
        "start": "2026-03-02T00:00:00+00:00",
        "end": "2027-03-01T23:59:59.999999+00:00",
    }


def test_what_is_exported_is_decided_on_to_the_instant(life):
    life.ledger.grant(NOTES, at=START, scope=Scope(expires_at=START + DAY), **WORD)
    file = life.exported()

    assert decide(file, asked()) == Answer(permit=True)
    assert decide(file, asked(at=START + DAY - timedelta.resolution)).permit
    assert not decide(file, asked(at=START + DAY)).permit
    assert not decide(file, asked(audience="optimiser")).permit
    assert not decide(file, asked(purpose=Purpose.STATS, audience="public")).permit


def test_what_became_of_each_word_is_its_status(life):
    life.ledger.grant(NOTES, at=START, **WORD)
    life.ledger.withdraw(NOTES, at=START, **WORD)
    life.ledger.refuse(Purpose.STATS, at=START, **WORD)
    life.ledger.grant(Purpose.CONTACT_SERVICE, at=START, **WORD)
    consent = life.ledger.grants[Purpose.CONTACT_SERVICE].consent_id
    life.ledger.invalidate(consent, Flaw.COERCED, at=START, by="coordinator-1")
    life.ledger.ask(Purpose.MATCH_CONSIDER, method=Method.WEB, serving=UUID(int=2), wording=None, at=START, by="member")

    found = {each["category"][1]["coding"][0]["code"]: each for each in life.resources()}

    assert {purpose: each["status"] for purpose, each in found.items()} == {
        "COORD-NOTES": "inactive",
        "STATS": "not-done",
        "CONTACT-SERVICE": "entered-in-error",
        "MATCH-CONSIDER": "draft",
    }
    assert not any("provision" in each for each in found.values())


def asked_by(person, match=MATCH):
    return asked(purpose=Purpose.MATCH_PROPOSE, audience="other-side", match=str(match), person=str(person))


def test_whoever_else_is_in_a_file_can_be_asked_about_but_not_be_read_out_of_it(life):
    life.approve()
    audience = Audience.other_side(MATCH, OTHER)
    told = life.ledger.may_be_told(Purpose.MATCH_PROPOSE, frozenset({Field.NEEDS}), audience, START)
    who = {"role": "mentor", "channel": Channel.PAGE, "request": "r-1", "at": START, "by": "mentor-1"}
    life.ledger.disclose(Purpose.MATCH_PROPOSE, told, audience, **who)
    file = life.exported()

    assert decide(file, asked_by(OTHER)).permit
    assert not decide(file, asked_by(UUID(int=11))).permit
    assert not decide(file, asked_by(OTHER, match=UUID(int=21))).permit
    assert str(PERSON) in json.dumps(file)
    assert not [each for each in (OTHER, MATCH) if str(each) in json.dumps(file)]
    (event,) = life.resources("AuditEvent")
    assert event["agent"][1]["who"]["identifier"]["value"] == handle(SALT, str(OTHER))


def test_two_files_do_not_name_anybody_by_the_same_handle(life):
    life.approve()
    one, other = life.exported(), life.exported(salt="a5" * 16)

    assert decide(one, asked_by(OTHER)).permit
    assert decide(other, asked_by(OTHER)).permit
    assert handle(SALT, str(OTHER)) in json.dumps(one)
    assert handle(SALT, str(OTHER)) not in json.dumps(other)


def test_a_name_that_a_consent_is_for_is_a_handle_too(life):
    contact = "c" * 64
    life.ledger.grant(Purpose.SAFE_SHARE, at=START, scope=Scope(named=contact), **WORD)
    file = life.exported()
    question = {"purpose": Purpose.SAFE_SHARE, "audience": "contact"}

    assert contact not in json.dumps(file)
    assert decide(file, replace(asked(named=contact, **question), field=Field.NAME)).permit
    assert not decide(file, replace(asked(named="d" * 64, **question), field=Field.NAME)).permit


def test_a_file_without_a_salt_is_not_decided_on(life):
    life.approve()
    file = life.exported()
    file["meta"]["extension"].pop()

    with pytest.raises(NotUnderstood, match="salt"):
        decide(file, asked_by(OTHER))


def test_a_block_is_a_consent_of_its_own_and_wins(life):
    life.approve()
    before = decide(life.exported(), asked_by(OTHER))
    life.block(OTHER)

    (block,) = [each for each in life.resources() if each["category"][0]["coding"][0]["code"] == codes.BLOCK]

    assert before == Answer(permit=True, obligations=frozenset({"handle-only", "no-passing-on"}))
    assert (block["status"], block["decision"], "provision" in block) == ("active", "deny", False)
    assert not decide(life.exported(), asked_by(OTHER)).permit


def test_a_block_that_was_lifted_bars_nobody(life):
    life.approve()
    life.block(OTHER)
    (block,) = life.ledger.blocks
    life.ledger.lift_block(block, at=START, by="member")

    assert decide(life.exported(), asked_by(OTHER)).permit


@pytest.mark.parametrize("found", [(), (OTHER,), (OTHER, UUID(int=11))])
def test_a_file_is_the_same_whomever_a_block_is_about(found):
    files = []
    for persons in ((UUID(int=12),), found):
        life = Life()
        life.approve()
        life.ledger.end_match(MATCH, at=START, by="member")
        life.block(*persons)
        files.append(life.exported())

    assert files[0] == files[1]


def test_somebody_who_is_known_later_does_not_show_in_a_file(life):
    life.block()
    before = life.resources()
    life.ledger.recognise({"a" * 64: [OTHER]}, at=START, by="system")

    assert life.resources() == before


def test_a_list_of_ids_finds_those_of_a_match_in_a_file_but_not_who_is_blocked(life):
    blocked, ids = UUID(int=11), [UUID(int=number) for number in range(30)]
    life.approve()
    life.block(blocked)
    file = json.dumps(life.exported())

    found = {each for each in ids if str(each) in file or handle(SALT, str(each)) in file}

    assert found == {PERSON, OTHER, MATCH}


def test_what_a_block_leaves_unsaid_is_not_decided_on(life):
    life.ledger.grant(NOTES, at=START, **WORD)
    life.block(OTHER)

    with pytest.raises(NotUnderstood, match="block"):
        decide(life.exported(), asked(person=str(OTHER)))


def test_a_block_of_somebody_unknown_forbids_nobody_else(life):
    life.ledger.grant(NOTES, at=START, **WORD)
    life.block()

    assert decide(life.exported(), asked()).permit


def test_what_a_delegate_consents_to_is_permitted_beside_what_the_person_did(life):
    speaking = {"evidence": "seen", "purposes": [NOTES], "expires_at": None, "at": START, "by": "coordinator-1"}
    delegate = life.ledger.request_standing(Giver.DELEGATE, "somebody", ["a" * 64], **speaking)
    life.ledger.confirm_standing(delegate, at=START, by="coordinator-2")
    life.ledger.grant(NOTES, at=START, scope=Scope(fields=frozenset({Field.AGE})), **WORD)
    word = Word(giver=Giver.DELEGATE, authority=delegate, witness="staff-1")
    life.ledger.grant(NOTES, method=Method.PAPER, at=START, by="coordinator-1", word=word)
    given = life.exported()
    life.ledger.end_standing(delegate, at=START, by="coordinator-1")

    assert decide(given, asked()).permit
    assert not decide(life.exported(), asked()).permit
    assert [each["status"] for each in life.resources()] == ["active", "entered-in-error"]


def test_nothing_is_permitted_while_it_is_frozen(life):
    life.ledger.grant(NOTES, at=START, **WORD)
    life.ledger.freeze(at=START, by="coordinator-1")
    frozen = life.exported()
    life.ledger.thaw(at=START, by="coordinator-2")

    assert not decide(frozen, asked()).permit
    assert decide(life.exported(), asked()).permit


def test_a_withdrawal_that_is_recorded_late_is_in_the_export_once_it_is_known(life):
    life.ledger.grant(NOTES, at=START, **WORD)
    word = Word(witness="staff-1", said_at=START + HOUR)
    life.ledger.withdraw(NOTES, at=START + DAY, method=Method.PAPER, by="coordinator-1", word=word)

    known, unknown = (life.exported(at=START + 2 * HOUR, known_at=position) for position in (2, 1))

    assert not decide(known, asked(at=START + 2 * HOUR)).permit
    assert decide(unknown, asked(at=START + 2 * HOUR)).permit


def test_a_disclosure_says_who_was_told_which_fields_on_which_consent(life):
    life.ledger.grant(NOTES, at=START, **WORD)
    audience = Audience.coordinators(UUID(int=100))
    told = life.ledger.may_be_told(NOTES, frozenset({Field.NEEDS, Field.AGE}), audience, START)
    life.ledger.disclose(
        NOTES, told, audience, role="coordinator", channel=Channel.PAGE, request="r-1", at=START, by="coordinator-1"
    )

    (event,) = life.resources("AuditEvent")

    subject, consent, request = event["entity"]
    assert [each["type"]["coding"][0]["code"] for each in subject["detail"]] == ["age", "needs"]
    assert consent["what"]["reference"] == f"urn:uuid:{life.resources()[0]['id']}"
    assert request["what"]["identifier"]["value"] == "r-1"
    assert event["agent"][1]["who"]["identifier"]["value"] == handle(SALT, "coordinator-1")
    assert not life.resources("AuditEvent", at=START - HOUR)


def test_what_was_told_in_an_emergency_rests_on_no_consent_and_names_no_recipient(life):
    asked_by, told_by = {"at": START, "by": "coordinator-1"}, {"at": START, "by": "coordinator-2"}
    about = {"recipient": "Ambulance of the Harbour", "reason": "They said goodbye."}
    emergency = life.ledger.request_emergency([Field.PHONE], **about, **asked_by)
    life.ledger.disclose_emergency(emergency, untold_because=None, lasts=HOUR, **told_by)

    (event,) = life.resources("AuditEvent")

    assert event["authorization"][0]["coding"][0]["code"] == "BTG"
    accounts = [handle(SALT, account) for account in ("coordinator-1", "coordinator-2")]
    assert [each["who"]["identifier"]["value"] for each in event["agent"]] == accounts
    assert not [said for said in about.values() if said in json.dumps(event)]


def test_an_export_has_no_empty_parts(life):
    assert "entry" not in life.exported()
    life.ledger.grant(NOTES, at=START, **WORD)
    life.ledger.grant(Purpose.MATCH_PROPOSE, at=START, **WORD)

    assert not [part for part in parts(life.exported()) if part in ([], {}, None, "")]


def test_what_is_no_fhir_is_refused(life):
    life.ledger.grant(NOTES, at=START, **WORD)
    file = life.exported()
    file["entry"][0]["resource"]["decision"] = ["deny"]

    with pytest.raises(ValidationError):
        validate(file)


def test_a_file_does_not_say_what_was_before_it(life):
    life.ledger.grant(NOTES, at=START, **WORD)

    with pytest.raises(NotUnderstood, match="later"):
        decide(life.exported(at=START + HOUR), asked())


@pytest.mark.parametrize("where", ["consent", "provision", "actor"])
def test_what_nobody_may_pass_over_is_not_passed_over(life, where):
    life.ledger.grant(NOTES, at=START, **WORD)
    file = life.exported()
    consent = file["entry"][0]["resource"]
    at = {"consent": consent, "provision": consent["provision"][0], "actor": consent["provision"][0]["actor"][0]}
    at[where]["modifierExtension"] = [{"url": "https://example.org/only-on-mondays", "valueBoolean": True}]

    with pytest.raises(NotUnderstood):
        decide(file, asked())


def test_a_provision_that_is_narrowed_in_an_unknown_way_is_not_decided_on(life):
    life.ledger.grant(NOTES, at=START, **WORD)
    file = life.exported()
    file["entry"][0]["resource"]["provision"][0]["dataPeriod"] = {"start": "2026-01-01"}

    with pytest.raises(NotUnderstood, match="dataPeriod"):
        decide(file, asked())


def test_a_nested_provision_turns_the_answer_round():
    purpose = {"purpose": [{"system": codes.PURPOSES, "code": NOTES}]}
    flat = {"decision": "deny", "provision": [purpose]}
    nested = {"decision": "deny", "provision": [{"provision": [purpose]}]}

    assert permits(flat, asked())
    assert not permits(nested, asked())
    assert permits(nested, asked(purpose=Purpose.STATS))
