"""Made-up people who say yes and no at random, are matched or not, and are looked at by everybody who may ask."""

from contextlib import suppress
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID

from api.checks.people import AT, BY, contests
from domain.application import Alongside
from domain.consent import Audience, Channel, Method, Scope, Word
from domain.disclosing import Asked, Viewing
from domain.errors import DomainError
from domain.match import Match
from domain.purposes import TERMS, AudienceKind, Field, Purpose
from domain.together import Together

STUDY: Final = "study 7"
LONGEST_LATE: Final = timedelta(days=20)

_AT_ONCE: Final = 50
_APPROVED, _ACCEPTED = 0.7, 0.6
_LATE, _SOME_FIELDS, _SHORTER = 0.3, 0.5, 0.5


class Lives:
    """People of a log, in pairs: some only proposed to each other, some approved, some who both accepted.

    `step` is the longest time from one turn to the next.
    """

    def __init__(self, alongside: Alongside, draw: Random, pairs: int, *, step: timedelta) -> None:
        self.alongside, self._draw, self._step = alongside, draw, step
        self.now = AT
        self._matches: dict[UUID, Match] = {}
        for begun in range(0, pairs, _AT_ONCE):
            for contest in contests(alongside, min(_AT_ONCE, pairs - begun), members=1):
                self._bring_together(contest.matches[0])
        self.people: list[UUID] = list(self._matches)

    def go_on(self) -> None:
        """Let time pass, and some people say something."""
        self.now += self._step * self._draw.random()
        for _ in range(self._draw.randint(0, 2)):
            with suppress(DomainError):
                self._speak(self._draw.choice(self.people))

    def asked(self, people: int) -> list[Asked]:
        """Give what somebody asks of so many people at once."""
        kind = self._draw.choice(list(AudienceKind))
        purposes = [purpose for purpose in Purpose if kind in TERMS[purpose].audiences]
        self._draw.shuffle(purposes)
        fields = self._draw.sample(list(Field), self._draw.randint(3, len(Field)))
        return [
            Asked(person, frozenset(fields), self._audience(kind, person), tuple(purposes))
            for person in self._draw.sample(self.people, people)
        ]

    def viewing(self, number: int) -> Viewing:
        """Give who asks, for the request of this number."""
        channel = self._draw.choice((Channel.PAGE, Channel.API, Channel.COMMAND, Channel.EXPORT))
        return Viewing("coordinator-1", "coordinator", channel, f"request-{number}")

    def _audience(self, kind: AudienceKind, person: UUID) -> Audience:
        match = self._matches[person]
        other = match.member_person_id if person == match.mentor_person_id else match.mentor_person_id
        if kind is AudienceKind.OTHER_SIDE:
            return Audience.other_side(match.id, other)
        return Audience(kind=kind, named=_named(kind, match.programme_id))

    def _bring_together(self, match_id: UUID) -> None:
        match = Match.replay(match_id, self.alongside.log.stream(match_id))
        persons = match.member_person_id, match.mentor_person_id
        self._matches |= dict.fromkeys(persons, match)
        if self._draw.random() > _APPROVED:
            return
        self.alongside.approve(match_id, at=AT, by=BY)
        if self._draw.random() < _ACCEPTED:
            together = Together(self.alongside)
            for person in persons:
                for side in ("member", "mentor"):
                    together.ledger(person).accept(match_id, side, at=AT, by=BY)
            self.alongside.save(*together)

    def _speak(self, person: UUID) -> None:
        """Say yes or no, on the web or on paper that is written down days later."""
        purpose = self._draw.choice(list(Purpose))
        late = self._draw.random() < _LATE
        said_at = self.now - LONGEST_LATE * self._draw.random() if late else None
        method, word = (Method.PAPER, Word(witness="Ada", said_at=said_at)) if late else (Method.WEB, Word())
        how: dict[str, Any] = {"method": method, "word": word, "at": self.now, "by": BY}
        match self._draw.choice(("grant", "grant", "grant", "refuse", "withdraw")):
            case "grant":
                self.alongside.grant(person, purpose, scope=scope_of(self._draw, purpose, said_at or self.now), **how)
            case "refuse":
                self.alongside.refuse(person, purpose, **how)
            case _:
                self.alongside.withdraw(person, purpose, **how)


def scope_of(draw: Random, purpose: Purpose, said_at: datetime) -> Scope:
    """Draw how far a consent goes that is said at an instant."""
    fields = sorted(TERMS[purpose].fields)
    begins = said_at + timedelta(days=draw.choice((0, 0, 0, 3)))
    return Scope(
        fields=frozenset(draw.sample(fields, draw.randint(1, len(fields)))) if draw.random() < _SOME_FIELDS else None,
        named=STUDY if TERMS[purpose].is_named else None,
        not_before=begins if begins > said_at else None,
        expires_at=begins + timedelta(days=draw.randint(1, 200)) if draw.random() < _SHORTER else None,
    )


def _named(kind: AudienceKind, programme: UUID) -> str | None:
    if kind in {AudienceKind.COORDINATORS, AudienceKind.OPTIMISER}:
        return str(programme)
    return STUDY if kind in {AudienceKind.STUDY, AudienceKind.ORGANISATION, AudienceKind.CONTACT} else None
