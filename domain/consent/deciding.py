"""May this be told? The one place where that is decided, from a person's own ledger and nothing else.

Two clocks. `at` is when: what the person had said by then holds, also what was written down later. `known_at` is a
position of the log: only what stood there by then counts. So a withdrawal that was signed on Monday and recorded on
Wednesday shows Tuesday's disclosure as permitted on what was known, and as made after the member had withdrawn.

The default is no. A permit needs all of these, and names the events that made it so:

- the person is not erased, nothing is frozen, and no block stands between the two;
- the latest consent to this very purpose has begun, has not run out, and no refusal, withdrawal, revocation or
  invalidation ends it (`Stop.ends`). The person's own replaces all before it; that of somebody who speaks for them
  replaces what was given on the same standing, and counts beside what others gave: any one of them is enough;
- who gave it had standing then, and has it still, and is not recorded as harming the person. A minor's own yes counts
  as far as they may consent alone; otherwise it takes theirs and a guardian's, and both lapse on the day they come of
  age (in UTC);
- the field is among those that the consent covers and the purpose allows this kind of audience;
- the audience is the one that the consent names; and between the two sides of a match, what the purpose asks for has
  come about and the match has not ended.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from domain.consent.decision import Decision, Reason, State
from domain.consent.question import No, Question
from domain.consent.stream import PersonsLedger
from domain.consent.words import Audience, Giver
from domain.purposes import Field, Purpose


def decide(
    ledger: PersonsLedger,
    purpose: Purpose,
    field: Field,
    audience: Audience,
    at: datetime,
    known_at: int | None = None,
) -> Decision:
    """Decide whether a field of a person may be told to an audience for a purpose.

    `at` has an offset. `known_at` is a position of the log; without one, all of the ledger counts.
    """
    question = Question(ledger, purpose, at, known_at, audience.named)
    try:
        question.must_not_be_barred(audience.person)
        return question.first_that_permits(field, audience)
    except No as no:
        return question.denied(no)


def consent_at(
    ledger: PersonsLedger,
    purpose: Purpose,
    *,
    at: datetime,
    known_at: int | None = None,
    named: str | None = None,
    counterpart: UUID | None = None,
) -> Decision:
    """Say how a consent stands, whoever is to be told: what a person sees of it, and what an act relies on.

    This permits no telling: `decide` does. `counterpart` is the other person of a match that is only coming about.
    """
    question = Question(ledger, purpose, at, known_at, named, whoever=named is None)
    try:
        question.must_not_be_barred(counterpart)
        ways = question.ways()
    except No as no:
        return question.denied(no)
    fields = frozenset[Field]().union(*(question.covered(grants, None) for grants in ways))
    return question.permitted(ways[0], fields, [])


def own_word_at(ledger: PersonsLedger, purpose: Purpose, *, at: datetime, named: str | None = None) -> Reason:
    """Say where a person's own word on a purpose stands, whatever others say for them: `GIVEN`, or why not."""
    try:
        Question(ledger, purpose, at, None, named, whoever=named is None).said_by(Giver.SUBJECT)
    except No as no:
        return no.reason
    return Reason.GIVEN


def needs_guardian(ledger: PersonsLedger, at: datetime) -> bool:
    """Say whether a person is a minor at an instant who may not consent alone."""
    return Question(ledger, Purpose.MATCH_CONSIDER, at, None, None).needs_guardian()


def state_at(ledger: PersonsLedger, purpose: Purpose, *, at: datetime, known_at: int | None = None) -> State:
    """Give the state of a person's consent to a purpose."""
    decision = consent_at(ledger, purpose, at=at, known_at=known_at)
    if decision.grant is not None and decision.grant.supersedes is not None:
        return State.RENEWED
    return _STATES[decision.reason]


_STATES: Final = {
    Reason.GIVEN: State.GIVEN,
    Reason.NEVER_GIVEN: State.UNKNOWN,
    Reason.NOT_YET_GIVEN: State.UNKNOWN,
    Reason.ASKED: State.REQUESTED,
    Reason.DEFERRED: State.DEFERRED,
    Reason.REFUSED: State.REFUSED,
    Reason.WITHDRAWN: State.WITHDRAWN,
    Reason.ERASED: State.WITHDRAWN,
    Reason.REVOKED: State.REVOKED,
    Reason.FROZEN: State.REVOKED,
    Reason.EXPIRED: State.EXPIRED,
    Reason.CAME_OF_AGE: State.EXPIRED,
    Reason.INVALIDATED: State.INVALIDATED,
    Reason.NO_STANDING: State.INVALIDATED,
    Reason.GUARDIAN_NEEDED: State.REQUESTED,
}
