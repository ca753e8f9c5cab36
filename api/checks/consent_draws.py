"""What a made-up ledger is drawn from: a handful of people, names, purposes and times, so that things meet."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from domain.consent import ConsentLedger, Giver, Scope, Word, Wording
from domain.consent.history import Block, Minority, Standing
from domain.events import Event
from domain.purposes import TERMS, Purpose

PERSON: Final = UUID(int=1)
START: Final = datetime(2026, 3, 2, tzinfo=UTC)
HORIZON: Final = timedelta(days=60)
NAMES: Final = (str(UUID(int=100)), str(UUID(int=101)))
OTHERS: Final = (UUID(int=10), UUID(int=11))
MATCHES: Final = (UUID(int=20), UUID(int=21))
FINGERPRINTS: Final = ("a" * 64, "b" * 64)
WORDING: Final = Wording(UUID(int=30), 2, "en", "0" * 64)
# People write times down as they see them where they are; the same instant must have the same answer everywhere.
ZONES: Final = tuple(map(ZoneInfo, ("UTC", "America/New_York", "Australia/Lord_Howe")))
OFTEN: Final = 0.7
DAY: Final = timedelta(days=1)


SPEAKERS: Final = (Giver.GUARDIAN, Giver.DELEGATE)
_NOTED: Final[Mapping[Any, str]] = {
    Block: "blocks",
    Minority: "minorities",
    Standing: "standings",
}


class Noted(Event, frozen=True, kw_only=True):
    """A fact that is put into a ledger as it is, for this check alone."""

    TOPIC = "check.noted"
    person_id: UUID
    fact: Any

    def apply(self, aggregate: Any) -> None:
        """See `Event.apply`."""
        aggregate.note(self)
        fact = msgspec.structs.replace(self.fact, place=aggregate.place)
        getattr(aggregate.history, _NOTED[type(self.fact)]).append(fact)


def said_at(event: Event) -> datetime:
    """Give the instant from which what an event says is true."""
    if isinstance(event, Noted):
        said: datetime = event.fact.said
        return said
    return getattr(event, "said_at", None) or event.at


class Draws:
    """A ledger at some time of its life, and what comes next in it."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.ledger = ConsentLedger.of(PERSON)
        self.now: datetime = START
        self.purposes = random.sample(list(Purpose), 2)
        self.names = random.sample(NAMES, random.randint(1, 2))
        self.standings = [(UUID(int=50 + number), giver) for number, giver in enumerate((*SPEAKERS, *SPEAKERS))]
        self.recorded: set[UUID] = set()
        self.blocks: list[UUID] = []

    def when(self) -> Mapping[str, Any]:
        """Give when something is done, and by whom."""
        return {"at": self.now, "by": "check"}

    def fact(self, fact: Any) -> None:
        """Put a fact into the ledger."""
        self.ledger.record(Noted(person_id=PERSON, fact=fact, at=self.ledger.no_earlier(self.now), by="check"))

    def earlier(self) -> datetime | None:
        """Give when it was said, if that was before it is recorded."""
        if self.random.random() < 1 / 3:
            return (self.now - 12 * DAY * self.random.random()).astimezone(self.random.choice(ZONES))
        return None

    def said(self) -> datetime:
        """Give when it was said."""
        return self.earlier() or self.now

    def purpose(self) -> Purpose:
        """Draw a purpose."""
        return self.random.choice(self.purposes)

    def name(self) -> str:
        """Draw somebody by name."""
        return self.random.choice(self.names)

    def other(self) -> UUID:
        """Draw another person."""
        return self.random.choice(OTHERS)

    def match(self) -> UUID:
        """Draw a match."""
        return self.random.choice(MATCHES)

    def consent(self) -> UUID:
        """Draw a consent that was given."""
        grants = [grant for grants in self.ledger.history.grants.values() for grant in grants]
        return self.random.choice(grants).consent_id if grants else UUID(int=0)

    def scope(self, purpose: Purpose) -> Scope:
        """Draw how far a consent goes."""
        fields = sorted(TERMS[purpose].fields)
        some = frozenset(self.random.sample(fields, self.random.randint(1, len(fields))))
        may_be_unnamed = (None,) if TERMS[purpose].is_named else (None, None, None)
        return Scope(
            fields=self.random.choice((None, some)),
            named=self.random.choice((*self.names, *may_be_unnamed)),
            not_before=self.now + 6 * DAY * self.random.random() if self.random.random() < 1 / 5 else None,
            expires_at=self.random.choice((None, None, self.now + 15 * DAY * (1 + self.random.random()))),
        )

    def word(self) -> Word:
        """Draw on whose word: mostly the person's own."""
        known = [each for each in self.standings if each[0] in self.recorded] or self.standings
        authority, giver = self.random.choice((*[(None, Giver.SUBJECT)] * 3, *known))
        return Word(giver=giver, authority=authority, witness="staff-1", said_at=self.earlier(), wording=WORDING)
