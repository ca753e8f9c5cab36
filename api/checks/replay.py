"""Does a replay give what was so at any instant, on what was known at any other?

Every answer is compared with one that is counted out from the stored events by rules of its own: no fold, no facts, one
look through the list for each question.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from operator import itemgetter
from random import Random
from typing import Any, Final
from uuid import UUID

from api.auditing.replaying import Replay, replay, replay_of
from api.auditing.why import why
from api.checks.check import Check, Result
from api.checks.lives import LONGEST_LATE, Lives
from api.checks.people import AT, BY
from api.checks.read_models import digest
from api.checks.scratch import scratch_service
from domain.application import Alongside
from domain.consent import Channel, ConsentLedger, Method, Word
from domain.disclosing import Asked, Viewing
from domain.events import Entry, Event
from domain.purposes import TERMS, Field, Purpose

SEED: Final = 5
FULL_QUESTIONS: Final = 10_000
SMALL_QUESTIONS: Final = 300
FULL_PAIRS, FULL_TURNS = 100, 3_000
SMALL_PAIRS, SMALL_TURNS = 5, 100

Said = dict[Purpose, tuple[bool, frozenset[Field]]]
"""Of each purpose whether it was permitted, and which fields it covered."""
Question = tuple[UUID, datetime, int]
Answer = Callable[[Alongside, Sequence[Entry], datetime, int], Said]

_STEP: Final = timedelta(hours=12)
_NOBODY: Final = UUID(int=0)  # a ledger knows from its first event on whose it is
LATE: Final = "permitted on what was known; made after the member had withdrawn"


def run(server_url: str, full: bool) -> Result:  # noqa: FBT001 - the registry calls it by position
    """Let people speak at random, some of it written down later, and ask about random instants and positions."""
    pairs, turns = (FULL_PAIRS, FULL_TURNS) if full else (SMALL_PAIRS, SMALL_TURNS)
    questions = FULL_QUESTIONS if full else SMALL_QUESTIONS
    draw = Random(SEED)  # noqa: S311 - a test's luck
    with scratch_service(server_url, connections=4) as service:
        lives = Lives(service.alongside, draw, pairs, step=_STEP)
        for _ in range(turns):
            lives.go_on()
        service.projector.catch_up()
        followed = digest(service)
        service.projector.rebuild()
        same_tables = digest(service) == followed
        asked = [_question(lives, draw) for _ in range(questions)]
        wrong = _differences(lives.alongside, asked, _replayed)
        deaf = _differences(lives.alongside, asked, _knowing_all)
        literal = _differences(lives.alongside, asked, _by_the_day_of_writing)
        late = _late_withdrawal(lives.alongside, lives.people[0], monday=lives.now + LONGEST_LATE)
    return Result(
        figure=f"{questions:,} questions to ledgers of {2 * pairs:,} people (seed {SEED}): {wrong:,} answered "
        "otherwise than counted out; a telling before a late paper withdrawal is shown "
        f"{'as such' if late else 'WRONGLY'}; rebuilt read models are {'equal' if same_tables else 'DIFFERENT'}",
        kept=wrong == 0 and late and same_tables,
        control=f"a replay that knows everything at once differs in {deaf:,}, one that goes by the day of writing in "
        f"{literal:,}",
        control_caught=deaf > 0 and literal > 0,
    )


def _question(lives: Lives, draw: Random) -> Question:
    at = AT - LONGEST_LATE + (lives.now - AT + 2 * LONGEST_LATE) * draw.random()
    return draw.choice(lives.people), at, draw.randint(0, lives.alongside.log.head())


def _differences(alongside: Alongside, asked: Sequence[Question], answer: Answer) -> int:
    ledgers = {person: alongside.ledger_entries(person) for person in {person for person, _, _ in asked}}
    return sum(
        answer(alongside, ledgers[person], at, known_at) != counted_out(ledgers[person], at, known_at)
        for person, at, known_at in asked
    )


def _replayed(alongside: Alongside, entries: Sequence[Entry], at: datetime, known_at: int) -> Said:
    return _permitted(replay_of(alongside.ledger_of(_NOBODY, entries), entries, at, known_at))


def _knowing_all(alongside: Alongside, entries: Sequence[Entry], at: datetime, _: int) -> Said:
    return _replayed(alongside, entries, at, entries[-1].position)


def _by_the_day_of_writing(alongside: Alongside, entries: Sequence[Entry], at: datetime, known_at: int) -> Said:
    """Replay as if everything had been said when it took effect: only what did so by then is looked at."""
    return _replayed(alongside, [entry for entry in entries if entry.event.at <= at], at, known_at)


def _permitted(found: Replay) -> Said:
    return {purpose: (decision.permit, decision.fields) for purpose, decision in found.decisions.items()}


def counted_out(entries: Sequence[Entry], at: datetime, known_at: int) -> Said:
    """Give what was permitted, from a list of events: what was recorded by a position, and said by an instant."""
    return {purpose: _one(entries, purpose, at, known_at) for purpose in Purpose}


def _one(entries: Sequence[Entry], purpose: Purpose, at: datetime, known_at: int) -> tuple[bool, frozenset[Field]]:
    heard = [entry for entry in entries if entry.position <= known_at and _said(entry.event) <= at]
    yes = [
        (_said(entry.event), entry.version, entry.event)
        for entry in heard
        if isinstance(entry.event, ConsentLedger.Granted) and entry.event.purpose == purpose
    ]
    said, version, grant = max(yes, key=itemgetter(0, 1), default=(at, 0, None))
    if grant is None or any(isinstance(entry.event, ConsentLedger.Erased) for entry in heard):
        return False, frozenset()
    for entry in heard:
        if _is_against(entry.event, grant) and (entry.version > version or _said(entry.event) > said):
            return False, frozenset()
    if not max(said, grant.not_before or said) <= at < grant.expires_at:
        return False, frozenset()
    return True, TERMS[purpose].fields if grant.fields is None else frozenset(grant.fields)


def _is_against(event: Event, grant: ConsentLedger.Granted) -> bool:
    if isinstance(event, ConsentLedger.Revoked | ConsentLedger.Invalidated):
        return event.consent_id == grant.consent_id
    if isinstance(event, ConsentLedger.Refused | ConsentLedger.Withdrawn):
        return event.purpose == grant.purpose and event.named in {None, grant.named}
    return False


def _said(event: Any) -> datetime:
    said: datetime = getattr(event, "said_at", None) or event.at
    return said


def _late_withdrawal(alongside: Alongside, person: UUID, *, monday: datetime) -> bool:
    """Withdraw on paper on Monday, be looked at on Tuesday, and have it written down on Wednesday."""
    purpose, tuesday, wednesday = Purpose.COORD_NOTES, monday + timedelta(days=1), monday + timedelta(days=2)
    alongside.grant(person, purpose, method=Method.WEB, at=monday - timedelta(days=1), by=BY)
    (programme,) = alongside.programmes_of(person)
    asked = Asked.for_coordinators(programme, person, frozenset({Field.NEEDS}))
    with_notes = Asked(person, asked.fields, asked.audience, (purpose,))
    alongside.disclose([with_notes], Viewing(BY, "coordinator", Channel.PAGE, "late"), at=tuesday)
    told = alongside.ledger_entries(person)[-1].position
    word = Word(said_at=monday, witness="Ada")
    alongside.withdraw(person, purpose, method=Method.PAPER, word=word, at=wednesday, by=BY)

    def permits(known_at: int | None) -> bool:
        return replay(alongside, person, tuesday, known_at=known_at).decisions[purpose].permit

    verdict = why(alongside, told, lambda _: None).verdict
    return permits(told) and not permits(None) and verdict.words == LATE and verdict.then and not verdict.now


CHECK: Final = Check("replay", "Any instant can be replayed, on what was known at any other.", run)
