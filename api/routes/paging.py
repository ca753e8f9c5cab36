"""Which page of a list is asked for, and where is the next one?"""

from typing import Annotated, TypeVar

from fastapi import Depends, Query, Request, Response

from api.showing.page import LONGEST_PAGE, Page, Paging

T = TypeVar("T")


class AskedPage:
    """The page that a request asks for, and what leads on to the next one."""

    def __init__(
        self,
        request: Request,
        response: Response,
        page: Annotated[int, Query(ge=1, le=1_000_000, description="Which page, from 1.")] = 1,
        limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE, description="How many rows a page.")] = LONGEST_PAGE,
    ) -> None:
        self.paging = Paging(page, limit)
        self._url, self._response = request.url, response

    def rows(self, page: Page[T]) -> list[T]:
        """Give the rows of a page; a `Link` header (RFC 8288) leads to the next one, if there is one."""
        if page.next is not None:
            following = self._url.include_query_params(page=page.next, limit=self.paging.size)
            self._response.headers["Link"] = f'<{following.path}?{following.query}>; rel="next"'
        return page.rows


AskedPageDep = Annotated[AskedPage, Depends()]
