"""What has become of a consent: a later one replaces it, or a no ends it."""

from domain.consent.history import Grant
from domain.consent.stream import PersonsLedger
from domain.purposes import Purpose


def given_at(ledger: PersonsLedger, version: int) -> Grant | None:
    """Give the consent that was given at a version of a ledger."""
    return next((grant for grant in _all(ledger) if grant.version == version), None)


def last_of(ledger: PersonsLedger, grant: Grant) -> Grant:
    """Give what has replaced a consent, or the consent itself."""
    for later in ledger.history.grants.get(grant.purpose, []):
        if later.supersedes == grant.consent_id:
            return last_of(ledger, later)
    return grant


def has_ended(ledger: PersonsLedger, grant: Grant) -> bool:
    """Say whether a no has ended a consent; one that only ran out has not."""
    return any(stop.ends(grant) for stop in ledger.history.stops.get(grant.purpose, []))


def given_under(ledger: PersonsLedger, purpose: Purpose, wordings: set[str]) -> list[Grant]:
    """Give the consents that were given under wordings of these digests, and that no no has ended."""
    return [
        grant for grant in not_ended(ledger, purpose) if grant.wording is not None and grant.wording.sha256 in wordings
    ]


def not_ended(ledger: PersonsLedger, purpose: Purpose) -> list[Grant]:
    """Give the consents to a purpose that no no has ended, also those that have run out."""
    return [grant for grant in ledger.history.grants.get(purpose, []) if not has_ended(ledger, grant)]


def is_asked(ledger: PersonsLedger, purpose: Purpose) -> bool:
    """Say whether the person was asked for a consent and has not answered since, not even with "not now"."""
    askings = [asking for asking in ledger.history.askings if asking.purpose == purpose]
    if not askings or askings[-1].is_deferred:
        return False
    grants, stops = ledger.history.grants.get(purpose, []), ledger.history.stops.get(purpose, [])
    answered = [*(grant.place.version for grant in grants), *(stop.place.version for stop in stops)]
    return max(answered, default=0) < askings[-1].place.version


def _all(ledger: PersonsLedger) -> list[Grant]:
    return [grant for grants in ledger.history.grants.values() for grant in grants]
