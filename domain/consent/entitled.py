"""May somebody say this for the person? Asked before their word is recorded; whether it counts, `decide` says.

What is asked here must not know of harm that was recorded: who does harm is answered like anybody else.
"""

from datetime import datetime

from domain.consent.deciding import needs_guardian, own_word_at
from domain.consent.decision import Reason
from domain.consent.history import Standing
from domain.consent.stream import PersonsLedger
from domain.consent.words import Giver, Word
from domain.errors import AskThemFirst, StandingMissing, TheySaidNo
from domain.purposes import Purpose


def must_have_standing(ledger: PersonsLedger, purpose: Purpose, word: Word, at: datetime) -> None:
    """Raise `StandingMissing` unless whoever gives a word is the person, or may speak for them about the purpose.

    They could when they said it, and can now.
    """
    if word.giver == Giver.SUBJECT:
        return
    said = word.said_at or at
    ended = {end.standing_id for end in ledger.history.standing_ends}
    if not any(
        standing.standing_id not in ended and standing.said <= said <= at < standing.expires_at
        for standing in ledger.history.standings
        if _is_for(standing, purpose, word)
    ):
        raise StandingMissing("Nobody may say this on that standing: it is about something else, has ended or run out.")


def must_be_free_to_agree(
    ledger: PersonsLedger, purpose: Purpose, word: Word, at: datetime, *, named: str | None
) -> None:
    """Raise `TheySaidNo` or `AskThemFirst` where a yes is said for somebody who did not want it, or was not asked.

    A minor says yes first, then the guardian. A delegate says nothing against the person's own no, and nothing for a
    minor.
    """
    if word.giver == Giver.SUBJECT:
        return
    agreed = own_word_at(ledger, purpose, at=at, named=named) == Reason.GIVEN
    if not agreed and _said_no(ledger, purpose, named):
        raise TheySaidNo("They were asked and said no.")
    if word.giver == Giver.GUARDIAN and not agreed:
        raise AskThemFirst("They are asked first, and have not said yes themselves.")
    if word.giver == Giver.DELEGATE and needs_guardian(ledger, at):
        raise StandingMissing("For somebody who is not of age, a guardian speaks.")


def _is_for(standing: Standing, purpose: Purpose, word: Word) -> bool:
    return (standing.standing_id, standing.giver) == (word.authority, word.giver) and purpose in standing.purposes


def _said_no(ledger: PersonsLedger, purpose: Purpose, named: str | None) -> bool:
    """Say whether the person's own last word is a no, whatever became of a yes of theirs since."""
    own = [
        grant
        for grant in ledger.history.grants.get(purpose, [])
        if grant.giver == Giver.SUBJECT and (named is None or grant.named in {None, named})
    ]
    return any(
        all(stop.ends(grant) for grant in own)
        for stop in ledger.history.stops.get(purpose, [])
        if stop.giver == Giver.SUBJECT and stop.flaw is None and (named is None or stop.named in {None, named})
    )
