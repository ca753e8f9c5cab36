"""Do two people stay apart once one of them asked for it, and does nobody learn of it?"""

from typing import Any
from uuid import UUID

import psycopg
import pytest

from api.moment import Moment
from api.rounds import hold_round
from api.service import Service
from domain.consent import Audience, Channel, ConsentLedger, Ground, Method
from domain.contact import ContactDetails
from domain.disclosing import Asked, Viewing
from domain.errors import ConsentMissing, InvalidValue, PersonErased, UnknownBlock
from domain.fingerprints import Mark, fingerprint
from domain.identity import mentor_id, person_id
from domain.insist import insist
from domain.match import Match, MatchStatus
from domain.member import Member
from domain.mentor import Mentor
from domain.purposes import Field, Purpose
from tests.scenarios import (
    HARBOUR,
    a_mentor,
    approved_match,
    enrolled_member,
    enrolled_mentor,
    open_match,
    open_matches,
)

NUMBER, SAME_NUMBER = "+44 20 7946 0958", "020 79460958"
VIEWING = Viewing("member", "member", Channel.PAGE, "r1")


@pytest.fixture
def block(service: Service, moment: Moment) -> Any:
    def block(person: UUID, value: str, mark: Mark | None = None, **more: Any) -> ConsentLedger:
        return service.alongside.block(person, value, mark, method=Method.WEB, at=moment.at, by="member", **more)

    return block


@pytest.fixture
def barred(service: Service) -> Any:
    """The pairs of persons that no round may propose, as (member, mentor)."""

    def barred() -> set[tuple[UUID, UUID]]:
        pool = service.alongside.pool(service.alongside.programme(HARBOUR).id)
        return {(pool.members[one].person_id, pool.mentors[other].person_id) for one, other in pool.barred_pairs()}

    return barred


def proposed(service: Service, moment: Moment) -> list[tuple[UUID, UUID]]:
    held = hold_round(service.alongside, HARBOUR, moment, by="coordinator-1")
    pool = service.alongside.pool(held.outcome.pool.programme.id)
    return [(match.member_person_id, match.mentor_person_id) for match in pool.open_proposals().values()]


@pytest.mark.parametrize(
    "value", ["birch OWL 2", "Silva, Ana", "020 79460958", "ANA@example.org"], ids=["handle", "name", "phone", "email"]
)
def test_whoever_is_known_by_what_was_said_is_not_proposed(service, moment, block, barred, value):
    member = enrolled_member(service, moment)
    mentor = enrolled_mentor(service, moment, name="Ana Silva", phone=NUMBER, email="ana@example.org")

    block(member.person_id, value)

    assert barred() == {(member.person_id, mentor.person_id)}
    assert proposed(service, moment) == []


def test_without_a_block_the_same_two_are_proposed(service, moment):
    member, mentor = enrolled_member(service, moment), enrolled_mentor(service, moment)

    assert proposed(service, moment) == [(member.person_id, mentor.person_id)]


def test_a_mentor_can_block_a_member(service, moment, block):
    enrolled_member(service, moment)
    mentor = enrolled_mentor(service, moment)

    block(mentor.person_id, "Plum Raven 1")

    assert proposed(service, moment) == []


def test_a_value_that_fits_nobody_is_kept_and_bars_nobody(service, moment, block):
    member, mentor = enrolled_member(service, moment), enrolled_mentor(service, moment)

    ledger = block(member.person_id, "somebody@example.org")

    assert [found.marks for found in ledger.blocks.values()] == [(Mark.EMAIL,)]
    assert proposed(service, moment) == [(member.person_id, mentor.person_id)]


def test_nobody_blocks_themselves(service, moment, block):
    member = enrolled_member(service, moment)

    assert block(member.person_id, "Plum Raven 1").kept_away == frozenset()


@pytest.mark.parametrize("value", ["", "  ", "x" * 201])
def test_a_value_by_which_nobody_can_be_known_is_refused(service, moment, block, value):
    member = enrolled_member(service, moment)

    with pytest.raises(InvalidValue, match="six digits"):
        block(member.person_id, value)


