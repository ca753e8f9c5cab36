"""Is an exported pool the problem that the next round solves, and does it tell no more than may be told?"""

import json
from dataclasses import replace
from uuid import UUID

import pytest

from api.draws import next_commitment
from api.exchange.handles import handle
from api.exchange.pool import export_pool
from api.rounds import hold_round
from domain.access import Actor
from domain.consent import Channel, ConsentLedger, Method, Scope
from domain.disclosing import Viewing
from domain.errors import ChangedMeanwhile
from domain.identity import member_id, mentor_id
from domain.purposes import CRITERIA, READABLE, Field, Purpose
from domain.round import Round
from domain.values import Boundary, LivedExperience
from matching.files import read_problem, written
from matching.solve import solve
from tests.scenarios import HARBOUR, enrolled_member, enrolled_mentor

VIEWING = Viewing("coordinator-1", Actor.COORDINATOR, Channel.EXPORT, "request-1")


@pytest.fixture
def pool(service, moment):
    """Six members and four mentors, of whom some may not meet, and many plans are equally good."""
    members = [enrolled_member(service, moment, ref=f"S-{n}", handle=f"Raven {n}", age=40 + n % 2) for n in range(5)]
    avoiding = {"boundaries": (Boundary("war"),), "lived_experience": (LivedExperience("exile", matchable=False),)}
    members.append(enrolled_member(service, moment, ref="S-9", handle="Finch 9", name="Ada Lovelace", **avoiding))
    mentors = [enrolled_mentor(service, moment, ref=f"T-{n}", handle=f"Owl {n}", capacity=1) for n in range(3)]
    mentors.append(
        enrolled_mentor(service, moment, ref="T-9", handle="Owl 9", lived_experience=(LivedExperience("war"),))
    )
    return members, mentors


def exported(service, moment):
    return read_problem(written(export_pool(service.alongside, HARBOUR, VIEWING, moment)))


def told(service, person):
    entries = service.alongside.ledger_entries(person)
    return [entry.event for entry in entries if isinstance(entry.event, ConsentLedger.Disclosed)]


@pytest.mark.usefixtures("pool")
def test_a_round_proposes_what_the_exported_pool_comes_to_with_its_seed(service, moment):
    commitment = next_commitment(service.alongside, HARBOUR).digest
    file = exported(service, moment)
    held = hold_round(service.alongside, HARBOUR, moment, by="coordinator-1")
    (entry,) = service.alongside.log.stream(held.round_id)

    solution = solve(replace(file, seed=entry.event.drawn.seed))

    proposed = {
        (handle(commitment, str(each.member)), handle(commitment, str(each.mentor))) for each in held.outcome.proposals
    }
    assert isinstance(entry.event, Round.Held)
    assert len(proposed) == 5
    assert set(solution.answer.assignment) == proposed
    assert solve(file).objective == solution.objective


@pytest.mark.usefixtures("pool")
def test_another_seed_draws_another_plan_as_good(service, moment):
    plans = {
        found.answer.assignment: found.objective
        for seed in map(str, range(8))
        if (found := solve(replace(exported(service, moment), seed=seed)))
    }

    assert len(plans) > 1
    assert len(set(map(str, plans.values()))) == 1


def test_the_file_has_no_id_name_reference_or_boundary(service, moment, pool):
    text = written(export_pool(service.alongside, HARBOUR, VIEWING, moment)).decode()
    people = [someone for side in pool for someone in side]
    secrets = {str(each.id) for each in people} | {str(each.person_id) for each in people}
    secrets |= {each.profile.ref for each in people} | {each.profile.handle for each in people}

    assert not [secret for secret in secrets | {"Lovelace", "exile"} if secret in text]
    assert all(not each["avoid_topics"] for each in json.loads(text)["members"])
    assert len(json.loads(text)["forbidden"]) == 1


def test_everybody_in_it_finds_in_their_ledger_what_was_told_to_whom(service, moment, pool):
    export_pool(service.alongside, HARBOUR, VIEWING, moment)

    for someone in (*pool[0], *pool[1]):
        (event,) = told(service, someone.person_id)
        assert (event.by, event.purpose, event.channel) == ("coordinator-1", Purpose.MATCH_CONSIDER, Channel.EXPORT)
        assert Field.BOUNDARIES not in event.fields
        assert set(event.fields) <= READABLE


def test_who_takes_their_consent_back_is_in_no_later_file(service, moment, pool):
    gone = pool[0][0]
    before = exported(service, moment)
    service.alongside.withdraw(gone.person_id, Purpose.MATCH_CONSIDER, method=Method.WEB, at=moment.at, by="member")
    after = exported(service, moment)

    assert {each.id for each in before.members} - {each.id for each in after.members} == {
        handle(next_commitment(service.alongside, HARBOUR).digest, str(gone.id))
    }
    assert len(told(service, gone.person_id)) == 1


def test_who_narrows_while_the_pool_is_read_makes_it_read_anew(service, moment, pool, monkeypatch):
    narrowing, disclose = pool[0][0], service.alongside.disclose

    def meanwhile(*asked, **how):
        scope = Scope(fields=CRITERIA - {Field.AGE})
        service.alongside.grant(
            narrowing.person_id, Purpose.MATCH_CONSIDER, scope=scope, method=Method.WEB, at=moment.at, by="member"
        )
        return disclose(*asked, **how)

    monkeypatch.setattr(service.alongside, "disclose", meanwhile)
    name = handle(next_commitment(service.alongside, HARBOUR).digest, str(narrowing.id))
    found = next(each for each in exported(service, moment).members if each.id == name)

    assert found.age is None


@pytest.mark.usefixtures("pool")
def test_a_pool_that_will_not_hold_still_is_not_told(service, moment, monkeypatch):
    monkeypatch.setattr(service.alongside, "disclose", lambda *_, **__: {})

    with pytest.raises(ChangedMeanwhile):
        export_pool(service.alongside, HARBOUR, VIEWING, moment)


def test_one_person_on_both_sides_has_two_handles_that_do_not_join(service, moment):
    member = enrolled_member(service, moment, ref="P-1")
    mentor = enrolled_mentor(service, moment, ref="P-1")
    assert member.person_id == mentor.person_id

    file = exported(service, moment)

    assert {member_id(member.person_id), mentor_id(mentor.person_id)} == {UUID(str(member.id)), UUID(str(mentor.id))}
    assert file.members[0].person != file.mentors[0].person
    assert file.barred == {(file.members[0].id, file.mentors[0].id)}
    (event,) = told(service, member.person_id)
    assert {Field.NEEDS, Field.OFFERS} <= set(event.fields)
