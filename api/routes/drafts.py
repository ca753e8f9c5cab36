"""Drafts: the plan of the next round, changed by hand, with the price of each change, and adopted as a round."""

from dataclasses import dataclass
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from api.access import Coordinator, MomentDep, ReadModels, ServiceDep
from api.once import Change, ChangeDep, command, etag
from api.planning import showing
from api.planning.asking import OpenDraft, PlanningDep
from api.routes.draft_edits import AskedEdit
from api.routes.paging import AskedPageDep
from api.showing.reader import ReaderDep
from domain.draft import Draft
from domain.events import Command
from projections import drafts

router = APIRouter(prefix="/api/drafts", tags=["drafts"])


@dataclass(frozen=True)
class DraftState:
    """A draft after a change."""

    draft: UUID
    version: int
    status: str


@dataclass(frozen=True)
class DraftSeen:
    """A draft, how it stands, and a page of its pairs, those that the changes moved first."""

    draft: UUID
    version: int
    standing: showing.Standing
    pairs: list[showing.Pair]


@dataclass(frozen=True)
class AdoptedAs:
    """The round that a draft became; `drawn_otherwise` counts the pairs that its draw decided otherwise."""

    round: UUID
    proposals: int
    drawn_otherwise: int


@router.get("")
def list_drafts(caller: Coordinator, read_models: ReadModels) -> list[drafts.ListedDraft]:
    """List the programme's drafts, the latest first."""
    return drafts.of_programme(read_models, caller.programme_id)


@router.post("", status_code=201)
def open_draft(
    planning: PlanningDep,
    service: ServiceDep,
    caller: Coordinator,
    moment: MomentDep,
    command: Annotated[Command | None, Depends(command)],
    response: Response,
) -> DraftState:
    """Begin a draft on the pool of now. Nobody is proposed to anybody until it is adopted."""
    opening = Change(service.alongside, moment.at, caller.account, None, command)
    return _state(opening.make(Draft, planning.open), response)


@router.get("/{draft_id}")
def get_draft(
    draft: OpenDraft, planning: PlanningDep, reader: ReaderDep, asked: AskedPageDep, response: Response
) -> DraftSeen:
    """Give a draft: what each change did, what it reaches, and its pairs. What people do not let be read is null."""
    plan = planning.plan(draft)
    response.headers.update(etag(draft))
    return DraftSeen(
        draft.id, draft.version, showing.standing(plan), asked.rows(showing.pairs(reader, plan, asked.paging))
    )


@router.post("/{draft_id}/edits", status_code=201)
def edit(
    draft: OpenDraft, asked: AskedEdit, planning: PlanningDep, change: ChangeDep, response: Response
) -> DraftState:
    """Change the plan by hand. What is not possible is refused, and never says why."""
    act = partial(planning.edit, draft.id, asked.made(planning))
    return _state(change.make(Draft, act), response)


@router.delete("/{draft_id}/edits/last")
def undo(draft: OpenDraft, planning: PlanningDep, change: ChangeDep, response: Response) -> DraftState:
    """Take the last edit back."""
    return _state(change.make(Draft, partial(planning.undo, draft.id)), response)


@router.put("/{draft_id}/pool")
def bring_up_to_date(draft: OpenDraft, planning: PlanningDep, change: ChangeDep, response: Response) -> DraftState:
    """Put the draft on the pool of now. Edits that are no longer possible fall away."""
    return _state(change.make(Draft, partial(planning.bring_up_to_date, draft.id)), response)


@router.put("/{draft_id}/adoption")
def adopt(draft: OpenDraft, planning: PlanningDep, change: ChangeDep) -> AdoptedAs:
    """Hold a round with the edits of the draft: its pairs become proposals, which still need approval one by one."""
    adopted = planning.adopt(draft.id, expected_version=change.expected_version or 0, at=change.at, by=change.by)
    return AdoptedAs(adopted.round_id, adopted.proposals, adopted.drawn_otherwise)


@router.delete("/{draft_id}")
def discard(draft: OpenDraft, planning: PlanningDep, change: ChangeDep, response: Response) -> DraftState:
    """Let the draft come to nothing."""
    return _state(change.make(Draft, partial(planning.discard, draft.id)), response)


def _state(draft: Draft, response: Response) -> DraftState:
    response.headers.update(etag(draft))
    return DraftState(draft.id, draft.version, draft.status)
