"""Recording a round: what the optimiser made of a pool becomes proposals, unless the pool has moved on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from domain.clocks import Reading
from domain.consent import MATCH_PROPOSED, ConsentLedger
from domain.considering import criteria
from domain.draft import Draft
from domain.draws import Drawn, NewSecret, digest_of
from domain.ending import leave_ledgers
from domain.errors import ChangedMeanwhile, ConsentMissing
from domain.explanation import Explanation
from domain.match import Match
from domain.pool import Pool
from domain.programme import Programme
from domain.purposes import Purpose
from domain.round import Findings, Round
from domain.store import Store, must_be_at
from domain.together import Together

ROUND_NEEDS: Final = (Purpose.MATCH_CONSIDER,)


@dataclass(frozen=True)
class Proposal:
    """A pair that the optimiser came to, and why."""

    member: UUID
    mentor: UUID
    fit: int
    explanation: Explanation


@dataclass(frozen=True)
class Adopts:
    """A draft that becomes the round, at the version at which it was solved."""

    draft_id: UUID
    version: int


@dataclass(frozen=True)
class Outcome:
    """What the optimiser made of a pool; `waiting` says of each member who was not proposed why.

    `drawn` is what the seed was made from, none where nothing was drawn; `judged_at` is when consents were looked at.
    """

    pool: Pool
    today: date
    findings: Findings
    proposals: Sequence[Proposal]
    waiting: Mapping[UUID, str]
    drawn: Drawn | None = None
    judged_at: datetime | None = None
    adopts: Adopts | None = None


class Recording:
    """One attempt to record an outcome: everything that it touches is read anew, then saved in one append."""

    def __init__(self, store: Store, outcome: Outcome, clocks: Reading, by: str, new_secret: NewSecret) -> None:
        self._store, self._outcome, self._clocks, self._by = store, outcome, clocks, by
        self._new_secret = new_secret
        self._together = Together(store)

    def read(self) -> None:
        """Read what the round stands on. Raises `ChangedMeanwhile` if a round was held or a proposal decided since."""
        pool = self._outcome.pool
        was_open = {match.id: match.version for match in pool.open_proposals().values()}
        self._together.load_all(Match, was_open)
        programme = self._together.load(Programme, pool.programme.id)
        if programme.version != pool.programme.version or any(
            self._together.load(Match, match).version != version for match, version in was_open.items()
        ):
            raise ChangedMeanwhile("Another round or a decision came in between. Hold the round again.")
        adopts = self._outcome.adopts
        if adopts is not None:
            must_be_at(self._together.load(Draft, adopts.draft_id), adopts.version)

    def save(self) -> tuple[UUID, list[Match]]:
        """Record the round on what was read; give its id and its proposals. Raises `ChangedMeanwhile`."""
        pool, at, by = self._outcome.pool, self._clocks.takes_effect, self._by
        programme = self._together.load(Programme, pool.programme.id)
        number, round_id = programme.hold_round(at=at, by=by)
        if self._outcome.drawn is not None:
            _must_be_committed(programme, self._outcome.drawn)
            programme.commit_seed(self._new_secret(), at=at, by=by)
        still_open = {pair: self._together.load(Match, match.id) for pair, match in pool.open_proposals().items()}
        persons = {
            person
            for proposal in self._outcome.proposals
            for person in (pool.members[proposal.member].person_id, pool.mentors[proposal.mentor].person_id)
        }
        persons |= {
            person for match in still_open.values() for person in (match.member_person_id, match.mentor_person_id)
        }
        self._together.read_ledgers(persons)
        matches = [
            match
            for proposal in self._outcome.proposals
            if (match := self._propose(round_id, proposal, still_open)) is not None
        ]
        for match in still_open.values():
            match.replace(round_id, at=at, by=by)
            leave_ledgers(self._together, match, at=at, by=by)
        adopts = self._outcome.adopts
        if adopts is not None:
            self._together.load(Draft, adopts.draft_id).adopt(round_id, at=at, by=by)
        held = Round(round_id)
        held.record(
            Round.Held(
                programme_id=programme.id,
                number=number,
                today=self._outcome.today,
                position=pool.position,
                policy_version=programme.policy_version,
                findings=self._outcome.findings,
                matches=tuple(match.id for match in matches),
                waiting=dict(self._outcome.waiting),
                drawn=self._outcome.drawn,
                judged_at=self._outcome.judged_at,
                draft_id=None if adopts is None else adopts.draft_id,
                at=at,
                by=by,
            ),
        )
        self._store.save(programme, held, *self._together)
        return round_id, matches

    def _propose(self, round_id: UUID, proposal: Proposal, still_open: dict[tuple[UUID, UUID], Match]) -> Match | None:
        """Give the proposal of a pair, new or once more, and none if one of the two no longer consents."""
        pool, at, by = self._outcome.pool, self._clocks.takes_effect, self._by
        member, mentor = pool.members[proposal.member], pool.mentors[proposal.mentor]
        known = still_open.get((proposal.member, proposal.mentor))
        match = known or Match.propose(
            round_id, member, mentor, fit=proposal.fit, explanation=proposal.explanation, at=at, by=by
        )
        try:
            self._rely_on_both(match)
        except ConsentMissing:
            return None
        if known is not None:
            del still_open[proposal.member, proposal.mentor]
            known.propose_again(round_id, proposal.fit, proposal.explanation, at=at, by=by)
        return self._together.put(match)

    def _rely_on_both(self, match: Match) -> None:
        member, mentor = match.member_person_id, match.mentor_person_id
        sides = ((self._together.ledger(member), mentor), (self._together.ledger(mentor), member))
        for ledger, other in sides:
            ledger.live_consents(ROUND_NEEDS, at=self._clocks.judged, counterpart=other)
            self._must_still_tell(ledger)
        for ledger, other in sides:
            ledger.rely_on(
                ROUND_NEEDS,
                act=MATCH_PROPOSED,
                reference=match.id,
                counterpart=other,
                at=self._clocks.takes_effect,
                judged_at=self._clocks.judged,
                by=self._by,
            )

    def _must_still_tell(self, ledger: ConsentLedger) -> None:
        """What the optimiser was told of a person is what it may still be told."""
        pool, at = self._outcome.pool, self._clocks.judged
        if not criteria(ledger, pool.programme.id, at) >= pool.criteria(ledger.person_id, at):
            raise ConsentMissing("Less may be told than was told when the round was held.")


def _must_be_committed(programme: Programme, drawn: Drawn) -> None:
    """A round draws by the secret that its programme has committed itself to, and by no other."""
    commitment = programme.commitment
    assert commitment is not None, "whoever drew had a commitment to draw by"
    assert (commitment.number, commitment.digest) == (drawn.number, digest_of(drawn.secret)), "it was drawn by another"
