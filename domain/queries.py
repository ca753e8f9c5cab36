"""The use case of looking into people's consents: it is noted before anything is told."""

from datetime import datetime
from uuid import UUID

from domain.audit_trail import AuditTrail
from domain.insist import insist
from domain.ledgers import INSISTENCE
from domain.store import Store


class Queries(Store):
    """Noting what auditors, and coordinators who look where auditors do, ask."""

    def note_query(
        self,
        query: str,
        *,
        at: datetime,
        by: str,
        programme: UUID | None = None,
        person: UUID | None = None,
        as_of: datetime | None = None,
        known_at: int | None = None,
    ) -> None:
        """Record a question by its name, whom it is about, and the instant and position that it is asked for."""

        def attempt() -> None:
            trail = AuditTrail.of(programme, by, at)
            for entry in self.log.stream(trail.id):
                trail.follow(entry)
            trail.note(query, programme=programme, person=person, as_of=as_of, known_at=known_at, at=at, by=by)
            self.save(trail)

        insist(attempt, attempts=INSISTENCE)
