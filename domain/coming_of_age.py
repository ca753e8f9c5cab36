"""When is somebody surely of age, if only their age in years is known?"""

from datetime import UTC, date, datetime, timedelta
from typing import Final

from domain.consent import ConsentLedger
from domain.programme import Policy

MAJORITY: Final = 18
_YEAR: Final = timedelta(days=365)


def of_age_on(age: int, today: date) -> date:
    """Give the day on which somebody who is this old today is surely of age: their birthday may be today."""
    year = today.year + MAJORITY - age
    try:
        return today.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def note_age(
    ledger: ConsentLedger, age: int | None, policy: Policy, *, is_said_anew: bool, at: datetime, by: str
) -> bool:
    """Record that somebody is a minor, or no longer is, as far as their age in years says; say whether it says so anew.

    An age that has stood in a roster for long says nothing about today. One that is said anew makes the day known
    better, unless the two cannot both be true: then it replaces it.
    """
    known, version, today = ledger.minority, ledger.version, at.astimezone(UTC).date()
    if age is None or (known is not None and not is_said_anew):
        return False
    if age < MAJORITY:
        until = of_age_on(age, today)
        if known is not None and until - known.until < _YEAR:
            until = min(until, known.until)
        ledger.record_minority(until, consents_alone=age >= policy.consents_alone_from, at=at, by=by)
    elif known is not None and today < known.until:
        ledger.record_minority(today, consents_alone=known.alone, at=at, by=by)
    return ledger.version > version
