"""How does somebody try every role on their own machine?"""

from datetime import timedelta
from http import HTTPStatus
from ipaddress import ip_address
from typing import Final
from uuid import UUID

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response
from sqlalchemy import Connection

from api.access import MomentDep, ServiceDep
from api.moment import Moment
from api.pages.layout import HOME
from api.pages.sign_in import with_cookie
from domain.access import PERSONAL_ROLES, Actor
from domain.application import Alongside
from domain.errors import UnknownPerson
from domain.match import MatchStatus
from projections import mentor_directory, proposals, waiting_list

router = APIRouter()

LASTS: Final = timedelta(hours=12)
LOCAL_HOSTS: Final = {"localhost", "127.0.0.1", "::1"}


@router.post("/demo/{role}")
def enter(request: Request, role: Actor, service: ServiceDep, moment: MomentDep) -> Response:
    """Enter the demo programme in a role. As if it were not there, unless asked for from this machine."""
    slug: str | None = request.app.state.demo
    if slug is None or not _is_at_this_machine(request):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    programme = service.alongside.programme(slug).id
    person = None
    if role in PERSONAL_ROLES:
        with service.reading() as read_models:
            person = _somebody(role, service.alongside, read_models, programme, moment)
    account = f"demo-{role}"
    secret = service.alongside.issue_token(
        role, account, programme, person, expires_at=moment.at + LASTS, at=moment.at, by=account
    )
    return with_cookie(request, secret, HOME[role])


def _is_at_this_machine(request: Request) -> bool:
    """Say whether both ends are here. A foreign host name that leads here is another site's trick (DNS rebinding)."""
    try:
        client = ip_address(request.client.host if request.client else "")
    except ValueError:
        return False
    return client.is_loopback and (request.url.hostname or "") in LOCAL_HOSTS


def _somebody(role: Actor, alongside: Alongside, read_models: Connection, programme: UUID, moment: Moment) -> UUID:
    """Find a person whose pages have something to show: of the match that was approved last, if there is one."""
    matched = [
        proposal
        for status in (MatchStatus.APPROVED, MatchStatus.ACCEPTED)
        for proposal in proposals.listed(read_models, programme, status)
    ]
    matched.sort(key=lambda proposal: (proposal.decided_at or moment.at, proposal.match), reverse=True)
    if role == Actor.MENTOR:
        mentors = mentor_directory.listings(read_models, programme, today=moment.today)
        people = [proposal.mentor_person_id for proposal in matched]
        people += [mentor.person_id for mentor in mentors if mentor.standing == "available" and mentor.availability]
    else:
        proposed = proposals.listed(read_models, programme, MatchStatus.PROPOSED)
        waiting = waiting_list.waiting(read_models, programme, today=moment.today)
        people = [*(proposal.member_person_id for proposal in proposed), *(member.person_id for member in waiting)]
        willing = alongside.may_be_matched(programme, people, at=moment.at)
        people = [person for person in people if person in willing]
        people = [*(proposal.member_person_id for proposal in matched), *people]
    if not people:
        raise UnknownPerson("The demo programme has nobody in this role.")
    return people[0]