def test_the_same_value_twice_is_one_block(service, moment, block):
    member = enrolled_member(service, moment)

    first = block(member.person_id, NUMBER)
    again = block(member.person_id, SAME_NUMBER)

    assert (again.version, len(again.blocks)) == (first.version, 1)


def test_a_block_voids_an_open_proposal_in_the_same_append(service, moment, block):
    match = open_match(service, moment)
    head = service.alongside.log.head()

    block(match.member_person_id, "Birch Owl 2")

    added = list(service.alongside.log.read(after=head))
    assert service.alongside.load(Match, match.id).status == MatchStatus.VOIDED
    assert len({entry.recorded_at for entry in added}) == 1
    assert {type(entry.event) for entry in added} >= {ConsentLedger.Blocked, Match.Voided, ConsentLedger.MatchEnded}


def test_a_block_closes_a_match_also_one_that_both_sides_accepted(service, moment, block):
    match = approved_match(service, moment)
    for person in (match.member_person_id, match.mentor_person_id):
        ledger = service.alongside.ledger(person)
        for side in ("member", "mentor"):
            ledger.accept(match.id, side, at=moment.at, by=side)
        service.alongside.save(ledger)

    block(match.member_person_id, "Birch Owl 2")

    assert service.alongside.load(Match, match.id).status == MatchStatus.CLOSED
    assert service.alongside.load(Member, match.member_id).match_id is None
    assert service.alongside.load(Mentor, match.mentor_id).caseload == {}


def test_a_block_leaves_matches_with_others_alone(service, moment, block):
    mentor = enrolled_mentor(service, moment)
    members = [enrolled_member(service, moment, ref=f"S-{number}", handle=f"Plum {number}") for number in (1, 2)]
    matches = open_matches(service, moment, [(member, mentor) for member in members])

    block(mentor.person_id, "Plum 1")

    found = [service.alongside.load(Match, match.id).status for match in matches]
    assert found == [MatchStatus.VOIDED, MatchStatus.PROPOSED]


def test_nothing_stands_in_the_others_ledger_but_that_a_match_ended(service, moment, block):
    match = open_match(service, moment)
    stranger = enrolled_mentor(service, moment, ref="T-2", handle="Alder Fox 3")
    before = len(service.alongside.ledger_entries(match.mentor_person_id))

    block(match.member_person_id, "Birch Owl 2")
    block(match.member_person_id, "Alder Fox 3")

    ledger = service.alongside.ledger_entries(match.mentor_person_id)
    assert [type(entry.event) for entry in ledger[before:]] == [ConsentLedger.MatchEnded]
    granted = [type(entry.event) for entry in service.alongside.ledger_entries(stranger.person_id)]
    assert granted == [ConsentLedger.Granted] * 2
    assert len(service.alongside.log.stream(mentor_id(stranger.person_id))) == 1


def test_somebody_who_comes_back_under_another_reference_is_known(service, moment, block):
    member = enrolled_member(service, moment)
    block(member.person_id, NUMBER)

    enrolled_mentor(service, moment, ref="T-99", handle="Quite Another", phone=SAME_NUMBER)

    assert proposed(service, moment) == []
    kinds = [type(entry.event) for entry in service.alongside.ledger_entries(member.person_id)]
    assert kinds[-1] == ConsentLedger.BlockMatched


def test_a_row_that_makes_a_matched_mentor_known_ends_the_match(service, moment, block):
    match = approved_match(service, moment)
    block(match.member_person_id, NUMBER)

    service.alongside.enrol(HARBOUR, [], [a_mentor(phone=SAME_NUMBER)], at=moment.at, by="administrator", revise=True)

    assert service.alongside.load(Match, match.id).status == MatchStatus.CLOSED


def test_a_mentor_who_changes_their_number_is_known_by_the_new_one(service, moment, block):
    match = approved_match(service, moment)
    block(match.member_person_id, NUMBER)

    contact = ContactDetails(phone=SAME_NUMBER)
    service.alongside.change_contact_details(match.mentor_person_id, contact, at=moment.at, by="mentor")

    assert service.alongside.load(Match, match.id).status == MatchStatus.CLOSED
    assert service.alongside.ledger(match.member_person_id).kept_away == {match.mentor_person_id}


