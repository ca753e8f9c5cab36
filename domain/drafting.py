"""The use cases of planning: a draft is opened, changed and discarded. It is adopted as a round is recorded."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from domain.draft import Draft, Standpoint
from domain.events import Command
from domain.store import Store


class Drafting(Store):
    """What coordinators do with drafts."""

    def open_draft(
        self, programme: UUID, standpoint: Standpoint, *, at: datetime, by: str, command: Command | None = None
    ) -> Draft:
        """Begin to plan on a programme's pool."""
        draft = Draft.open(programme, standpoint, at=at, by=by)
        self.save(draft, command=command)
        return draft

    def change_draft(
        self,
        draft_id: UUID,
        change: Callable[[Draft], object],
        *,
        expected_version: int | None = None,
        command: Command | None = None,
    ) -> Draft:
        """Change a draft; what `change` refuses is not recorded."""
        with self.changing(Draft, draft_id, expected_version, command) as draft:
            change(draft)
        return draft

    def discard_draft(
        self,
        draft_id: UUID,
        *,
        at: datetime,
        by: str,
        expected_version: int | None = None,
        command: Command | None = None,
    ) -> Draft:
        """Let a draft come to nothing."""
        with self.changing(Draft, draft_id, expected_version, command) as draft:
            draft.discard(at=at, by=by)
        return draft
