"""How does a pool read to the optimiser when equals are drawn between? Everybody by a handle, and with a seed.

The handles of a draw are those of `api.exchange.handles` under its commitment, so they are known before the seed is and
hold for one round. Lots are drawn by them: whoever names people cannot give anybody a lucky name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import chain
from typing import Final, TypeVar
from uuid import UUID

from api.exchange.handles import handle
from domain.application import Alongside
from domain.draws import Commitment, Drawn, digest_of
from domain.errors import UnknownDraw
from domain.insist import insist
from domain.match import Match
from domain.pool import Pool
from domain.round import Round
from matching.lots import lot
from matching.problem import Member, Mentor, Problem

P = TypeVar("P", Member, Mentor)

_ATTEMPTS: Final = 3


def commit(alongside: Alongside, slug: str, at: datetime, by: str) -> None:
    """See to it that a programme has committed itself before its pool is read: those of the first versions have not."""
    programme = alongside.programme(slug)
    if programme.commitment is None:
        insist(partial(alongside.commit_seed, programme.id, at=at, by=by), attempts=_ATTEMPTS)


def next_commitment(alongside: Alongside, slug: str) -> Commitment:
    """Give what a programme has committed itself to for its next round."""
    found = alongside.programme(slug).commitment
    assert found is not None, "it was committed before its pool was read"
    return found


def commitment_of(pool: Pool) -> Commitment:
    """Give what the programme of a pool has committed itself to."""
    commitment = pool.programme.commitment
    assert commitment is not None, "a programme commits itself when it begins, and again with each round"
    return commitment


def draw(alongside: Alongside, pool: Pool) -> Drawn:
    """Open the commitment of a pool's programme for the round that is solved on it."""
    commitment = commitment_of(pool)
    return Drawn(number=commitment.number, secret=commitment.secret, root=alongside.log_root(pool.position))


def by_handles(problem: Problem, commitment: str, seed: str = "") -> Problem:
    """Give a problem with a handle for everybody in it, and a seed to draw by."""

    def renamed(someone: P) -> P:
        return replace(someone, id=handle(commitment, someone.id), person=handle(commitment, someone.person))

    def pairs(named: frozenset[tuple[str, str]]) -> frozenset[tuple[str, str]]:
        return frozenset((handle(commitment, member), handle(commitment, mentor)) for member, mentor in named)

    return replace(
        problem,
        members=tuple(map(renamed, problem.members)),
        mentors=tuple(map(renamed, problem.mentors)),
        barred=pairs(problem.barred),
        kept=pairs(problem.kept),
        pins=tuple((handle(commitment, member), handle(commitment, mentor)) for member, mentor in problem.pins),
        seed=seed,
    )


def ids_by_handle(problem: Problem, commitment: str) -> Mapping[str, UUID]:
    """Give whom the handles of a problem stand for, by the problem as it was before."""
    ids = chain((member.id for member in problem.members), (mentor.id for mentor in problem.mentors))
    return {handle(commitment, each): UUID(each) for each in ids}


@dataclass(frozen=True)
class OwnDraw:
    """How one match was drawn; `member` and `mentor` are the two names in the round's problem, `lot` is that of both.

    Of equally good plans the one was proposed whose lots add up to most, after those that keep most earlier proposals.
    """

    round: int
    draw: int
    digest: str
    secret: str
    root: str
    pool_position: int
    seed: str
    member: str
    mentor: str
    lot: str


def own_draw(alongside: Alongside, match: Match) -> OwnDraw:
    """Give how a match was drawn in the round that proposed it last. Raises `UnknownDraw`."""
    held = next(
        (entry.event for entry in alongside.log.stream(match.round_id) if isinstance(entry.event, Round.Held)), None
    )
    if held is None or held.drawn is None:
        raise UnknownDraw("This match was not drawn by a seed that was committed to.")
    drawn, digest = held.drawn, digest_of(held.drawn.secret)
    member, mentor = handle(digest, str(match.member_id)), handle(digest, str(match.mentor_id))
    return OwnDraw(
        round=held.number,
        draw=drawn.number,
        digest=digest,
        secret=drawn.secret,
        root=drawn.root,
        pool_position=held.position,
        seed=drawn.seed,
        member=member,
        mentor=mentor,
        lot=str(lot(drawn.seed, member, mentor)),
    )
