"""Who has been told what about me?"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Final, NamedTuple

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from api.access import Caller, ServiceDep, only
from api.emergencies import told_of_me
from api.pages import sentences
from api.pages.layout import ShowDep
from api.showing.page import Page, Paging
from domain.access import Actor
from domain.consent import Channel, ConsentLedger
from domain.purposes import TERMS

router = APIRouter()

ROWS_A_PAGE: Final = 50

Person = Annotated[Caller, Depends(only(Actor.MEMBER, Actor.MENTOR))]


class Telling(NamedTuple):
    """Something that was told, in words; what is alike on one day is one line."""

    when: str
    who: str
    what: str
    why: str
    how: str


@dataclass(frozen=True)
class Line:
    """A telling, and how often it was so on that day."""

    telling: Telling
    times: str


@router.get("/my-disclosures")
def show_disclosures(
    show: ShowDep, caller: Person, service: ServiceDep, page: Annotated[int, Query(ge=1)] = 1
) -> Response:
    """Show people who was told what about them: first what left the service, then all the rest, the latest first."""
    assert caller.person_id is not None, "a token of this role names a person"
    entries = service.alongside.ledger_entries(caller.person_id)
    told = [entry.event for entry in reversed(entries) if isinstance(entry.event, ConsentLedger.Disclosed)]
    lines = _lines(each for each in told if each.channel != Channel.EXPORT)
    pages = Paging(size=ROWS_A_PAGE).pages_of(len(lines))
    number = min(page, pages)
    return show(
        "my_disclosures.html",
        emergencies=told_of_me(service.alongside.ledger_of(caller.person_id, entries)),
        exports=_lines(each for each in told if each.channel == Channel.EXPORT),
        lines=lines[(number - 1) * ROWS_A_PAGE : number * ROWS_A_PAGE],
        list=Page(lines, number, pages),
        address="/my-disclosures",
    )


def _lines(told: Iterable[ConsentLedger.Disclosed]) -> list[Line]:
    found = Counter(map(_telling, told))
    return [Line(telling, "" if number == 1 else f"{number} times") for telling, number in found.items()]


def _telling(event: ConsentLedger.Disclosed) -> Telling:
    return Telling(
        when=sentences.day(event.at),
        who=sentences.told_whom(event.role, event.audience),
        what=sentences.codes(event.fields),
        why=sentences.sentence(TERMS[event.purpose].words),
        how=sentences.CHANNELS[event.channel],
    )
