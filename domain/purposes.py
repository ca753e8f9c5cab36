"""The closed list of purposes that a person can consent to. Holding one never implies another."""

from datetime import timedelta
from enum import StrEnum
from typing import Final

import msgspec


class Purpose(StrEnum):
    """Stable codes; `TERMS` says in plain words what each means."""

    MATCH_CONSIDER = "MATCH-CONSIDER"
    MATCH_PROPOSE = "MATCH-PROPOSE"
    CONTACT_SHARE = "CONTACT-SHARE"
    CONTACT_SERVICE = "CONTACT-SERVICE"
    COORD_NOTES = "COORD-NOTES"
    SAFE_SHARE = "SAFE-SHARE"
    STATS = "STATS"
    RESEARCH_CONTACT = "RESEARCH-CONTACT"
    RESEARCH_DATA = "RESEARCH-DATA"
    TRANSFER = "TRANSFER"


class Terms(msgspec.Struct, frozen=True):
    """What a purpose means: its plain words, who is told, and how long it lasts unless a grant says less."""

    words: str
    audience: str
    life: timedelta


_YEAR: Final = timedelta(days=365)
_MONTH: Final = timedelta(days=30)

TERMS: Final[dict[Purpose, Terms]] = {
    Purpose.MATCH_CONSIDER: Terms("be considered for matching", "the programme's coordinators", _YEAR),
    Purpose.MATCH_PROPOSE: Terms(
        "show what I ticked, under my handle, to a person proposed for me", "that person", _MONTH
    ),
    Purpose.CONTACT_SHARE: Terms("give my contact details to that person once we both accepted", "that person", _YEAR),
    Purpose.CONTACT_SERVICE: Terms("let the service write to me, in neutral words", "the service", _YEAR),
    Purpose.COORD_NOTES: Terms("let coordinators read my profile", "the programme's coordinators", _YEAR),
    Purpose.SAFE_SHARE: Terms("tell my named contact if someone fears for my life", "the named contact", _YEAR),
    Purpose.STATS: Terms("count me in statistics that name nobody", "the public", _YEAR),
    Purpose.RESEARCH_CONTACT: Terms("ask me whether I would join a study", "the named study", _YEAR),
    Purpose.RESEARCH_DATA: Terms("use my data without my name in a study", "the named study", _YEAR),
    Purpose.TRANSFER: Terms("move me to another organisation", "the named organisation", _MONTH),
}
