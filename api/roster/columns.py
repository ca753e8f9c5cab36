"""Which columns does a roster have, and what is expected in each?"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final, Generic, TypeVar

from api.roster.cells import (
    LIST_MARK,
    Misread,
    code,
    day,
    each,
    language,
    name,
    number,
    one_of,
    person_said,
    plain,
    time_zone,
)
from api.roster.hours import Hours, hours
from domain import contact
from domain.purposes import Purpose
from domain.values import ContactMode, Role, Urgency

T = TypeVar("T")


class Blank(Enum):
    """What an empty cell means where nothing may stand for it."""

    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Column(Generic[T]):
    """One column: how its cells are read, and what an empty or absent one means."""

    name: str
    expected: str
    parse: Callable[[str], T]
    blank: T | Blank = Blank.REFUSED

    @property
    def is_required(self) -> bool:
        """Whether the column must be there, and filled in every row."""
        return isinstance(self.blank, Blank)

    def read(self, cell: str) -> T | Misread:
        """Give what the cell means, or a `Misread` that says what was expected instead."""
        try:
            text = plain(cell)
            if text:
                return self.parse(text)
            if isinstance(self.blank, Blank):
                return Misread(f"{self.expected}; the cell is empty")
        except Misread as misread:
            look = f" (look at item {misread.item})" if misread.item else ""
            return Misread(f"{misread.expected or self.expected}{look}")
        return self.blank


LONGEST_WAIT_BEGAN: Final = date(1970, 1, 1)
CONSENT_WORDS: Final = {
    "matching": Purpose.MATCH_CONSIDER,
    "share-profile": Purpose.MATCH_PROPOSE,
    "share-contact": Purpose.CONTACT_SHARE,
}

_MAY_NOT_BEGIN: Final = "not beginning with `=`, `+`, `-` or `@`"
_JOINED: Final = f"joined with `{LIST_MARK}`"
_NO_CODES: Final[tuple[str, ...]] = ()


def _words(words: list[str]) -> str:
    return f"{', '.join(f'`{word}`' for word in words[:-1])} or `{words[-1]}`"


def _codes(column: str, examples: str) -> Column[tuple[str, ...]]:
    return Column(column, f"codes such as `{examples}`, in small letters, digits and hyphens, {_JOINED}", each(code))


def _optional_codes(column: str, examples: str) -> Column[tuple[str, ...]]:
    required = _codes(column, examples)
    return Column(column, f"nothing or {required.expected}", required.parse, _NO_CODES)


REF: Final = Column("ref", f"the person's reference, such as `S-000123`, {_MAY_NOT_BEGIN}", name)
HANDLE: Final = Column("handle", f"a name that others may see, such as `Olive Crane 7`, {_MAY_NOT_BEGIN}", name)
TIME_ZONE: Final = Column("time_zone", "a time zone of the IANA database, such as `Europe/Lisbon`", time_zone)
LANGUAGES: Final = Column(
    "languages", f"language codes of two or three letters, such as `pt;en`, without a region, {_JOINED}", each(language)
)
CONTACT_MODES: Final = Column(
    "contact_modes",
    f"{_words(list(ContactMode))}, {_JOINED}",
    each(one_of({str(mode): mode for mode in ContactMode})),
)
AVAILABILITY: Final[Column[Hours]] = Column(
    "availability", f"windows such as `Mon 18:00-20:00`, whole or half hours, {_JOINED}", hours
)
LIVED_EXPERIENCE: Final = _optional_codes("lived_experience", "anxiety;long-illness")
NOT_MATCHABLE: Final = _optional_codes("not_matchable", "anxiety")
GENDER: Final[Column[str | None]] = Column(
    "gender", "nothing or one word such as `woman`, `man` or `nonbinary`", code, blank=None
)
AGE: Final[Column[int | None]] = Column("age", "nothing or a whole number from 13 to 120", number(13, 120), blank=None)
NAME: Final[Column[str | None]] = Column(
    "name", f"nothing or {contact.NAME_EXPECTED}, {_MAY_NOT_BEGIN}", person_said(contact.full_name), blank=None
)
PHONE: Final[Column[str | None]] = Column(
    "phone", f"nothing or {contact.PHONE_EXPECTED}", person_said(contact.phone_number), blank=None
)
EMAIL: Final[Column[str | None]] = Column(
    "email", f"nothing or {contact.EMAIL_EXPECTED}", person_said(contact.email_address), blank=None
)
CONSENTS: Final[Column[tuple[Purpose, ...]]] = Column(
    "consents", f"nothing or {_words(list(CONSENT_WORDS))}, {_JOINED}", each(one_of(CONSENT_WORDS)), blank=()
)
CONSENTED_ON: Final[Column[date | None]] = Column(
    "consented_on", "nothing or a date such as `2026-03-31`, not after today", day, blank=None
)

NEEDS: Final = _codes("needs", "housing;benefits")
URGENCY: Final = Column("urgency", _words(list(Urgency)), one_of({str(urgency): urgency for urgency in Urgency}))
WAITING_SINCE: Final = Column(
    "waiting_since", f"a date such as `2026-03-31`, from {LONGEST_WAIT_BEGAN.year} on and not after today", day
)
AVOID_TOPICS: Final = _optional_codes("avoid_topics", "substance-use")
MENTOR_GENDER: Final[Column[str]] = Column(
    "mentor_gender",
    "nothing, `any`, a gender such as `woman`, or `same` where the row gives a gender",
    code,
    blank="any",
)

ROLE: Final = Column("role", _words(list(Role)), one_of({str(role): role for role in Role}))
OFFERS: Final = _codes("offers", "housing;benefits")
DECLINES: Final = _optional_codes("declines", "substance-use")
CAPACITY: Final = Column("capacity", "a whole number from 0 to 100", number(0, 100))
TRAINED_UNTIL: Final = Column("trained_until", "a date such as `2026-03-31`", day)
SUPERVISOR: Final = Column("supervisor", f"the supervisor's reference, such as `SUP-012`, {_MAY_NOT_BEGIN}", name)
