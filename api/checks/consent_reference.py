"""A second opinion on what may be told: the rules of `domain.consent.deciding` once more, from its words alone.

It goes through all that was ever said for every question, and takes every rule by itself. `without` leaves one rule
out: the answers must then differ somewhere, or nothing shows that the rule was ever tried.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from itertools import product
from typing import Any, Final, NamedTuple
from uuid import UUID

from api.checks.consent_histories import History, Question
from domain.consent import MATCH_APPROVED, ConsentLedger, Giver
from domain.consent.history import Fact, Minority
from domain.purposes import TERMS, AudienceKind, Condition


class Rule(StrEnum):
    """What can be left out."""

    KNOWN_AT = "what is not known yet does not count"
    SAID_AT = "a word counts from when it was said"
    ERASED = "of the erased nothing is told"
    FROZEN = "what is frozen is not told"
    BLOCKED = "a block stands between two people"
    LIFTED = "a block that was lifted does not"
    OWN_PURPOSE = "no purpose implies another"
    REPLACED = "a consent replaces the giver's own before it, and the person's any"
    BEGUN = "a consent begins"
    ENDS = "a consent runs out"
    REFUSED = "a refusal ends a consent"
    WITHDRAWN = "a withdrawal does"
    REVOKED = "a revocation does"
    INVALIDATED = "an invalidation does"
    NO_OF_OTHERS = "who speaks for somebody takes back only what they gave"
    NO_BY_NAME = "a no by name is about those named"
    STANDING = "who speaks for somebody has standing"
    STANDING_ENDED = "standing may be taken back"
    STANDING_EXPIRED = "standing runs out"
    HARMED = "who harms has no standing"
    GUARDIAN = "a minor needs a guardian's yes as well"
    CAME_OF_AGE = "what was said before coming of age lapses"
    FIELD = "only what is covered is told"
    KIND = "only the purpose's audiences are told"
    NAMED = "only whom the consent names is told"
    APPROVED = "the match of the two was approved"
    ACCEPTED = "both accepted where that is asked"
    MATCH_ENDED = "the match has not ended"


class Said(NamedTuple):
    """Something that was said: when, and as which event of the ledger."""

    at: datetime
    version: int
    event: Any


_NOES: Final = {
    ConsentLedger.Refused: Rule.REFUSED,
    ConsentLedger.Withdrawn: Rule.WITHDRAWN,
    ConsentLedger.Revoked: Rule.REVOKED,
    ConsentLedger.Invalidated: Rule.INVALIDATED,
}


class Reference:
    """One question to one ledger."""

    def __init__(self, history: History, question: Question, without: Rule | None = None) -> None:
        self.question, self.without, self.at = question, without, question.at.astimezone(UTC)
        self.facts = history.ledger.history
        known = [
            entry
            for entry in history.entries
            if without == Rule.KNOWN_AT or question.known_at is None or entry.position <= question.known_at
        ]
        said = [Said(self._said_at(entry.event), entry.version, entry.event) for entry in known]
        self.said = [each for each in said if each.at <= self.at]

    def permits(self) -> bool:
        """Say whether it may be told."""
        if self._is_barred():
            return False
        together = product(*(self._consents(givers) for givers in self._who_must_consent()))
        return any(self._covers(consents) and self._has_come_about(consents) for consents in together)

    def _said_at(self, event: Any) -> datetime:
        late = None if self.without == Rule.SAID_AT else getattr(event, "said_at", None)
        at: datetime = late or event.at
        return at

    def _drops(self, rule: Rule) -> bool:
        return self.without == rule

    def _all(self, kind: type[Any]) -> list[Said]:
        return [each for each in self.said if isinstance(each.event, kind)]

    def _true(self, facts: Sequence[Any]) -> list[Any]:
        return [fact for fact in facts if self._is_true(fact)]

    def _is_true(self, fact: Fact) -> bool:
        known_at = None if self._drops(Rule.KNOWN_AT) else self.question.known_at
        return fact.said <= self.at and (known_at is None or fact.place.position <= known_at)

    def _is_barred(self) -> bool:
        freezes = self._true(self.facts.freezes)
        is_erased = bool(self._all(ConsentLedger.Erased)) and not self._drops(Rule.ERASED)
        is_frozen = bool(freezes) and freezes[-1].is_on and not self._drops(Rule.FROZEN)
        return is_erased or is_frozen or (self._is_blocked() and not self._drops(Rule.BLOCKED))

    def _is_blocked(self) -> bool:
        blocks = self._true(self.facts.blocks)
        lifted = {block.block_id for block in blocks if block.is_lifted and not self._drops(Rule.LIFTED)}
        other = self.question.audience.person
        return any(other in block.persons and block.block_id not in lifted for block in blocks)

    def _minority(self) -> Minority | None:
        known: list[Minority] = self._true(self.facts.minorities)
        return None if not known or known[-1].alone else known[-1]

    def _who_must_consent(self) -> list[set[Giver]]:
        minority = self._minority()
        if minority is None or self.at.date() >= minority.until:
            return [{Giver.SUBJECT, Giver.DELEGATE}]
        return [{Giver.SUBJECT}] if self._drops(Rule.GUARDIAN) else [{Giver.SUBJECT}, {Giver.GUARDIAN}]

    def _consents(self, givers: set[Giver]) -> list[Said]:
        """Give the consents by these that count."""
        found = [
            each
            for each in self._all(ConsentLedger.Granted)
            if each.event.giver in givers
            and (each.event.purpose == self.question.purpose or self._drops(Rule.OWN_PURPOSE))
            and (each.event.named in {None, self.question.audience.named} or self._drops(Rule.NAMED))
        ]
        return [
            each
            for each in found
            if not any(self._replaces(later, each) for later in found)
            and self._lasts(each)
            and not self._is_ended(each)
            and self._was_of_age(each)
            and self._has_standing(each)
        ]

    def _replaces(self, later: Said, consent: Said) -> bool:
        is_later = (later.at, later.version) > (consent.at, consent.version) and not self._drops(Rule.REPLACED)
        return is_later and (later.event.giver == Giver.SUBJECT or later.event.authority == consent.event.authority)

    def _lasts(self, consent: Said) -> bool:
        begins = max(consent.at, consent.event.not_before or consent.at)
        has_begun = self.at >= begins or self._drops(Rule.BEGUN)
        return has_begun and (self.at < consent.event.expires_at or self._drops(Rule.ENDS))

    def _is_ended(self, consent: Said) -> bool:
        noes = [(each, rule) for kind, rule in _NOES.items() for each in self._all(kind)]
        return any(self._ends(no, consent) for no, rule in noes if not self._drops(rule))

    def _ends(self, no: Said, consent: Said) -> bool:
        if no.event.purpose != consent.event.purpose or (no.version < consent.version and no.at <= consent.at):
            return False
        if isinstance(no.event, ConsentLedger.Revoked | ConsentLedger.Invalidated):
            return bool(no.event.consent_id == consent.event.consent_id)
        is_others = no.event.giver != Giver.SUBJECT and no.event.authority != consent.event.authority
        if is_others and not self._drops(Rule.NO_OF_OTHERS):
            return False
        about = {None, consent.event.named, self.question.audience.named}
        return no.event.named in about or self._drops(Rule.NO_BY_NAME)

    def _was_of_age(self, consent: Said) -> bool:
        minority = self._minority()
        if minority is None or self.at.date() < minority.until or self._drops(Rule.CAME_OF_AGE):
            return True
        return _day(consent.at) >= minority.until

    def _has_standing(self, consent: Said) -> bool:
        if consent.event.giver == Giver.SUBJECT or self._drops(Rule.STANDING):
            return True
        harming = {each for harm in self._true(self.facts.harms) for each in harm.fingerprints}
        ended = {end.standing_id for end in self._true(self.facts.standing_ends)}
        return any(
            (each.standing_id, each.giver) == (consent.event.authority, consent.event.giver)
            and consent.event.purpose in each.purposes
            and each.said <= consent.at
            and each.place.version < consent.version
            and (self.at < each.expires_at or self._drops(Rule.STANDING_EXPIRED))
            and (each.standing_id not in ended or self._drops(Rule.STANDING_ENDED))
            and (not each.fingerprints & harming or self._drops(Rule.HARMED))
            for each in self._true(self.facts.standings)
        )

    def _covers(self, consents: Sequence[Said]) -> bool:
        terms, kind = TERMS[self.question.purpose], self.question.audience.kind
        if kind not in terms.audiences and not self._drops(Rule.KIND):
            return False
        allowed = [terms.audiences.get(kind, terms.fields)]
        allowed += [each.event.fields for each in consents if each.event.fields is not None]
        return self._drops(Rule.FIELD) or all(self.question.field in fields for fields in allowed)

    def _has_come_about(self, consents: Sequence[Said]) -> bool:
        needed = set(TERMS[self.question.purpose].conditions).union(*(each.event.conditions for each in consents))
        audience = self.question.audience
        if not needed and audience.kind != AudienceKind.OTHER_SIDE:
            return True
        is_approved = audience.person is not None and any(
            each.event.act == MATCH_APPROVED
            and each.event.reference == audience.match
            and each.event.counterpart == audience.person
            for each in self._all(ConsentLedger.ReliedOn)
        )
        ends = [each for each in self._all(ConsentLedger.MatchEnded) if each.event.match_id == audience.match]
        return (
            (is_approved or self._drops(Rule.APPROVED))
            and (not ends or self._drops(Rule.MATCH_ENDED))
            and (Condition.BOTH_ACCEPTED not in needed or self._both_accepted(audience.match))
        )

    def _both_accepted(self, match: UUID | None) -> bool:
        sides = {each.event.side for each in self._all(ConsentLedger.MatchAccepted) if each.event.match_id == match}
        return sides == {"member", "mentor"} or self._drops(Rule.ACCEPTED)


def _day(instant: datetime) -> date:
    return instant.astimezone(UTC).date()
