"""A programme: a community with its own people, its own policy and its own rounds."""

import re
from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

import msgspec

from domain.aggregate import Aggregate
from domain.draws import Commitment, digest_of
from domain.errors import InvalidValue
from domain.events import Event, Personal
from domain.identity import draw_id, programme_id, round_id


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """What a programme has agreed on for its rounds: docs/matching.md says what each number does.

    `consents_alone_from` is no part of a round: the age from which its young people consent without a guardian.
    """

    min_shared_minutes: int = 60
    needs_points: int = 400
    one_experience_points: int = 150
    more_experiences_points: int = 300
    time_points: int = 150
    full_time_minutes: int = 240
    contact_modes_points: int = 50
    first_language_points: int = 50
    near_age_points: int = 50
    near_age_years: int = 10
    far_age_points: int = 25
    far_age_years: int = 20
    keep_bonus: int = 25
    evenness_levels: int = 8
    standing_hour: bool = False
    consents_alone_from: int = 18


class Programme(Aggregate):
    """Knows its policy and how many rounds were held; its version makes two rounds at once a conflict."""

    slug: str
    namespace: UUID
    policy: Policy
    policy_version: int = 0
    rounds: int = 0
    draws: int = 0
    commitment: Commitment | None = None

    def __init__(self, id: UUID) -> None:  # noqa: A002
        super().__init__(id)
        self.blockers: set[UUID] = set()

    class Started(Event, frozen=True, kw_only=True):
        """A programme began. Ids of its people are made within `namespace`, which is random."""

        TOPIC = "programme.started"
        slug: str
        namespace: UUID

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.slug = self.slug
            aggregate.namespace = self.namespace

    class PolicyAdopted(Event, frozen=True, kw_only=True):
        """A policy holds from now on."""

        TOPIC = "programme.policy-adopted"
        version: int
        policy: Policy

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.policy = self.policy
            aggregate.policy_version = self.version

    class RoundHeld(Event, frozen=True, kw_only=True):
        """A round was held; the round itself is a stream of its own."""

        TOPIC = "programme.round-held"
        number: int
        round_id: UUID

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.rounds = self.number

    class SeedCommitted(Event, frozen=True, kw_only=True):
        """The secret that the next round's seed is made from was drawn, and its digest published.

        The secret is sealed with a key of the draw's own, as what is personal is with that of a person.
        """

        TOPIC = "programme.seed-committed"
        number: int
        draw_id: UUID
        digest: str
        secret: Annotated[str, Personal("draw_id")]

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.draws = self.number
            aggregate.commitment = Commitment(number=self.number, digest=self.digest, secret=self.secret)

    class RosterImported(Event, frozen=True, kw_only=True):
        """People of a roster were enrolled. It guards against two imports at once."""

        TOPIC = "programme.roster-imported"
        members: int
        mentors: int

    class SomebodyErased(Event, frozen=True, kw_only=True):
        """One of its people was erased. It guards against a round or an import that still counts on them."""

        TOPIC = "programme.somebody-erased"

    class BlockMade(Event, frozen=True, kw_only=True):
        """One of its people does not want to meet somebody: whoever comes or changes is held against their ledger.

        It guards against an import, or a change of details, that does not know of it yet.
        """

        TOPIC = "programme.block-made"
        person_id: UUID

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.blockers.add(self.person_id)

    class BlocksGone(Event, frozen=True, kw_only=True):
        """That person has no block any more."""

        TOPIC = "programme.blocks-gone"
        person_id: UUID

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.blockers.discard(self.person_id)

    class DetailsChanged(Event, frozen=True, kw_only=True):
        """One of its people is to be known by something else. It guards against a block on what they were known by."""

        TOPIC = "programme.details-changed"

    @classmethod
    def start(cls, slug: str, namespace: UUID, policy: Policy, *, at: datetime, by: str) -> Self:
        """Begin a programme with its first policy."""
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,49}", slug):
            raise InvalidValue(
                "A programme's name has 1 to 50 lower-case letters, digits and hyphens, such as `harbour-2026`."
            )
        programme = cls(programme_id(slug))
        programme.record(cls.Started(slug=slug, namespace=namespace, at=at, by=by))
        programme.adopt(policy, at=at, by=by)
        return programme

    def adopt(self, policy: Policy, *, at: datetime, by: str) -> None:
        """Let a policy hold from now on."""
        self.record(self.PolicyAdopted(version=self.policy_version + 1, policy=policy, at=at, by=by))

    def commit_seed(self, secret: str, *, at: datetime, by: str) -> None:
        """Commit to the secret of the next draw, before anybody can know whom that will be about."""
        number = self.draws + 1
        self.record(
            self.SeedCommitted(
                number=number,
                draw_id=draw_id(self.id, number),
                digest=digest_of(secret),
                secret=secret,
                at=at,
                by=by,
            )
        )

    def import_roster(self, members: int, mentors: int, *, at: datetime, by: str) -> None:
        """Note that so many people were enrolled together."""
        self.record(self.RosterImported(members=members, mentors=mentors, at=at, by=by))

    def note_erasure(self, *, at: datetime, by: str) -> None:
        """Note that one of the people was erased."""
        self.record(self.SomebodyErased(at=at, by=by))

    def note_block(self, person: UUID, *, at: datetime, by: str) -> None:
        """Note that a person made a block."""
        self.record(self.BlockMade(person_id=person, at=at, by=by))

    def note_no_blocks(self, person: UUID, *, at: datetime, by: str) -> None:
        """Note that a person took their last block off."""
        self.record(self.BlocksGone(person_id=person, at=at, by=by))

    def note_details(self, *, at: datetime, by: str) -> None:
        """Note that a person changed what they are known by."""
        self.record(self.DetailsChanged(at=at, by=by))

    def hold_round(self, *, at: datetime, by: str) -> tuple[int, UUID]:
        """Give the number and the id of the next round."""
        number = self.rounds + 1
        identifier = round_id(self.id, number)
        self.record(self.RoundHeld(number=number, round_id=identifier, at=at, by=by))
        return number, identifier
