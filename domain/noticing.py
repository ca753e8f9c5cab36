"""The use cases about what people read before they answer."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from domain.consent import ConsentLedger
from domain.errors import PersonErased
from domain.events import Entry
from domain.hearing import Hearing
from domain.insist import insist
from domain.ledgers import INSISTENCE
from domain.notice import Notice, is_language
from domain.purposes import Purpose
from domain.together import Together
from domain.wordings import LANGUAGE


class Noticing(Hearing):
    """Publishing wordings, recalling them, and finding the one that a person can read."""

    def publish_notice(
        self, programme: UUID, purpose: Purpose, language: str, text: str, *, at: datetime, by: str
    ) -> Notice:
        """Show a wording from now on. Consents that were given under another stay what they are."""

        def attempt() -> Notice:
            together = Together(self)
            notice = together.notice(programme, purpose, language)
            notice.publish(text, at=at, by=by)
            self.save(*together)
            return notice

        return insist(attempt, attempts=INSISTENCE)

    def recall_notice(
        self, programme: UUID, purpose: Purpose, language: str, version: int, why: str, *, at: datetime, by: str
    ) -> int:
        """Take a wording back, and with it every consent that was given under it; give how many people had given one.

        Done again after it was interrupted, it finishes what is left. Raises `UnknownNotice`.
        """

        def attempt() -> Notice:
            together = Together(self)
            notice = together.notice(programme, purpose, language)
            notice.recall(version, why, at=at, by=by)
            self.save(*together)
            return notice

        notice = insist(attempt, attempts=INSISTENCE)
        persons = {person for entry in self.log.read() if (person := _gave_under(entry, notice.id, version))}
        for person in persons:
            with suppress(PersonErased):
                self.end_recalled(person, notice, at=at)
        return len(persons)

    def notices(self, programme: UUID, languages: Sequence[str]) -> Mapping[Purpose, Notice]:
        """Give what somebody can read now for each purpose, in the first of their languages that there is.

        A purpose whose wordings were all recalled is left out: nobody can agree to it for now.
        """
        wanted = {
            (purpose, language): Notice.of(programme, purpose, language)
            for purpose in Purpose
            for language in dict.fromkeys((*filter(is_language, languages), LANGUAGE))
        }
        stored = self.log.streams({notice.id for notice in wanted.values()})
        found: dict[Purpose, Notice] = {}
        for (purpose, _), notice in wanted.items():
            for entry in stored[notice.id]:
                notice.follow(entry)
            if notice.current is not None:
                found.setdefault(purpose, notice)
        return found


def _gave_under(entry: Entry, notice: UUID, version: int) -> UUID | None:
    event = entry.event
    if not isinstance(event, ConsentLedger.Granted) or event.wording is None:
        return None
    return event.person_id if (event.wording.notice, event.wording.version) == (notice, version) else None