def test_a_change_of_number_that_does_not_know_of_a_block_is_made_again(service, moment, monkeypatch, block):
    match = approved_match(service, moment)
    held = service.alongside.hold_against_blocks

    def blocked_meanwhile(*args, **kwargs):
        held(*args, **kwargs)
        monkeypatch.undo()
        block(match.member_person_id, NUMBER)

    monkeypatch.setattr(service.alongside, "hold_against_blocks", blocked_meanwhile)
    contact = ContactDetails(phone=NUMBER)
    service.alongside.change_contact_details(match.mentor_person_id, contact, at=moment.at, by="mentor")

    assert service.alongside.load(Match, match.id).status == MatchStatus.CLOSED


def test_whoever_was_known_once_stays_known_under_a_new_handle(service, moment, block):
    member, _ = enrolled_member(service, moment), enrolled_mentor(service, moment)
    block(member.person_id, "Birch Owl 2")

    service.alongside.enrol(
        HARBOUR, [], [a_mentor(handle="Another Bird")], at=moment.at, by="administrator", revise=True
    )

    assert proposed(service, moment) == []


def test_a_block_that_is_taken_off_bars_nobody_and_brings_nothing_back(service, moment, block):
    match = open_match(service, moment)
    (made,) = block(match.member_person_id, "Birch Owl 2").blocks

    service.alongside.lift_block(match.member_person_id, made, at=moment.at, by="member")

    assert service.alongside.load(Match, match.id).status == MatchStatus.VOIDED
    assert proposed(service, moment) == [(match.member_person_id, match.mentor_person_id)]


def test_a_block_that_is_not_there_cannot_be_taken_off(service, moment, block):
    member = enrolled_member(service, moment)
    (made,) = block(member.person_id, NUMBER).blocks
    service.alongside.lift_block(member.person_id, made, at=moment.at, by="member")

    with pytest.raises(UnknownBlock):
        service.alongside.lift_block(member.person_id, made, at=moment.at, by="member")


def test_one_of_two_blocks_on_the_same_person_is_enough(service, moment, block):
    member = enrolled_member(service, moment)
    enrolled_mentor(service, moment, phone=NUMBER)
    (made,) = block(member.person_id, NUMBER).blocks
    block(member.person_id, "Birch Owl 2")

    service.alongside.lift_block(member.person_id, made, at=moment.at, by="member")

    assert proposed(service, moment) == []


def test_newcomers_are_not_held_against_a_block_that_was_taken_off(service, moment, block):
    member = enrolled_member(service, moment)
    (made,) = block(member.person_id, NUMBER).blocks
    service.alongside.lift_block(member.person_id, made, at=moment.at, by="member")
    mentor = enrolled_mentor(service, moment, phone=NUMBER)

    assert service.alongside.programme(HARBOUR).blockers == set()
    assert proposed(service, moment) == [(member.person_id, mentor.person_id)]


def test_a_round_over_a_pool_read_before_the_block_leaves_the_pair_out(service, moment, block):
    member, _ = enrolled_member(service, moment), enrolled_mentor(service, moment)
    alongside = service.alongside
    read = alongside.pool
    calls = []

    def read_then_block(programme):
        pool = read(programme)
        if not calls:
            calls.append(block(member.person_id, "Birch Owl 2"))
        return pool

    alongside.pool = read_then_block
    assert (proposed(service, moment), len(calls)) == ([], 1)


@pytest.mark.parametrize("blocker", ["member", "mentor"])
def test_an_approval_looks_for_blocks_on_both_sides_and_does_not_say_what_it_found(
    service, moment, monkeypatch, block, blocker
):
    match = open_match(service, moment)
    monkeypatch.setattr("domain.blocks.settle", lambda *_, **__: None)  # as if the proposal had been left open
    person, value = {
        "member": (match.member_person_id, "Birch Owl 2"),
        "mentor": (match.mentor_person_id, "Plum Raven 1"),
    }[blocker]
    block(person, value)

    with pytest.raises(ConsentMissing, match="no longer available"):
        service.alongside.approve(match.id, at=moment.at, by="coordinator-1")


