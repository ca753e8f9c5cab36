"""What stands of everything that was said: the consents that were given, and those that no no has ended."""

from datetime import datetime
from uuid import UUID

from domain.consent.history import Grant
from domain.consent.lineage import has_ended
from domain.consent.stream import PersonsLedger
from domain.consent.words import Giver
from domain.purposes import Purpose


class Holding(PersonsLedger):
    """The part of a ledger that finds consents in it."""

    @property
    def grants(self) -> dict[Purpose, Grant]:
        """The latest consent to each purpose, of the last of everybody, that no no has ended; it may have run out."""
        return {
            purpose: grant
            for purpose, grants in self.history.grants.items()
            if (grant := self._unended(grants)) is not None
        }

    def has_heard_of(self, purpose: Purpose) -> bool:
        """Say whether the person ever said yes or no to a purpose."""
        return purpose in self.history.grants or purpose in self.history.stops

    def given(self, consent: UUID) -> Grant | None:
        """Give a consent by its id."""
        grants = (grant for grants in self.history.grants.values() for grant in grants)
        return next((grant for grant in grants if grant.consent_id == consent), None)

    def unended(self, purpose: Purpose, named: str | None = None) -> Grant | None:
        """Give the latest consent to a purpose, or to one whom it names, unless a no has ended it."""
        grants = self.history.grants.get(purpose, [])
        return self._unended([grant for grant in grants if named is None or grant.named == named])

    def unended_on(self, authority: UUID | None, purpose: Purpose, named: str | None) -> Grant | None:
        """Give the latest consent on a standing to a purpose, or to one whom it names, unless a no has ended it."""
        return self._unended(
            [
                grant
                for grant in self.history.grants.get(purpose, [])
                if grant.authority == authority and named in {None, grant.named}
            ]
        )

    def _unended(self, grants: list[Grant]) -> Grant | None:
        """Give the latest of the last on every standing that no no has ended; a guardian's only for want of others."""
        last = {grant.authority: grant for grant in sorted(grants, key=_when)}
        unended = [grant for grant in last.values() if not has_ended(self, grant)]
        return max(unended, key=lambda grant: (grant.giver != Giver.GUARDIAN, _when(grant)), default=None)


def _when(grant: Grant) -> tuple[datetime, int]:
    return grant.said, grant.place.version
