"""How is it drawn which of several equally good plans is proposed, so that nobody can have chosen it?

Before anybody can know the pool of the next round, a programme commits itself to a secret by publishing its digest. A
round reads the pool at a position of the log, and is solved with a seed that follows from the secret and from all that
the log holds up to there. The secret is revealed with the round. All are written in lower-case hexadecimal digits:

    secret       64 digits at random
    commitment = SHA-256 of the secret's 64 digits
    root         the root of the log's tree at the round's position (docs/transparency.md)
    seed       = SHA-256 of the secret's 64 digits followed by the root's 64 digits

docs/draws.md says what this resists, and what it does not.
"""

import secrets
from collections.abc import Callable
from hashlib import sha256
from typing import Final

import msgspec

NewSecret = Callable[[], str]
LogRoot = Callable[[int], str]
"""Give the root of the log's tree over its first events, so many, in 64 hexadecimal digits."""

_SECRET_BYTES: Final = 32


class Commitment(msgspec.Struct, frozen=True, kw_only=True):
    """What a programme has committed itself to for its draw `number` (from 1), and the secret that is still its own."""

    number: int
    digest: str
    secret: str


class Drawn(msgspec.Struct, frozen=True, kw_only=True):
    """What a round reveals: which commitment it used, its secret, and the root of the log where the pool was read."""

    number: int
    secret: str
    root: str

    @property
    def seed(self) -> str:
        """What lots were drawn by."""
        return seed_of(self.secret, self.root)


def new_secret() -> str:
    """Draw a secret of 256 bits."""
    return secrets.token_hex(_SECRET_BYTES)


def no_tree(_position: int) -> str:
    """Stand in for the root of a log that has no tree, as those in memory."""
    return "0" * 64


def digest_of(secret: str) -> str:
    """Give the commitment to a secret."""
    return sha256(secret.encode()).hexdigest()


def seed_of(secret: str, root: str) -> str:
    """Give the seed of a round."""
    return sha256(f"{secret}{root}".encode()).hexdigest()
