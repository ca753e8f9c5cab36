"""The use cases about tokens."""

from collections.abc import Callable, Iterator
from datetime import datetime
from uuid import UUID

from domain.access import AccessToken, Actor, stream_of
from domain.errors import UnknownToken
from domain.insist import insist
from domain.ledgers import INSISTENCE
from domain.store import Store


class Tokens(Store):
    """Giving out tokens and revoking them. `by` is the account that does it."""

    def issue_token(
        self,
        role: Actor,
        name: str | None,
        programme: UUID,
        person: UUID | None = None,
        *,
        expires_at: datetime,
        at: datetime,
        by: str,
    ) -> str:
        """Give out a token and show its secret, once."""
        token, secret = AccessToken.issue(role, name, programme, person, expires_at=expires_at, at=at, by=by)
        self.save(token)
        return secret

    def token(self, secret: str, *, at: datetime) -> AccessToken:
        """Give the token of a secret, or raise `TokenRefused`."""
        stream = stream_of(secret)
        token = AccessToken.replay(stream, self.log.stream(stream))
        token.check(at)
        return token

    def revoke_tokens(self, programme: UUID, name: str, *, at: datetime, by: str) -> int:
        """Let the good tokens of an account in a programme open nothing any more; give how many they were.

        Their secrets are not needed. Raises `UnknownToken` if there is none.
        """

        def attempt() -> int:
            tokens = list(self.good_tokens(lambda token: token.programme_id == programme and token.name == name, at))
            for token in tokens:
                token.revoke(at=at, by=by)
            self.save(*tokens)
            return len(tokens)

        revoked = insist(attempt, attempts=INSISTENCE)
        if not revoked:
            raise UnknownToken("This programme has given out no token under this name, or none that is still good.")
        return revoked

    def good_tokens(self, which: Callable[[AccessToken.Issued], bool], at: datetime) -> Iterator[AccessToken]:
        """Give the tokens that open something. One pass over the log finds them, in time proportional to its length."""
        for entry in self.log.read():
            if isinstance(entry.event, AccessToken.Issued) and which(entry.event):
                token = self.load(AccessToken, entry.stream)
                if token.is_good(at):
                    yield token
