"""What stands in the way in a made-up ledger: blocks, minority, harm, freezes, erasure; and who may speak in it."""

from typing import Final
from uuid import UUID

from api.checks.consent_draws import DAY, FINGERPRINTS, HORIZON, OTHERS, SPEAKERS, START, Draws
from domain.consent import Giver, Ground, Method
from domain.consent.history import Block, Minority, Place, Standing
from domain.fingerprints import Mark

_PLACE: Final = Place(0, 0)


class Barring(Draws):
    """A ledger in which something comes to bar what was consented to, or somebody comes to speak for the person."""

    def keep_away(self) -> None:
        """Keep away whoever is known by a mark: nobody yet, one, or both."""
        persons = self.random.sample(OTHERS, self.random.randint(0, 2))
        self.ledger.block(
            (Mark.HANDLE,),
            FINGERPRINTS[:1],
            persons,
            method=Method.WEB,
            coordinators_may_know=False,
            at=self.now,
            by="check",
        )

    def recognise(self) -> None:
        """Know somebody again who is kept away."""
        self.ledger.recognise({FINGERPRINTS[0]: [self.other()]}, **self.when())

    def let_near(self) -> None:
        """Take a block off."""
        for block in list(self.ledger.blocks)[:1]:
            self.ledger.lift_block(block, **self.when())

    def record_minority(self) -> None:
        """Note until when the person is a minor, or that they consent alone."""
        until = (START + self.random.random() * HORIZON).date()
        self.ledger.record_minority(until, consents_alone=self.random.random() < 1 / 2, **self.when())

    def speak(self) -> None:
        """Let a guardian or a delegate speak."""
        self.speaker(self.random.choice(SPEAKERS))

    def speaker(self, giver: Giver) -> UUID:
        """Give the standing of somebody who may speak from now on."""
        standing = self.ledger.request_standing(
            giver,
            "somebody",
            [self.random.choice(FINGERPRINTS)],
            evidence="seen",
            purposes=self.purposes,
            expires_at=None,
            at=self.now,
            by="check",
        )
        self.ledger.confirm_standing(standing, at=self.now, by="another")
        self.standings.append((standing, giver))
        self.recorded.add(standing)
        return standing

    def silence(self) -> None:
        """Take a standing back."""
        self.ledger.end_standing(self.random.choice(self.standings)[0], **self.when())

    def record_harm(self) -> None:
        """Note that somebody harms the person."""
        self.ledger.record_harm([self.random.choice(FINGERPRINTS)], **self.when())

    def freeze_all(self) -> None:
        """Freeze what may be told."""
        self.ledger.freeze(**self.when())

    def thaw(self) -> None:
        """Take the freeze off."""
        self.ledger.thaw(at=self.now, by="another")

    # The same, said earlier than it is recorded, or otherwise than the commands let it be

    def block(self) -> None:
        """Keep somebody away."""
        block_id = UUID(int=self.random.getrandbits(128))
        self.blocks.append(block_id)
        self.fact(
            Block(_PLACE, self.said(), block_id, frozenset(self.random.sample(OTHERS, self.random.randint(0, 2))))
        )

    def lift(self) -> None:
        """Let them near again."""
        if self.blocks:
            self.fact(Block(_PLACE, self.said(), self.random.choice(self.blocks), frozenset(), is_lifted=True))

    def come_of_age(self) -> None:
        """Note until when the person is a minor."""
        until = (START + self.random.random() * HORIZON).date()
        self.fact(Minority(_PLACE, self.said(), until, alone=self.random.random() < 1 / 4))

    def stand(self) -> None:
        """Let somebody speak for some purposes, for some time."""
        standing, giver = self.random.choice(self.standings)
        if standing not in self.recorded:
            self.recorded.add(standing)
            purposes = frozenset(self.random.sample(self.purposes, self.random.randint(1, 2)))
            expires_at = self.now + self.random.choice((DAY, 20 * DAY, 400 * DAY))
            prints = frozenset({self.random.choice(FINGERPRINTS)})
            self.fact(Standing(_PLACE, self.said(), standing, giver, purposes, expires_at, prints))

    def erase(self) -> None:
        """Erase the person."""
        self.ledger.request_erasure(Ground.OBJECTION, **self.when())
        self.ledger.erase(at=self.now, by="another")
