"""Can this be said so? What a word has to have, whoever says it, before it is recorded."""

from datetime import datetime

from domain.consent.stream import PersonsLedger
from domain.consent.words import Giver, Method, Scope, Word
from domain.errors import InvalidValue
from domain.purposes import TERMS, Purpose

PERSONS = {"member", "mentor"}


def must_fit(purpose: Purpose, scope: Scope) -> None:
    """Raise `InvalidValue` unless a consent to the purpose can go just so far."""
    terms = TERMS[purpose]
    if scope.fields is not None and (not scope.fields or not scope.fields <= terms.fields):
        names = ", ".join(sorted(terms.fields))
        raise InvalidValue(f"A consent to {purpose} is about at least one of: {names}; and about nothing else.")
    if terms.is_named and scope.named is None:
        raise InvalidValue(f"A consent to {purpose} names the one study, organisation or contact that it is for.")


def must_be_witnessed(method: Method, word: Word) -> None:
    """Raise `InvalidValue` unless a yes names the standing on which it is said and, where it needs one, a witness."""
    if (word.giver == Giver.SUBJECT) != (word.authority is None):
        raise InvalidValue(
            "Whoever speaks for somebody else names the standing by which they do, and nobody else does."
        )
    if word.witness is None:
        if method != Method.WEB:
            raise InvalidValue("A word that was not given in the person's own session needs a witness.")
    elif word.witness in PERSONS or not word.witness.strip():
        raise InvalidValue("A witness is a member of staff, and nobody whom the consent benefits.")


def past(said_at: datetime | None, at: datetime) -> datetime | None:
    """Give when something was said. Raises `InvalidValue` if that is after it is recorded."""
    if said_at is not None and said_at > at:
        raise InvalidValue("What was said is recorded after it was said, not before.")
    return said_at


def must_not_be_older_than_a_no(
    ledger: PersonsLedger, purpose: Purpose, named: str | None, word: Word, at: datetime
) -> None:
    """Raise `InvalidValue` if the person, or whoever now says yes for them, said no after this yes was said."""
    said = past(word.said_at, at) or at
    for stop in ledger.history.stops.get(purpose, []):
        is_theirs = stop.giver == Giver.SUBJECT or stop.authority == word.authority
        if is_theirs and stop.flaw is None and stop.named in {None, named} and stop.said > said:
            raise InvalidValue("They said no after the time at which this was signed. Ask them again.")
