"""Made-up ledgers and questions to them: about consents that were given, and about anything else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final

import msgspec

from api.checks.consent_draws import DAY, HORIZON, MATCHES, NAMES, OFTEN, OTHERS, PERSON, START, ZONES, Noted, said_at
from api.checks.consent_lives import Lived, live
from domain.consent import Audience, ConsentLedger
from domain.consent.history import Minority
from domain.events import Entry, Event
from domain.purposes import TERMS, AudienceKind, Field, Purpose

_TICK: Final = timedelta(microseconds=1)


@dataclass(frozen=True)
class Question:
    """What is asked of a ledger."""

    purpose: Purpose
    field: Field
    audience: Audience
    at: datetime
    known_at: int | None


@dataclass(frozen=True)
class History:
    """A ledger, the events that made it, and questions to it."""

    ledger: ConsentLedger
    entries: Sequence[Entry]
    questions: Sequence[Question]


def history(random: Random, questions: int) -> History:
    """Make up a ledger and so many questions."""
    life = live(random)
    ledger = ConsentLedger.of(PERSON)
    for entry in life.entries:
        ledger.follow(entry)
    return History(ledger, life.entries, [_question(random, life, ledger) for _ in range(questions)])


def answerable(ledger: ConsentLedger, audience: Audience) -> Audience:
    """Give who asks, not as a person where that says who is kept away, unless as the other side of a match.

    Nobody asks so in the service, and an export does not answer it.
    """
    if audience.kind == AudienceKind.OTHER_SIDE or not ledger.history.blocks:
        return audience
    return msgspec.structs.replace(audience, match=None, person=None)


def _question(random: Random, life: Lived, ledger: ConsentLedger) -> Question:
    """Ask about a consent that was given, or about anything; often at an instant at which something changes."""
    entries = life.entries
    given = [entry.event for entry in entries if isinstance(entry.event, ConsentLedger.Granted)]
    about = random.choice(given) if given and random.random() < OFTEN else None
    purpose = random.choice(life.purposes) if about is None else about.purpose
    fields = sorted(TERMS[purpose].fields) if about is None or about.fields is None else about.fields
    kinds = list(TERMS[purpose].audiences)
    kind = random.choice([*kinds, *kinds, *kinds, random.choice(list(AudienceKind))])
    is_meeting = kind == AudienceKind.OTHER_SIDE or random.random() < 1 / 3
    number = random.randrange(len(OTHERS))
    names = (None, random.choice(NAMES), random.choice(life.names), *([] if about is None else [about.named] * 4))
    audience = Audience(
        kind=kind,
        named=random.choice(names),
        match=random.choice((MATCHES[number], random.choice(MATCHES))) if is_meeting else None,
        person=OTHERS[number] if is_meeting else None,
    )
    field = random.choice([*fields, *fields, random.choice(list(Field))])
    known_at = random.choice((None, None, random.choice(entries).position)) if entries else None
    at = _instant(random, entries).astimezone(random.choice(ZONES))
    return Question(purpose, field, answerable(ledger, audience), at, known_at)


def _instant(random: Random, entries: Sequence[Entry]) -> datetime:
    turns = [turn for entry in entries for turn in _turns(entry.event)]
    if turns and random.random() < 1 / 2:
        return random.choice(turns) + random.choice((-_TICK, timedelta(), _TICK))
    return START + (HORIZON + 10 * DAY) * random.random()


def _turns(event: Event) -> list[datetime]:
    found = [said_at(event), getattr(event, "expires_at", None), getattr(event, "not_before", None)]
    if isinstance(event, Noted):
        found.append(getattr(event.fact, "expires_at", None))
        if isinstance(event.fact, Minority):
            midnight = datetime.combine(event.fact.until, datetime.min.time(), UTC)
            found += [midnight, midnight - DAY / 8, midnight + DAY / 8]
    return [each for each in found if each is not None]
