"""Whom am I matched with, what did they share with me, and do I want this?"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from api.access import Caller, MomentDep, ServiceDep, ViewingDep, only
from api.draws import OwnDraw, own_draw
from api.meeting import OBLIGATIONS, Card, Standing, met, open_card
from api.pages import sentences
from api.pages.dates import ahead, in_words
from api.pages.layout import ShowDep
from api.pages.week import hours_by_day
from api.problems import status_of
from api.routes.meeting import match_of
from domain.access import Actor
from domain.errors import NoLongerAvailable, NotYourRole, UnknownDraw
from domain.match import Match, Side
from domain.purposes import Field
from domain.values import WeeklyWindow

router = APIRouter()

Person = Annotated[Caller, Depends(only(Actor.MEMBER, Actor.MENTOR))]
Decision = Literal["accept", "leave"]

ADDRESS: Final = {Side.MEMBER: "/my-match", Side.MENTOR: "/my-members"}
HEARD: Final[Mapping[Decision, str]] = {
    "accept": "You accepted. Thank you for saying so.",
    "leave": "This match has ended. Nobody asks you why.",
}
SAID: Final[Mapping[Field, tuple[str, Callable[[Any], str]]]] = {
    Field.NEEDS: ("Looks for help with", sentences.codes),
    Field.OFFERS: ("Can help with", sentences.codes),
    Field.LIVED_EXPERIENCE: ("Has lived through", sentences.codes),
    Field.LANGUAGES: ("Speaks", sentences.languages),
    Field.CONTACT_MODES: ("Can be in touch by", sentences.contact_modes),
    Field.GENDER: ("Gender", sentences.code),
    Field.AGE: ("Age", str),
    Field.TIME_ZONE: ("Time zone", str),
    Field.NAME: ("Name", str),
    Field.PHONE: ("Phone", str),
    Field.EMAIL: ("E-mail", str),
}


@dataclass(frozen=True)
class Shown:
    """A card in words; `hours` and `dates` are those of the other's own time zone, `meets` is on one's own clock."""

    card: Card
    about: list[tuple[str, str]]
    hours: list[tuple[str, list[str]]]
    dates: list[str]
    contact: list[tuple[str, str]]
    duties: list[str]
    meets: str


class OwnMatches:
    """Shows people the matches of their role, and carries out what they say to them."""

    def __init__(
        self,
        request: Request,
        show: ShowDep,
        caller: Person,
        service: ServiceDep,
        moment: MomentDep,
        viewing: ViewingDep,
    ) -> None:
        assert caller.person_id is not None, "a token of this role names a person"
        self._person, self._side = caller.person_id, Side(caller.role)
        self._show, self._alongside, self._viewing = show, service.alongside, viewing
        self._at, self._today = moment.at, moment.today
        self.address = ADDRESS[self._side]
        if not request.url.path.startswith(self.address):
            raise NotYourRole("This is for people in another role.")

    def listed(self, said: Decision | None) -> Response:
        """Show all matches that a coordinator approved, and nothing more of the others than their handles."""
        found = met(self._alongside, self._person, self._side, self._at)
        return self._show(
            "my_matches.html",
            side=self._side,
            address=self.address,
            heard=HEARD[said] if said else "",
            matches=found,
            states=sentences.STANDINGS,
            is_gone=Standing.NO_LONGER_AVAILABLE,
        )

    def opened(self, match_id: UUID, *, heard: str = "", refusal: str = "", status: int = HTTPStatus.OK) -> Response:
        """Open a card: a disclosure."""
        match = self._find(match_id)
        card = open_card(self._alongside, match, self._side, self._viewing, self._at)
        return self._show(
            "my_match.html",
            status=status,
            address=self.address,
            heard=heard,
            refusal=refusal,
            shown=_in_words(card, self._today),
            draw=self._draw(match),
            state=sentences.STANDINGS[card.met.standing],
            Standing=Standing,
        )

    def decide(self, match_id: UUID, decision: Decision) -> Response:
        """Accept a match or leave it."""
        match = self._find(match_id)
        act = self._alongside.accept_match if decision == "accept" else self._alongside.leave_match
        try:
            act(match.id, self._side, at=self._at, by=self._side)
        except NoLongerAvailable as refusal:
            return self.opened(match_id, refusal=refusal.message, status=status_of(refusal))
        back = f"{self.address}/{match.id}" if decision == "accept" else self.address
        return RedirectResponse(f"{back}?said={decision}", HTTPStatus.SEE_OTHER)

    def _draw(self, match: Match) -> OwnDraw | None:
        with suppress(UnknownDraw):
            return own_draw(self._alongside, match)
        return None

    def _find(self, match_id: UUID) -> Match:
        return match_of(self._alongside.load(Match, match_id), self._person, self._side)


OwnMatchesDep = Annotated[OwnMatches, Depends()]


@router.get("/my-match")
@router.get("/my-members")
def list_matches(page: OwnMatchesDep, said: Annotated[Decision | None, Query()] = None) -> Response:
    """Show people whom they are matched with."""
    return page.listed(said)


@router.get("/my-match/{match_id}")
@router.get("/my-members/{match_id}")
def open_match(page: OwnMatchesDep, match_id: UUID, said: Annotated[Decision | None, Query()] = None) -> Response:
    """Open the card of the other side of a match."""
    return page.opened(match_id, heard=HEARD[said] if said else "")


@router.post("/my-match/{match_id}")
@router.post("/my-members/{match_id}")
def decide(page: OwnMatchesDep, match_id: UUID, decision: Annotated[Decision, Form()]) -> Response:
    """Accept a match, or end it."""
    return page.decide(match_id, decision)


def _in_words(card: Card, today: date) -> Shown:
    said = card.about.get(Field.AVAILABILITY, [])
    week = hours_by_day([each for each in said if isinstance(each, WeeklyWindow)])
    return Shown(
        card=card,
        about=_lines(card.about),
        hours=[(day, times) for day, times in week if times],
        dates=[in_words(each) for each in ahead((each for each in said if not isinstance(each, WeeklyWindow)), today)],
        contact=_lines(card.contact),
        duties=[OBLIGATIONS[duty] for duty in card.obligations],
        meets="" if card.meets is None else sentences.weekly(card.meets.day, card.meets.start_minute),
    )


def _lines(told: Mapping[Field, Any]) -> list[tuple[str, str]]:
    return [(SAID[name][0], SAID[name][1](value)) for name, value in told.items() if name in SAID]
