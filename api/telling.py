"""What is known of a person, field by field, in words: read only once the ledger says that it is told."""

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from typing import Any, Final
from uuid import UUID

import msgspec

from domain.application import Alongside
from domain.errors import UnknownPerson
from domain.identity import member_id, mentor_id
from domain.member import Member
from domain.mentor import Mentor
from domain.purposes import Field

Said = Mapping[str, Any]


def _codes(found: Collection[str]) -> str:
    return ", ".join(found)


_VALUES: Final[Mapping[Field, Callable[[Said], str | None]]] = {
    Field.NEEDS: lambda said: _codes([need.code for need in said["needs"]]),
    Field.URGENCY: lambda said: _codes(sorted({need.urgency for need in said["needs"]})),
    Field.WAITING_SINCE: lambda said: said["waiting_since"].isoformat(),
    Field.OFFERS: lambda said: _codes(said["offers"]),
    Field.LIVED_EXPERIENCE: lambda said: _codes([lived.tag for lived in said["lived_experience"]]),
    Field.LANGUAGES: lambda said: _codes(said["languages"]),
    Field.CONTACT_MODES: lambda said: _codes(said["contact_modes"]),
    Field.AVAILABILITY: lambda said: _codes([str(each) for each in (*said["availability"], *said["calendar"].dated)]),
    Field.TIME_ZONE: lambda said: said["time_zone"],
    Field.GENDER: lambda said: said["gender"],
    Field.AGE: lambda said: None if said["age"] is None else str(said["age"]),
    Field.PREFERENCES: lambda said: said["preferences"].mentor_gender,
    Field.NAME: lambda said: said["name"],
    Field.PHONE: lambda said: said["phone"],
    Field.EMAIL: lambda said: said["email"],
}


def tell(alongside: Alongside, person: UUID, fields: Collection[Field]) -> dict[Field, str | None]:
    """Give these fields of a person in words; None for what nobody knows. What they say as a member comes first."""
    profiles = []
    with suppress(UnknownPerson):
        profiles.append(msgspec.structs.asdict(alongside.load(Member, member_id(person)).profile))
    with suppress(UnknownPerson):
        profiles.append(msgspec.structs.asdict(alongside.load(Mentor, mentor_id(person)).profile))
    return {field: next(filter(None, (_value(said, field) for said in profiles)), None) for field in sorted(fields)}


def _value(said: Said, field: Field) -> str | None:
    try:
        return _VALUES[field](said)
    except KeyError:
        return None
