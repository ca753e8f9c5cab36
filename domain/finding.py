"""Finding people by what an organisation calls them, and where they take part."""

from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID

from domain.errors import AmbiguousReference, UnknownPerson
from domain.identity import member_id, mentor_id, person_id, programme_id
from domain.member import Member
from domain.mentor import Mentor
from domain.programme import Programme
from domain.store import Store


class Finding(Store):
    """Who somebody is, and which programmes they are in."""

    def find_person(self, reference: str, programmes: Sequence[str]) -> UUID:
        """Find a person by id or by the organisation's reference within these programmes."""
        found = {
            person
            for slug in programmes
            for person in self._candidates(reference, slug)
            if self.log.stream(member_id(person)) or self.log.stream(mentor_id(person))
        }
        if not found:
            raise UnknownPerson("There is no person of this reference or id.")
        if len(found) > 1:
            raise AmbiguousReference("Several programmes know this reference: say which programme is meant.")
        return found.pop()

    def programmes_of(self, person: UUID) -> set[UUID]:
        """Give the programmes that a person is in as member or mentor."""
        found = set()
        with suppress(UnknownPerson):
            found.add(self.load(Member, member_id(person)).programme_id)
        with suppress(UnknownPerson):
            found.add(self.load(Mentor, mentor_id(person)).programme_id)
        return found

    def _candidates(self, reference: str, slug: str) -> list[UUID]:
        by_reference = person_id(self.load(Programme, programme_id(slug)).namespace, reference)
        try:
            return [by_reference, UUID(reference)]
        except ValueError:
            return [by_reference]
