"""A programme's pool as the problem that a round at this moment would solve, to be handed over.

It names people by the handles of the programme's next draw, tells no boundary (`matching.sealing`), and holds no more
than coordinators may be told of each of them, which is recorded in every ledger before anything leaves. The seed is not
in it: nobody knows it before the round.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Final
from uuid import UUID

from api.draws import commit
from api.moment import Moment
from api.rounds import Question, question_on
from domain.application import Alongside
from domain.consent import Audience
from domain.disclosing import Asked, Viewing
from domain.errors import ChangedMeanwhile
from domain.insist import insist
from domain.purposes import READABLE, Field, Purpose
from matching.problem import Problem
from matching.sealing import sealed

ATTEMPTS: Final = 3

OF_MEMBERS: Final = READABLE - {Field.OFFERS}
OF_MENTORS: Final = READABLE - {Field.NEEDS, Field.URGENCY, Field.WAITING_SINCE, Field.PREFERENCES}


def export_pool(alongside: Alongside, slug: str, viewing: Viewing, moment: Moment) -> Problem:
    """Give the problem, once it is recorded as told; everybody who entered it is told of, or nobody."""
    commit(alongside, slug, moment.at, viewing.by)
    return insist(partial(_attempt, alongside, slug, viewing, moment), attempts=ATTEMPTS)


def _attempt(alongside: Alongside, slug: str, viewing: Viewing, moment: Moment) -> Problem:
    pool = alongside.pool(alongside.programme(slug).id)
    question = question_on(pool, replace(moment, at=alongside.read_clocks(moment.at).judged))
    wanted = _fields(question)
    audience = Audience.coordinators(pool.programme.id)
    asked = [Asked(person, fields, audience, (Purpose.MATCH_CONSIDER,)) for person, fields in wanted.items()]
    if alongside.disclose(asked, viewing, at=moment.at) != wanted:
        raise ChangedMeanwhile("Somebody changed what they share while the pool was read. Ask again.")
    return sealed(question.problem)


def _fields(question: Question) -> Mapping[UUID, frozenset[Field]]:
    """Give what the problem tells of each person in it."""
    fields: dict[UUID, frozenset[Field]] = {}
    for person, of_them in _persons(question):
        told = question.pool.criteria(person, question.moment.at) & of_them
        fields[person] = fields.get(person, frozenset()) | told
    return fields


def _persons(question: Question) -> Iterator[tuple[UUID, frozenset[Field]]]:
    pool, ids = question.pool, question.ids
    yield from ((pool.members[ids[each.id]].person_id, OF_MEMBERS) for each in question.problem.members)
    yield from ((pool.mentors[ids[each.id]].person_id, OF_MENTORS) for each in question.problem.mentors)
