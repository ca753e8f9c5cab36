"""Noting who looks into people's consents, before they are answered."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends

from api.access import CallerDep, MomentDep, ServiceDep
from api.auditing.asking import Clocks
from domain.access import PERSONAL_ROLES


class Note:
    """Notes what auditors and coordinators ask. People who look at what is their own are not noted."""

    def __init__(self, service: ServiceDep, caller: CallerDep, moment: MomentDep) -> None:
        self._alongside, self._caller, self._at = service.alongside, caller, moment.at

    def __call__(self, query: str, *, person: UUID | None = None, asked: Clocks | None = None) -> None:
        """Note a question by its name, whom it is about, and as of when it is asked."""
        if self._caller.role not in PERSONAL_ROLES:
            self._alongside.note_query(
                query,
                programme=self._caller.programme_id,
                person=person,
                as_of=asked.at if asked else None,
                known_at=asked.known_at if asked else None,
                at=self._at,
                by=self._caller.account,
            )


NoteDep = Annotated[Note, Depends()]
