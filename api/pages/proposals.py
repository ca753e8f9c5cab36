"""What did the last round propose, and what does the coordinator decide?"""

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query
from fastapi.responses import RedirectResponse, Response

from api.access import Coordinator, MomentDep, ServiceDep
from api.pages import sentences
from api.pages.forms import FormChange
from api.pages.layout import ShowDep
from api.pages.proposal_queue import QueueStatus, queue_of
from api.problems import status_of
from api.rounds import hold_round
from api.routes.matches import OpenToCaller
from api.showing.reader import ReaderDep
from domain.errors import Conflict, Invalid, Stale
from domain.match import Match
from domain.programme import Programme
from domain.reasons import LONGEST_REASON

router = APIRouter()

PageNumber = Annotated[int, Form(ge=1)]


class Queue:
    """Shows the queue to the coordinator who asks, and carries out what they decide on it."""

    def __init__(self, show: ShowDep, reader: ReaderDep, service: ServiceDep, moment: MomentDep) -> None:
        self._show, self._reader, self._service, self._moment = show, reader, service, moment

    def page(self, *, answer: int = HTTPStatus.OK, refusal: str = "", said: str = "", **which: Any) -> Response:
        """Show the queue, with what was refused or done on top; `which` is for `queue_of`."""
        with self._service.reading() as read_models:
            queue = queue_of(self._reader, read_models, self._moment, **which)
        return self._show(
            "proposals.html", status=answer, queue=queue, refusal=refusal, said=said, longest_reason=LONGEST_REASON
        )

    def after(self, act: Callable[[], Any], *, page: int = 1, decided: UUID | None = None) -> Response:
        """Carry out an act and lead back to the queue; what was refused is said there, and the status is kept."""
        try:
            act()
        except (Conflict, Stale, Invalid) as refusal:
            return self.page(answer=status_of(refusal), refusal=sentences.refusal(refusal), page=page)
        said = f"&decided={decided}" if decided else ""
        return RedirectResponse(f"/proposals?page={page}{said}", HTTPStatus.SEE_OTHER)


QueueDep = Annotated[Queue, Depends()]


@router.get("/proposals")
def list_proposals(
    queue: QueueDep,
    status: Annotated[QueueStatus, Query()] = "proposed",
    page: Annotated[int, Query(ge=1)] = 1,
    decided: Annotated[UUID | None, Query()] = None,
    drawn: Annotated[int | None, Query(ge=0)] = None,
) -> Response:
    """Show one page of the queue; without a status, what waits for a decision."""
    said = "" if drawn is None else sentences.adopted(drawn)
    return queue.page(said=said, status=status, page=page, decided=decided)


@router.post("/proposals/{match_id}/approval")
def approve(match: OpenToCaller, change: FormChange, queue: QueueDep, page: PageNumber = 1) -> Response:
    """Approve a proposal."""
    act = partial(change.make, Match, partial(change.alongside.approve, match.id))
    return queue.after(act, page=page, decided=match.id)


@router.post("/proposals/{match_id}/decline")
def decline(
    match: OpenToCaller,
    change: FormChange,
    queue: QueueDep,
    reason: Annotated[str, Form()] = "",
    page: PageNumber = 1,
) -> Response:
    """Decline a proposal, with a reason."""
    act = partial(change.make, Match, partial(change.alongside.decline, match.id, reason))
    return queue.after(act, page=page, decided=match.id)


@router.post("/proposals/{match_id}/closure")
def close(match: OpenToCaller, change: FormChange, queue: QueueDep, page: PageNumber = 1) -> Response:
    """End an approved match."""
    act = partial(change.make, Match, partial(change.alongside.close_match, match.id))
    return queue.after(act, page=page, decided=match.id)


@router.post("/rounds")
def hold(caller: Coordinator, service: ServiceDep, moment: MomentDep, queue: QueueDep) -> Response:
    """Hold a round over the whole programme."""
    slug = service.alongside.load(Programme, caller.programme_id).slug
    return queue.after(partial(hold_round, service.alongside, slug, moment, by=caller.account))
