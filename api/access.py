"""Who is asking, and may they? Every route but health names the roles that it serves."""

import hmac
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, Request
from fastapi.security import APIKeyCookie, HTTPBearer
from fastapi.security.http import HTTPAuthorizationCredentials
from sqlalchemy import Connection

from api.moment import Clock, Moment
from api.service import Service
from domain.access import PERSONAL_ROLES, Actor
from domain.consent import Channel
from domain.disclosing import Viewing
from domain.errors import NotYourRole, TokenRefused, UnknownPerson

COOKIE: Final = "alongside"

_bearer = HTTPBearer(auto_error=False, description="A token made with `alongside token`.")
_cookie = APIKeyCookie(name=COOKIE, auto_error=False, description="The same token, kept by the pages.")


@dataclass(frozen=True)
class Caller:
    """Who asks: their account, role, programme and (if they have one) person."""

    role: Actor
    account: str
    programme_id: UUID
    person_id: UUID | None

    @property
    def signs_as(self) -> str:
        """The name that their acts are recorded under: of people who may be erased, no more than their role."""
        return self.role if self.role in PERSONAL_ROLES else self.account

    def must_be(self, person_id: UUID) -> None:
        """Let nobody act for another person. The other's existence is not given away."""
        if self.person_id is None or not hmac.compare_digest(self.person_id.bytes, person_id.bytes):
            raise UnknownPerson("There is no such person.")


def service(request: Request) -> Service:
    """Give the service that this application was made with."""
    found: Service = request.app.state.service
    return found


def moment(request: Request) -> Moment:
    """Give the time, from the clock that this application was made with."""
    clock: Clock = request.app.state.clock
    return clock()


ServiceDep = Annotated[Service, Depends(service)]
MomentDep = Annotated[Moment, Depends(moment)]


def reading(service: ServiceDep) -> Iterator[Connection]:
    """Lend a connection to read models that are up to date."""
    with service.reading() as connection:
        yield connection


ReadModels = Annotated[Connection, Depends(reading)]


def caller(
    service: ServiceDep,
    moment: MomentDep,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    cookie: Annotated[str | None, Depends(_cookie)],
) -> Caller:
    """Give whoever asks, by the token in the header or the cookie."""
    secret = bearer.credentials if bearer else cookie
    if not secret:
        raise TokenRefused("This needs a token.")
    token = service.alongside.token(secret, at=moment.at)
    return Caller(token.role, token.name, token.programme_id, token.person_id)


CallerDep = Annotated[Caller, Depends(caller)]


def viewing(request: Request, caller: CallerDep) -> Viewing:
    """Give who is told, how, and for which request: what a disclosure records."""
    channel = Channel.API if request.url.path.startswith("/api/") else Channel.PAGE
    return Viewing(caller.signs_as, caller.role, channel, request.state.id)


ViewingDep = Annotated[Viewing, Depends(viewing)]


def only(*roles: Actor) -> Callable[[Caller], Caller]:
    """Make a dependency that gives whoever asks, if they have one of these roles."""

    def allowed(caller: CallerDep) -> Caller:
        if caller.role not in roles:
            raise NotYourRole(f"This is for {' and '.join(f'{role}s' for role in roles)}.")
        return caller

    return allowed


Coordinator = Annotated[Caller, Depends(only(Actor.COORDINATOR))]
Mentor = Annotated[Caller, Depends(only(Actor.MENTOR))]
Auditor = Annotated[Caller, Depends(only(Actor.AUDITOR))]
