"""What would the next round propose, and what if this or that were otherwise?"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query
from fastapi.responses import RedirectResponse, Response

from api.access import Coordinator, ReadModels, ServiceDep
from api.once import Change
from api.pages import draft_words, sentences
from api.pages.forms import FormAct, FormChange, new_key
from api.pages.layout import ShowDep
from api.planning import Plan, making, showing
from api.planning.asking import OpenDraft, PlanningDep
from api.problems import status_of
from api.showing import page_or_last
from api.showing.reader import ReaderDep
from domain.draft import Draft, DraftStatus
from domain.errors import Conflict, DraftBehind, Invalid, InvalidValue, Stale
from domain.match import Side
from domain.mentor import MOST_PLACES
from domain.reasons import LONGEST_REASON
from projections import drafts

router = APIRouter()

ROWS_A_PAGE: Final = 20

Kind = Literal["pin", "unpin", "keep-apart", "swap", "leave-out-member", "leave-out-mentor", "places", "minutes"]
PageNumber = Annotated[int, Query(ge=1)]


@dataclass(frozen=True)
class Wanted:
    """The fields of the form of a change; which of them count depends on its kind."""

    kind: Annotated[Kind, Form()]
    member: Annotated[UUID | None, Form()] = None
    mentor: Annotated[UUID | None, Form()] = None
    other: Annotated[UUID | None, Form()] = None
    number: Annotated[int, Form(ge=0, le=MOST_PLACES)] = 0
    why: Annotated[str, Form()] = ""

    @property
    def about_member(self) -> UUID:
        """The member whom it is about."""
        return _chosen(self.member)

    @property
    def about_mentor(self) -> UUID:
        """The mentor whom it is about."""
        return _chosen(self.mentor)


def _chosen(identifier: UUID | None) -> UUID:
    if identifier is None:
        raise InvalidValue("Choose somebody from the list.")
    return identifier


_MAKE: Final[dict[Kind, Callable[[Wanted], making.Make]]] = {
    "pin": lambda asked: making.pinned(asked.about_member, asked.about_mentor, asked.why),
    "unpin": lambda asked: making.unpinned(asked.about_member),
    "keep-apart": lambda asked: making.kept_apart(asked.about_member, asked.about_mentor, asked.why),
    "swap": lambda asked: making.swapped(asked.about_member, _chosen(asked.other), asked.why),
    "leave-out-member": lambda asked: making.set_aside(Side.MEMBER, asked.about_member, asked.why),
    "leave-out-mentor": lambda asked: making.set_aside(Side.MENTOR, asked.about_mentor, asked.why),
    "places": lambda asked: making.places_tried(asked.about_mentor, asked.number),
}


class Table:
    """Shows one draft to the coordinator who asks, and carries out what they decide on it."""

    def __init__(self, show: ShowDep, reader: ReaderDep, planning: PlanningDep, draft: OpenDraft) -> None:
        self._show, self._reader, self.planning, self.draft = show, reader, planning, draft

    def page(self, *, answer: int = HTTPStatus.OK, refusal: str = "", **chosen: Any) -> Response:
        """Show the draft, with what was refused on top; one that has ended or is behind shows nothing of its plan."""
        draft, around = self.draft, {"longest_reason": LONGEST_REASON, "key": new_key(), "refusal": refusal}
        if draft.status != DraftStatus.OPEN:
            return self._show("draft.html", status=answer, draft=draft, state=str(draft.status), **around)
        try:
            plan = self.planning.plan(draft)
        except DraftBehind:
            return self._show("draft.html", status=answer, draft=draft, state="behind", **around)
        return self._show(
            "draft.html", status=answer, draft=draft, state="open", **around, **self._facts(plan, **chosen)
        )

    def after(self, act: Callable[..., Draft], change: Change) -> Response:
        """Carry out an act and lead back to the draft; what was refused is said there, and the status is kept."""
        try:
            change.make(Draft, act)
        except (Conflict, Stale, Invalid) as refusal:
            self.draft = change.alongside.load(Draft, self.draft.id)
            return self.page(answer=status_of(refusal), refusal=sentences.refusal(refusal))
        return RedirectResponse(f"/drafts/{self.draft.id}", HTTPStatus.SEE_OTHER)

    def _facts(
        self, plan: Plan, *, page: int = 1, member: UUID | None = None, mentor: UUID | None = None
    ) -> dict[str, Any]:
        people, standing = showing.people(plan), showing.standing(plan)
        shown = page_or_last(partial(showing.pairs, self._reader, plan), page, ROWS_A_PAGE)
        return {
            "standing": standing,
            "words": draft_words,
            "rows": [(pair, sentences.explanation(pair.explanation)) for pair in shown.rows],
            "list": shown,
            "people": people,
            "member": next((each for each in people.members if each.named.id == member), None),
            "mentor": next((each for each in people.mentors if each.named.id == mentor), None),
            "minutes": plan.question.pool.programme.policy.min_shared_minutes,
        }


TableDep = Annotated[Table, Depends()]


@router.get("/drafts")
def list_drafts(show: ShowDep, caller: Coordinator, read_models: ReadModels) -> Response:
    """Show the programme's drafts, the latest first."""
    return show("drafts.html", drafts=drafts.of_programme(read_models, caller.programme_id), key=new_key())


