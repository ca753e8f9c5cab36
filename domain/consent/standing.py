"""Who may speak for a person, guardians of minors and delegates, and who never may."""

from collections.abc import Collection
from datetime import UTC, datetime, time, timedelta
from typing import Annotated, Any, Final
from uuid import UUID, uuid5

from domain.consent.history import Harm, Speaker, SpeakerState, Standing, StandingEnd
from domain.consent.minority import ComingOfAge
from domain.consent.words import Giver
from domain.errors import (
    GuardianNotNeeded,
    InvalidValue,
    SecondPersonNeeded,
    StandingMissing,
    UnknownStanding,
)
from domain.events import Event, Personal
from domain.purposes import Purpose

LONGEST_STANDING: Final = timedelta(days=365)
LONGEST_EVIDENCE: Final = 500


class Spoken(ComingOfAge):
    """The part of a ledger that holds who may speak for the person, and who may not."""

    class StandingRequested(Event, frozen=True, kw_only=True):
        """Somebody says that `holder` may speak for the person about these purposes; a second person has to confirm it.

        `fingerprints` are those of what the holder is known by: see `domain.fingerprints`.
        """

        TOPIC = "consent.standing-requested"
        person_id: UUID
        standing_id: UUID
        giver: Giver
        holder: Annotated[str, Personal()]
        fingerprints: Annotated[tuple[str, ...], Personal()]
        evidence: Annotated[str, Personal()]
        purposes: tuple[Purpose, ...]
        expires_at: datetime

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.note(self)
            aggregate.speakers[self.standing_id] = Speaker(
                standing_id=self.standing_id,
                giver=self.giver,
                holder=self.holder,
                fingerprints=frozenset(self.fingerprints),
                evidence=self.evidence,
                purposes=frozenset(self.purposes),
                expires_at=self.expires_at,
                requested_at=self.at,
                requested_by=self.by,
            )

    class StandingConfirmed(Event, frozen=True, kw_only=True):
        """A second person has seen the evidence: from now on the holder may speak for the person."""

        TOPIC = "consent.standing-confirmed"
        person_id: UUID
        standing_id: UUID
        requested_by: str

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`. A holder whom nobody can recognise, for want of the key, gets no standing."""
            aggregate.note(self)
            speaker = aggregate.speakers[self.standing_id].at_state(SpeakerState.CONFIRMED)
            aggregate.speakers[self.standing_id] = speaker
            if speaker.fingerprints:
                aggregate.history.standings.append(
                    Standing(
                        aggregate.place,
                        self.at,
                        speaker.standing_id,
                        speaker.giver,
                        speaker.purposes,
                        speaker.expires_at,
                        speaker.fingerprints,
                    )
                )

    class StandingEnded(Event, frozen=True, kw_only=True):
        """Somebody may no longer speak for the person, or what was asked for was turned down."""

        TOPIC = "consent.standing-ended"
        person_id: UUID
        standing_id: UUID

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.note(self)
            aggregate.speakers[self.standing_id] = aggregate.speakers[self.standing_id].at_state(SpeakerState.ENDED)
            aggregate.history.standing_ends.append(StandingEnd(aggregate.place, self.at, self.standing_id))

    class HarmRecorded(Event, frozen=True, kw_only=True):
        """Somebody who is known by these fingerprints harms the person. None but auditors learn that this exists."""

        TOPIC = "consent.harm-recorded"
        person_id: UUID
        fingerprints: Annotated[tuple[str, ...], Personal()]

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.note(self)
            aggregate.history.harms.append(Harm(aggregate.place, self.at, frozenset(self.fingerprints)))

    def __init__(self, id: UUID) -> None:  # noqa: A002
        super().__init__(id)
        self.speakers: dict[UUID, Speaker] = {}

    def request_standing(
        self,
        giver: Giver,
        holder: str,
        fingerprints: Collection[str],
        *,
        evidence: str,
        purposes: Collection[Purpose],
        expires_at: datetime | None,
        at: datetime,
        by: str,
    ) -> UUID:
        """Ask that somebody may speak for the person; give the id of the standing. A second person has to confirm it.

        It ends within a year, and that of a guardian when the person comes of age. Raises `GuardianNotNeeded`.
        """
        self.must_be_here()
        at = self.no_earlier(at)
        if giver == Giver.SUBJECT or not fingerprints or not purposes or not evidence.strip():
            raise InvalidValue(
                "A standing is a guardian's or a delegate's, and says who, about what, and on what evidence."
            )
        if len(evidence) > LONGEST_EVIDENCE:
            raise InvalidValue(f"What the evidence is takes at most {LONGEST_EVIDENCE} characters.")
        standing = uuid5(self.id, f"standing:{len(self.speakers) + 1}")
        self.record(
            self.StandingRequested(
                person_id=self.person_id,
                standing_id=standing,
                giver=giver,
                holder=holder.strip(),
                fingerprints=tuple(sorted(fingerprints)),
                evidence=evidence.strip(),
                purposes=tuple(sorted(purposes)),
                expires_at=self._end_of_standing(giver, expires_at, at),
                at=at,
                by=by,
            ),
        )
        return standing

    def confirm_standing(self, standing: UUID, *, at: datetime, by: str) -> None:
        """Confirm what somebody else asked for. Raises `UnknownStanding`, `StandingMissing`, `SecondPersonNeeded`."""
        self.must_be_here()
        at, speaker = self.no_earlier(at), self.speaker(standing)
        if speaker.state != SpeakerState.REQUESTED or at >= speaker.expires_at:
            raise StandingMissing("This does not wait to be confirmed: it is decided already, or has run out.")
        if speaker.requested_by == by:
            raise SecondPersonNeeded("This needs two people: somebody else has to confirm what you asked for.")
        self.record(
            self.StandingConfirmed(
                person_id=self.person_id,
                standing_id=standing,
                requested_by=speaker.requested_by,
                at=at,
                by=by,
            ),
        )

    def end_standing(self, standing: UUID, *, at: datetime, by: str) -> None:
        """Let somebody no longer speak for the person, or turn down what was asked for. Raises `UnknownStanding`."""
        if self.speaker(standing).state != SpeakerState.ENDED:
            event = self.StandingEnded(person_id=self.person_id, standing_id=standing, at=self.no_earlier(at), by=by)
            self.record(event)

    def record_harm(self, fingerprints: Collection[str], *, at: datetime, by: str) -> None:
        """Record that somebody harms the person: they can have no standing, before or after, and cannot tell."""
        self.must_be_here()
        prints = tuple(sorted(fingerprints))
        self.record(self.HarmRecorded(person_id=self.person_id, fingerprints=prints, at=self.no_earlier(at), by=by))

    def speaker(self, standing: UUID) -> Speaker:
        """Give who was said to speak for the person. Raises `UnknownStanding`."""
        if standing not in self.speakers:
            raise UnknownStanding("There is no such standing.")
        return self.speakers[standing]

    def _end_of_standing(self, giver: Giver, expires_at: datetime | None, at: datetime) -> datetime:
        ends = [at + LONGEST_STANDING] + ([] if expires_at is None else [expires_at])
        if giver == Giver.GUARDIAN:
            if self.minority is None or at.astimezone(UTC).date() >= self.minority.until:
                raise GuardianNotNeeded(
                    "Nothing says that this person is not of age, so nobody is their guardian here."
                )
            ends.append(datetime.combine(self.minority.until, time(), UTC))
        if min(ends) <= at:
            raise InvalidValue("A standing ends after it begins.")
        return min(ends)
