"""What does somebody see when a page cannot be shown?"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from fastapi import Request
from fastapi.responses import Response

from api.pages.layout import render
from api.pages.sign_in import sign_in_page

HEADINGS: Final = {
    HTTPStatus.FORBIDDEN: "This is not open to you",
    HTTPStatus.NOT_FOUND: "There is nothing here",
    HTTPStatus.METHOD_NOT_ALLOWED: "This page does not do that",
    HTTPStatus.CONFLICT: "That was not possible",
    HTTPStatus.PRECONDITION_FAILED: "This was changed in the meantime",
    HTTPStatus.UNPROCESSABLE_ENTITY: "Something in the form was not right",
    HTTPStatus.SERVICE_UNAVAILABLE: "Please try again in a moment",
}


def problem_page(request: Request, problem: Mapping[str, Any]) -> Response:
    """Show a problem in plain words with a way back; whoever needs a token is asked for one and then led on."""
    status = HTTPStatus(problem["status"])
    if status == HTTPStatus.UNAUTHORIZED:
        asked = f"{request.url.path}?{request.url.query}".removesuffix("?")
        return sign_in_page(request, wanted=asked if request.method == "GET" else "/")
    heading = HEADINGS.get(status, "Something went wrong")
    detail = "" if problem["detail"] == status.phrase else problem["detail"]
    is_refused = status < HTTPStatus.INTERNAL_SERVER_ERROR and request.method != "GET"
    return render("problem.html", status=status, heading=heading, detail=detail, is_refused=is_refused)
