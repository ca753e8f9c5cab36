"""Where is the API described? In a document and a page of its own, both from this origin."""

from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api import problems
from api.access import CallerDep
from api.assets import address_of
from domain.errors import UnknownProblem

router = APIRouter(include_in_schema=False)

_PROBLEM: Final[dict[str, Any]] = {"model": problems.Problem, "content": {problems.MEDIA_TYPE: {}}}
PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    401: {**_PROBLEM, "description": "There is no token, or not a good one."},
    403: {**_PROBLEM, "description": "Your role does not include this."},
    404: {**_PROBLEM, "description": "There is no such thing, or it is not yours to see."},
    422: {**_PROBLEM, "description": "The request is not of the form this needs."},
}

PAGE: Final = f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Alongside API</title>
<link rel="stylesheet" href="{address_of("swagger/swagger-ui.css")}">
<div id="swagger-ui"></div>
<script src="{address_of("swagger/swagger-ui-bundle.js")}"></script>
<script src="{address_of("static/docs.js")}"></script>
</html>
"""


@router.get("/openapi.json")
def document(request: Request, _: CallerDep) -> dict[str, Any]:
    """Describe the API."""
    described: dict[str, Any] = request.app.openapi()
    return described


@router.get("/docs")
def page(_: CallerDep) -> HTMLResponse:
    """Show the description, and let the reader try it."""
    return HTMLResponse(PAGE)


@router.get("/problems/{name}")
def explain(name: str, _: CallerDep) -> dict[str, str]:
    """Explain a kind of refusal, so that a problem's `type` leads somewhere."""
    try:
        kind = problems.refusals()[name]
    except KeyError:
        raise UnknownProblem("There is no problem of this name.") from None
    return {"type": f"/problems/{name}", "title": problems.title(kind)}
