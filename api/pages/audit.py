"""Was anybody told anything without a consent, what changed between two days, and why was something told?"""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response

from api.access import Auditor, ReadModels, ServiceDep
from api.auditing.changes import Changes
from api.auditing.unjustified import Unjustified, unjustified
from api.noting import NoteDep
from api.pages.layout import ShowDep
from api.pages.search import handles
from api.routes.auditing import LARGEST_POSITION, changes_in, why_in

router = APIRouter(prefix="/audit")

Place = Annotated[str, Query(max_length=40)]


@router.get("")
def show_audit(
    show: ShowDep,
    caller: Auditor,
    service: ServiceDep,
    read_models: ReadModels,
    note: NoteDep,
    *,
    unjustified_too: Annotated[bool, Query(alias="unjustified")] = False,
    earlier: Place = "",
    later: Place = "",
) -> Response:
    """Show both questions about the whole programme, and the answer to the one that is asked."""
    rows: list[Unjustified] | None = None
    changes: Changes | None = None
    if unjustified_too:
        note("unjustified")
        rows = unjustified(service.alongside.log.read(), caller.programme_id)
    elif earlier.strip() and later.strip():
        note("diff")
        changes = changes_in(service, caller.programme_id, earlier, later, None)
    about = {each.person for each in (changes.changes if changes else rows or [])}
    return show(
        "audit.html",
        head=service.alongside.log.head(),
        earlier=earlier,
        later=later,
        rows=rows,
        changes=changes,
        handles=handles(read_models, about),
    )


@router.get("/disclosures/{position}")
def show_disclosure(
    show: ShowDep,
    caller: Auditor,
    service: ServiceDep,
    read_models: ReadModels,
    note: NoteDep,
    position: Annotated[int, Path(ge=1, le=LARGEST_POSITION)],
) -> Response:
    """Show why something was told or done."""
    found = why_in(service, caller.programme_id, position)
    note("why", person=found.person)
    people = {found.person} | ({found.what.viewer} if found.what.viewer else set())
    return show("disclosure.html", why=found, handles=handles(read_models, people))
