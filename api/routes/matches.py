"""Proposals and what coordinators decide on them."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from api.access import Coordinator, ReadModels, ServiceDep
from api.once import ChangeDep, etag
from api.routes.paging import AskedPageDep
from api.routes.resources import Decline, MatchState
from api.showing import proposal, proposals
from api.showing.reader import ReaderDep
from domain.errors import UnknownMatch
from domain.match import Match, MatchStatus
from projections.proposals import Proposed

router = APIRouter(prefix="/api", tags=["matches"])


def open_to_caller(match_id: UUID, caller: Coordinator, service: ServiceDep) -> Match:
    """Give a match of the coordinator's programme."""
    match = service.alongside.load(Match, match_id)
    if match.programme_id != caller.programme_id:
        raise UnknownMatch("There is no such match.")
    return match


OpenToCaller = Annotated[Match, Depends(open_to_caller)]


@router.get("/proposals")
def list_proposals(
    reader: ReaderDep,
    read_models: ReadModels,
    asked: AskedPageDep,
    status: Annotated[MatchStatus | None, Query()] = None,
) -> list[Proposed]:
    """List the programme's proposals; without a status all but those that were replaced or are no longer available.

    What the two do not let coordinators read is null.
    """
    return asked.rows(proposals(reader, read_models, status, asked.paging))


@router.get("/matches/{match_id}")
def get_match(match_id: UUID, reader: ReaderDep, read_models: ReadModels, response: Response) -> Proposed:
    """Give one match; its ETag is the version that a decision names in If-Match."""
    found = proposal(reader, read_models, match_id)
    if found is None:
        raise UnknownMatch("There is no such match.")
    response.headers["ETag"] = f'"{found.version}"'
    return found


@router.put("/matches/{match_id}/approval")
def approve(match: OpenToCaller, change: ChangeDep, response: Response) -> MatchState:
    """Approve a proposal. It relies on both people's consents at this moment and takes one of the mentor's places."""
    approved = change.make(Match, partial(change.alongside.approve, match.id))
    response.headers.update(etag(approved))
    return MatchState.of(approved)


@router.put("/matches/{match_id}/decline")
def decline(match: OpenToCaller, decline: Decline, change: ChangeDep, response: Response) -> MatchState:
    """Decline a proposal; the pair is not proposed again."""
    declined = change.make(Match, partial(change.alongside.decline, match.id, decline.reason))
    response.headers.update(etag(declined))
    return MatchState.of(declined)


@router.put("/matches/{match_id}/closure")
def close(match: OpenToCaller, change: ChangeDep, response: Response) -> MatchState:
    """End an approved match; the two see that it is no longer available, and a round may come to it again."""
    closed = change.make(Match, partial(change.alongside.close_match, match.id))
    response.headers.update(etag(closed))
    return MatchState.of(closed)
