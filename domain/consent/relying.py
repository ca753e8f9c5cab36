"""Every act that used a person's consents. It stands in their ledger, so it and a withdrawal cannot pass each other."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from domain.consent.deciding import consent_at, decide
from domain.consent.decision import Decision, Reason
from domain.consent.history import Grant, Stage, Step
from domain.consent.stream import PersonsLedger
from domain.consent.words import Audience, Channel, Reliance
from domain.errors import ConsentMissing
from domain.events import Event
from domain.purposes import Field, Purpose

MATCH_PROPOSED: Final = "match.proposed"
MATCH_APPROVED: Final = "match.approved"

NO_LONGER_AVAILABLE: Final = "no longer available"

_NOBODYS_BUSINESS: Final = {Reason.BLOCKED, Reason.FROZEN, Reason.NO_STANDING, Reason.INVALIDATED, Reason.WITHDRAWN}
_STAGES: Final = {MATCH_PROPOSED: Stage.PROPOSED, MATCH_APPROVED: Stage.APPROVED}


class Relying(PersonsLedger):
    """The part of a ledger that holds acts, disclosures, and how far matches have come."""

    class ReliedOn(Event, frozen=True, kw_only=True):
        """An act used these consents. `counterpart` is the other person, where the act is about a match."""

        TOPIC = "consent.relied-on"
        person_id: UUID
        act: str
        reference: UUID
        consents: tuple[Reliance, ...]
        counterpart: UUID | None = None

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.note(self)
            if self.act in _STAGES:
                step = Step(aggregate.place, self.at, _STAGES[self.act], self.counterpart)
                aggregate.history.matches.setdefault(self.reference, []).append(step)

    class Disclosed(Event, frozen=True, kw_only=True):
        """Somebody is told these fields of the person: recorded before they are. `viewer` is their person, if any.

        `consents` are what it rests on, and `request` the one request that it was for. Values stand nowhere here.
        """

        TOPIC = "consent.disclosed"
        person_id: UUID
        viewer: UUID | None
        role: str
        purpose: Purpose
        audience: Audience
        fields: tuple[Field, ...]
        consents: tuple[Reliance, ...]
        channel: Channel
        request: str

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.note(self)

    class MatchAccepted(Event, frozen=True, kw_only=True):
        """One side of a match of the person accepted it; `side` is `member` or `mentor`."""

        TOPIC = "consent.match-accepted"
        person_id: UUID
        match_id: UUID
        side: str

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.note(self)
            step = Step(aggregate.place, self.at, Stage.ACCEPTED, side=self.side)
            aggregate.history.matches.setdefault(self.match_id, []).append(step)

    class MatchEnded(Event, frozen=True, kw_only=True):
        """A match of the person, or a proposal of one, is no more."""

        TOPIC = "consent.match-ended"
        person_id: UUID
        match_id: UUID

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.note(self)
            step = Step(aggregate.place, self.at, Stage.ENDED)
            aggregate.history.matches.setdefault(self.match_id, []).append(step)

    def open_matches(self) -> dict[UUID, Stage]:
        """Give the matches and proposals that have not ended, and how far each has come."""
        stages = {match: steps[-1].stage for match, steps in self.history.matches.items()}
        return {match: stage for match, stage in stages.items() if stage != Stage.ENDED}

    def is_active(self, match: UUID) -> bool:
        """Say whether both sides accepted a match."""
        sides = {step.side for step in self.history.matches.get(match, []) if step.stage == Stage.ACCEPTED}
        return sides == {"member", "mentor"}

    def rely_on(
        self,
        purposes: tuple[Purpose, ...],
        *,
        act: str,
        reference: UUID,
        at: datetime,
        judged_at: datetime,
        by: str,
        counterpart: UUID | None = None,
    ) -> tuple[Reliance, ...]:
        """Record that an act uses these consents. Raises `ConsentMissing` unless every one of them is live.

        The act takes effect `at` one time, and the consents are judged at another, no earlier one: see `domain.clocks`.
        They must have begun by the first and not have ended by the second.
        """
        at = self.no_earlier(at)
        reliances = self.live_consents(purposes, at=at, judged_at=judged_at, counterpart=counterpart)
        self.record(
            self.ReliedOn(
                person_id=self.person_id,
                act=act,
                reference=reference,
                consents=reliances,
                counterpart=counterpart,
                at=at,
                by=by,
            ),
        )
        return reliances

    def live_consents(
        self,
        purposes: tuple[Purpose, ...],
        *,
        at: datetime,
        judged_at: datetime | None = None,
        counterpart: UUID | None = None,
    ) -> tuple[Reliance, ...]:
        """Give the consents that an act may rely on. Raises `ConsentMissing` unless every one of them is live."""
        if judged_at is not None and judged_at > at:
            self.live_consents(purposes, at=judged_at, counterpart=counterpart)
        return tuple(self._relied(purpose, at, counterpart) for purpose in purposes)

    def may_be_told(
        self,
        purpose: Purpose,
        fields: frozenset[Field],
        audience: Audience,
        at: datetime,
        judged_at: datetime | None = None,
    ) -> dict[Field, Decision]:
        """Give those of some fields that may be told to an audience, and the decision on each.

        See `rely_on` for the two times.
        """
        if judged_at is not None and judged_at > at:
            fields = frozenset(self.may_be_told(purpose, fields, audience, judged_at))
        decisions = {field: decide(self, purpose, field, audience, at) for field in sorted(fields)}
        return {field: decision for field, decision in decisions.items() if decision.permit}

    def disclose(
        self,
        purpose: Purpose,
        decisions: Mapping[Field, Decision],
        audience: Audience,
        *,
        role: str,
        channel: Channel,
        request: str,
        at: datetime,
        by: str,
    ) -> None:
        """Record that these fields are told. The decisions are those of `may_be_told`, at least one."""
        grants = {decision.grant.consent_id: decision.grant for decision in decisions.values() if decision.grant}
        assert grants, "nothing is told without a consent"
        self.record(
            self.Disclosed(
                person_id=self.person_id,
                viewer=audience.person,
                role=role,
                purpose=purpose,
                audience=audience,
                fields=tuple(sorted(decisions)),
                consents=tuple(self._reliance(purpose, grant) for grant in grants.values()),
                channel=channel,
                request=request,
                at=self.no_earlier(at),
                by=by,
            ),
        )

    def accept(self, match: UUID, side: str, *, at: datetime, by: str) -> None:
        """Record that one side of a match accepted it."""
        event = self.MatchAccepted(person_id=self.person_id, match_id=match, side=side, at=self.no_earlier(at), by=by)
        self.record(event)

    def end_match(self, match: UUID, *, at: datetime, by: str) -> None:
        """Record that a match or proposal is no more, if this ledger knows of it and it has not ended."""
        if match in self.open_matches():
            event = self.MatchEnded(person_id=self.person_id, match_id=match, at=self.no_earlier(at), by=by)
            self.record(event)

    def _relied(self, purpose: Purpose, at: datetime, counterpart: UUID | None) -> Reliance:
        decision = consent_at(self, purpose, at=at, counterpart=counterpart)
        if decision.grant is None:
            why = NO_LONGER_AVAILABLE if decision.reason in _NOBODYS_BUSINESS else decision.reason
            raise ConsentMissing(f"There is no live consent to {purpose} ({why}).")
        return self._reliance(purpose, decision.grant)

    def _reliance(self, purpose: Purpose, grant: Grant) -> Reliance:
        return Reliance(purpose, grant.consent_id, self.id, grant.version)
