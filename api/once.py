"""Changing a thing once, however often it is asked for: idempotency keys, and the version a change is made for."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Depends, Header, Request

from api.access import CallerDep, MomentDep, ServiceDep
from api.problems import PreconditionRequired
from domain.aggregate import Aggregate
from domain.application import Alongside
from domain.errors import ChangedMeanwhile, InvalidValue, VersionPassed
from domain.events import Command
from domain.log import CommandKnown

A = TypeVar("A", bound=Aggregate)

LONGEST_KEY = 200


@dataclass(frozen=True)
class Change:
    """What a change of one thing needs: when and by whom, of which version, and under which command."""

    alongside: Alongside
    at: datetime
    by: str
    expected_version: int | None
    command: Command | None

    def make(self, kind: type[A], change: Callable[..., A]) -> A:
        """Make the change, unless its command was done before: then give what it led to, as it was then.

        `change` is a use case that takes the fields of this object as keywords, the version if one is expected. Raises
        `KeyReused` if the command's key stands for another request.
        """
        done = self._done(kind)
        if done is not None:
            return done
        version = {} if self.expected_version is None else {"expected_version": self.expected_version}
        try:
            return change(at=self.at, by=self.by, command=self.command, **version)
        except (CommandKnown, ChangedMeanwhile, VersionPassed):
            # The same command may have been done by another request since we looked.
            done = self._done(kind)
            if done is None:
                raise
            return done

    def _done(self, kind: type[A]) -> A | None:
        answer = None if self.command is None else self.alongside.answer(self.command)
        return None if answer is None else self.alongside.load(kind, answer.stream, answer.version)


async def command(
    request: Request,
    caller: CallerDep,
    idempotency_key: Annotated[
        str | None,
        Header(description="A value of your own for this request; sent again with it, the answer is the same."),
    ] = None,
) -> Command | None:
    """Give the command of a request that carries an idempotency key. Keys of different accounts never meet."""
    if idempotency_key is None:
        return None
    body = await request.body()
    return command_for(caller.programme_id, caller.account, idempotency_key, request.method, request.url.path, body)


def command_for(programme: UUID, account: str, key: str, method: str, path: str, body: bytes) -> Command:
    """Give the command of a request; two requests are the same if method, path and body are.

    Its key in the log is a digest: account and key are other people's words and may name somebody. They go into the
    digest of what is asked as well, so that nobody who reads it can try out what somebody wrote.
    """
    if not 1 <= len(key) <= LONGEST_KEY:
        raise InvalidValue(f"An idempotency key has 1 to {LONGEST_KEY} characters.")
    asker = b"\0".join((programme.bytes, account.encode(), key.encode()))
    asked = b"\0".join((method.encode(), path.encode(), body))
    return Command(hashlib.sha256(asker).hexdigest(), hashlib.sha256(asker + b"\0" + asked).digest())


def expected_version(
    if_match: Annotated[
        str | None, Header(description='The version that is changed, as `ETag` gave it: `"3"`.')
    ] = None,
) -> int:
    """Give the version that a change is made for."""
    if if_match is None:
        raise PreconditionRequired("Say in If-Match which version you change: the ETag of what you read.")
    found = re.fullmatch(r'(?:W/)?"(\d{1,9})"', if_match.strip())
    if found is None:
        raise InvalidValue('If-Match holds one version as ETag gave it, such as "3".')
    return int(found[1])


def etag(aggregate: Aggregate) -> dict[str, str]:
    """Give the header that names an aggregate's version."""
    return {"ETag": f'"{aggregate.version}"'}


def change(
    service: ServiceDep,
    moment: MomentDep,
    caller: CallerDep,
    version: Annotated[int, Depends(expected_version)],
    command: Annotated[Command | None, Depends(command)],
) -> Change:
    """Give what a change needs, from the request."""
    return Change(service.alongside, moment.at, caller.signs_as, version, command)


def word(
    service: ServiceDep, moment: MomentDep, caller: CallerDep, command: Annotated[Command | None, Depends(command)]
) -> Change:
    """Give what a person's word on their own consents needs: it counts whatever was said before, so of no version."""
    return Change(service.alongside, moment.at, caller.role, None, command)


ChangeDep = Annotated[Change, Depends(change)]
WordDep = Annotated[Change, Depends(word)]
