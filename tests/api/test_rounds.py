"""Does the optimiser learn no more of people than they ticked?"""

from dataclasses import asdict
from typing import Any

import pytest

from api.moment import Moment
from api.rounds import hold_round, problem_of
from api.service import Service
from domain.consent import Method, Scope
from domain.member import Member
from domain.mentor import Mentor
from domain.purposes import CRITERIA, Field, Purpose
from domain.values import Boundary, Facet, LivedExperience, Need, Preferences, Urgency
from tests.scenarios import enrolled_member, enrolled_mentor

SAID = {
    "lived_experience": (LivedExperience("grief"), LivedExperience("exile", matchable=False)),
    "boundaries": (Boundary("war"),),
    "gender": "woman",
    "age": 44,
}
UNKNOWN: dict[Field, dict[str, Any]] = {
    Field.LIVED_EXPERIENCE: {"lived_experience": frozenset(), "matchable": frozenset()},
    Field.GENDER: {"gender": None},
    Field.AGE: {"age": None},
}


@pytest.fixture
def member(service: Service, moment: Moment) -> Member:
    needs = (Need("housing", Facet.PRACTICAL, Urgency.URGENT),)
    return enrolled_member(service, moment, needs=needs, preferences=Preferences("woman"), **SAID)


@pytest.fixture
def mentor(service: Service, moment: Moment) -> Mentor:
    return enrolled_mentor(service, moment, **SAID)


def tick(service: Service, moment: Moment, someone: Member | Mentor, *fields: Field) -> None:
    service.alongside.grant(
        someone.person_id,
        Purpose.MATCH_CONSIDER,
        scope=Scope(fields=frozenset(fields)),
        method=Method.WEB,
        at=moment.at,
        by="member",
    )


def asked(service: Service, moment: Moment, someone: Member | Mentor) -> dict[str, Any] | None:
    """What a problem says of somebody, if they enter it."""
    pool = service.alongside.pool(someone.programme_id)
    problem = problem_of(pool, pool.waiting(moment.at)[0], pool.available(moment.at, moment.today)[0], moment)
    return next((asdict(each) for each in (*problem.members, *problem.mentors) if each.id == str(someone.id)), None)


@pytest.mark.parametrize(
    ("field", "unknown"),
    [*UNKNOWN.items(), (Field.URGENCY, {"urgency": "routine"}), (Field.WAITING_SINCE, {"waiting_since": "today"})],
)
def test_what_a_member_did_not_tick_is_as_if_they_had_not_said_it(
    service: Service, moment: Moment, member: Member, field: Field, unknown: dict[str, Any]
) -> None:
    before = asked(service, moment, member)
    tick(service, moment, member, *CRITERIA - {field})
    after = asked(service, moment, member)
    expected = {name: moment.today if value == "today" else value for name, value in unknown.items()}

    assert before is not None
    assert all(before[name] != value for name, value in expected.items())
    assert after == before | expected


@pytest.mark.parametrize(("field", "unknown"), UNKNOWN.items())
def test_what_a_mentor_did_not_tick_is_as_if_they_had_not_said_it(
    service: Service, moment: Moment, mentor: Mentor, field: Field, unknown: dict[str, Any]
) -> None:
    before = asked(service, moment, mentor)
    tick(service, moment, mentor, *CRITERIA - {field})

    assert before is not None
    assert asked(service, moment, mentor) == before | unknown


@pytest.mark.parametrize("field", sorted(CRITERIA))
def test_who_does_not_tick_what_is_needed_is_left_out_for_want_of_consent(
    service: Service, moment: Moment, member: Member, mentor: Mentor, field: Field
) -> None:
    for someone in (member, mentor):
        tick(service, moment, someone, *CRITERIA - {field})
    pool = service.alongside.pool(member.programme_id)
    is_needed = {
        "member": field not in {*UNKNOWN, Field.URGENCY, Field.WAITING_SINCE, Field.OFFERS},
        "mentor": field not in {*UNKNOWN, Field.URGENCY, Field.WAITING_SINCE, Field.NEEDS, Field.PREFERENCES},
    }

    assert (pool.waiting(moment.at)[1]["consent"], pool.available(moment.at, moment.today)[1]["consent"]) == (
        is_needed["member"],
        is_needed["mentor"],
    )


def test_a_consent_for_another_programme_lets_nobody_into_this_ones_rounds(
    service: Service, moment: Moment, member: Member
) -> None:
    alongside, person = service.alongside, member.person_id
    alongside.withdraw(person, Purpose.MATCH_CONSIDER, method=Method.WEB, at=moment.at, by="member")
    scope = Scope(named="elsewhere")
    alongside.grant(person, Purpose.MATCH_CONSIDER, scope=scope, method=Method.WEB, at=moment.at, by="member")

    assert asked(service, moment, member) is None


def test_who_narrows_while_a_round_is_solved_is_not_proposed(
    service: Service, moment: Moment, member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrolled_mentor(service, moment, ref="T-2", gender="woman")
    hold = service.alongside.hold_round

    def meanwhile(*args: Any, **how: Any) -> Any:
        tick(service, moment, member, *CRITERIA - {Field.AGE})
        return hold(*args, **how)

    before = hold_round(service.alongside, "harbour", moment, by="coordinator-1")
    monkeypatch.setattr(service.alongside, "hold_round", meanwhile)
    after = hold_round(service.alongside, "harbour", moment, by="coordinator-1")

    assert (before.proposals, after.proposals) == (1, 0)
