"""Telling somebody something of a person: decided from the ledger and recorded in it, before it is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.consent import Audience, Channel, ConsentLedger
from domain.considering import NEEDED_OF_MEMBERS, criteria
from domain.ending import LETS_COORDINATORS_READ
from domain.insist import insist
from domain.ledgers import INSISTENCE, Ledgers
from domain.purposes import Field, Purpose
from domain.together import Together


@dataclass(frozen=True)
class Asked:
    """What somebody asks to be told of one person. The purposes are tried in order, each for what is left."""

    person: UUID
    fields: frozenset[Field]
    audience: Audience
    purposes: tuple[Purpose, ...]

    @classmethod
    def for_coordinators(cls, programme: UUID, person: UUID, fields: frozenset[Field]) -> "Asked":
        """Ask for a coordinator of a programme."""
        return cls(person, fields, Audience.coordinators(programme), LETS_COORDINATORS_READ)


@dataclass(frozen=True)
class Viewing:
    """Who is told and how: an account or role, their role, the channel, and the one request that it is for."""

    by: str
    role: str
    channel: Channel
    request: str


class Disclosing(Ledgers):
    """The use case that everything which shows, sends or exports goes through."""

    def may_be_matched(self, programme: UUID, persons: Sequence[UUID], *, at: datetime) -> set[UUID]:
        """Give those of some members who agree to be matched, with what is needed for it."""
        together, judged = Together(self), self.read_clocks(at).judged
        together.read_ledgers(persons)
        return {each for each in persons if criteria(together.ledger(each), programme, judged) >= NEEDED_OF_MEMBERS}

    def disclose(self, asked: Sequence[Asked], viewing: Viewing, *, at: datetime) -> Mapping[UUID, frozenset[Field]]:
        """Give the fields of each person that may be told, once their ledgers say that they are.

        A person may be asked for once. What is not given here must not be shown.
        """
        clocks = self.read_clocks(at)

        def attempt() -> dict[UUID, frozenset[Field]]:
            together = Together(self)
            viewers = {each.audience.person for each in asked if each.audience.person is not None}
            together.read_ledgers([*(each.person for each in asked), *viewers])
            told = {
                each.person: frozenset[Field]()
                if _keeps_away(together, each)
                else _tell(together.ledger(each.person), each, viewing, clocks.takes_effect, clocks.judged)
                for each in asked
            }
            self.save(*together)
            return told

        return insist(attempt, attempts=INSISTENCE)


def _keeps_away(together: Together, asked: Asked) -> bool:
    """Say whether the one who asks does not want to meet the person. The person's own ledger decides the other way."""
    viewer = asked.audience.person
    return viewer is not None and asked.person in together.ledger(viewer).kept_away


def _tell(
    ledger: ConsentLedger, asked: Asked, viewing: Viewing, takes_effect: datetime, judged: datetime
) -> frozenset[Field]:
    told = frozenset[Field]()
    takes_effect = ledger.no_earlier(takes_effect)
    for purpose in asked.purposes:
        decisions = ledger.may_be_told(purpose, asked.fields - told, asked.audience, takes_effect, judged)
        if decisions:
            ledger.disclose(
                purpose,
                decisions,
                asked.audience,
                role=viewing.role,
                channel=viewing.channel,
                request=viewing.request,
                at=takes_effect,
                by=viewing.by,
            )
            told |= decisions.keys()
    return told
