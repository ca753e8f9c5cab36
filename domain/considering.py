"""What may the optimiser be told of a person? What they ticked. Nobody is matched of whom that is too little."""

from datetime import datetime
from typing import Final
from uuid import UUID

from domain.consent import Audience, ConsentLedger, decide
from domain.purposes import Field, Purpose

# Without the first four no rule can be kept at all. The others are rules that guard people: one that may not be looked
# at is not taken for one that is not there.
_NEEDED: Final = frozenset(
    {Field.LANGUAGES, Field.CONTACT_MODES, Field.AVAILABILITY, Field.TIME_ZONE, Field.BOUNDARIES}
)
NEEDED_OF_MEMBERS: Final = _NEEDED | {Field.NEEDS, Field.PREFERENCES}
NEEDED_OF_MENTORS: Final = _NEEDED | {Field.OFFERS}


def criteria(ledger: ConsentLedger | None, programme: UUID, at: datetime) -> frozenset[Field]:
    """Give the fields of a person that the optimiser of a programme may be told."""
    if ledger is None:
        return frozenset()
    # Who may be told what differs from field to field by no more than the fields that are covered.
    decision = decide(ledger, Purpose.MATCH_CONSIDER, Field.LANGUAGES, Audience.optimiser(programme), at)
    return decision.fields if decision.permit else frozenset()