@pytest.mark.parametrize("blocker", ["viewer", "viewed"])
def test_the_two_are_told_nothing_of_each_other(service, moment, monkeypatch, block, blocker):
    match = approved_match(service, moment)
    member, mentor = match.member_person_id, match.mentor_person_id
    asked = Asked(mentor, frozenset({Field.LANGUAGES}), Audience.other_side(match.id, member), (Purpose.MATCH_PROPOSE,))
    before = service.alongside.disclose([asked], VIEWING, at=moment.at)
    monkeypatch.setattr("domain.blocks.settle", lambda *_, **__: None)  # as if the match had been left open
    person, value = {"viewer": (member, "Birch Owl 2"), "viewed": (mentor, "Plum Raven 1")}[blocker]
    block(person, value)

    assert before == {mentor: {Field.LANGUAGES}}
    assert service.alongside.disclose([asked], VIEWING, at=moment.at) == {mentor: frozenset()}


def test_an_import_that_does_not_know_of_a_block_does_not_go_in(service, moment, monkeypatch, block):
    member = enrolled_member(service, moment)
    held = service.alongside.hold_against_blocks

    def blocked_meanwhile(*args, **kwargs):
        held(*args, **kwargs)
        monkeypatch.undo()
        block(member.person_id, NUMBER)

    monkeypatch.setattr(service.alongside, "hold_against_blocks", blocked_meanwhile)

    def bring() -> None:
        service.alongside.enrol(HARBOUR, [], [a_mentor(phone=NUMBER)], at=moment.at, by="administrator")

    insist(bring, attempts=2)

    assert proposed(service, moment) == []


def test_a_block_holds_people_who_came_while_it_was_made(service, moment, monkeypatch, block):
    member = enrolled_member(service, moment)
    known_by = service.alongside._known_by

    def newcomer_meanwhile(*args):
        found = known_by(*args)
        monkeypatch.undo()
        enrolled_mentor(service, moment, phone=NUMBER)
        return found

    monkeypatch.setattr(service.alongside, "_known_by", newcomer_meanwhile)
    block(member.person_id, NUMBER)

    assert proposed(service, moment) == []


def test_an_erased_persons_blocks_hold_nobody_up(service, moment, block):
    member = enrolled_member(service, moment)
    block(member.person_id, NUMBER)
    service.alongside.request_erasure(member.person_id, Ground.OBJECTION, at=moment.at, by="coordinator-1")
    service.alongside.erase(member.programme_id, member.person_id, at=moment.at, by="coordinator-2")
    service.keys.erase([member.person_id], at=moment.at)

    mentor = enrolled_mentor(service, moment, phone=NUMBER)

    assert mentor.person_id == person_id(service.alongside.programme(HARBOUR).namespace, "T-1")
    assert service.alongside.ledger(member.person_id).kept_away == frozenset()
    with pytest.raises(PersonErased):
        block(member.person_id, NUMBER)


def test_whom_a_block_is_about_is_written_nowhere_in_the_clear(service, moment, block, database_url):
    member, mentor = enrolled_member(service, moment), enrolled_mentor(service, moment)
    head = service.alongside.log.head()

    block(member.person_id, "Birch Owl 2")

    with psycopg.connect(database_url) as connection:
        rows = connection.execute(
            "SELECT convert_from(state, 'UTF8') FROM eventlog.events WHERE notification_id > %s", (head,)
        ).fetchall()
    stored = "".join(state for (state,) in rows)
    secret = service.alongside.fingerprint_key(member.programme_id)
    assert str(member.person_id) in stored
    for told in (str(mentor.person_id), fingerprint(secret, Mark.HANDLE, "Birch Owl 2"), "Owl"):
        assert told not in stored