@router.post("/drafts")
def open_draft(planning: PlanningDep, act: FormAct) -> Response:
    """Begin a draft."""
    draft = act.make(Draft, planning.open)
    return RedirectResponse(f"/drafts/{draft.id}", HTTPStatus.SEE_OTHER)


@router.get("/drafts/{draft_id}")
def show_draft(
    table: TableDep,
    page: PageNumber = 1,
    member: Annotated[UUID | None, Query()] = None,
    mentor: Annotated[UUID | None, Query()] = None,
) -> Response:
    """Show a draft, and the forms for one person of it."""
    return table.page(page=page, member=member, mentor=mentor)


@router.post("/drafts/{draft_id}/edits")
def edit(table: TableDep, change: FormChange, asked: Annotated[Wanted, Depends()]) -> Response:
    """Change the plan by hand."""

    def act(**how: Any) -> Draft:
        if asked.kind == "minutes":
            make = making.policy_tried(table.planning.policy_with({"min_shared_minutes": asked.number}))
        else:
            make = _MAKE[asked.kind](asked)
        return table.planning.edit(table.draft.id, make, **how)

    return table.after(act, change)


@router.post("/drafts/{draft_id}/undo")
def undo(table: TableDep, change: FormChange) -> Response:
    """Take the last change back."""
    return table.after(partial(table.planning.undo, table.draft.id), change)


@router.post("/drafts/{draft_id}/pool")
def bring_up_to_date(table: TableDep, change: FormChange) -> Response:
    """Put the draft on the people of now."""
    return table.after(partial(table.planning.bring_up_to_date, table.draft.id), change)


@router.post("/drafts/{draft_id}/end")
def discard(table: TableDep, change: FormChange) -> Response:
    """Let the draft come to nothing."""
    return table.after(partial(table.planning.discard, table.draft.id), change)


@router.post("/drafts/{draft_id}/adoption")
def adopt(table: TableDep, change: FormChange, service: ServiceDep) -> Response:
    """Make the draft a round."""
    try:
        adopted = table.planning.adopt(
            table.draft.id, expected_version=change.expected_version or 0, at=change.at, by=change.by
        )
    except (Conflict, Stale) as refusal:
        table.draft = service.alongside.load(Draft, table.draft.id)
        return table.page(answer=status_of(refusal), refusal=sentences.refusal(refusal))
    return RedirectResponse(f"/proposals?drawn={adopted.drawn_otherwise}", HTTPStatus.SEE_OTHER)
