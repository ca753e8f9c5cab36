"""The two people of a match: what each sees of the other, accepts or leaves, and how they can be reached."""

from typing import Annotated
from uuid import UUID

import msgspec
from fastapi import APIRouter, Depends

from api.access import CallerDep, MomentDep, ServiceDep, ViewingDep
from api.meeting import OBLIGATIONS, Card, Met, met, open_card, see
from api.routes.resources import Contact, ContactChange, MatchCard, MatchSeen, WeeklyHour
from domain.contact import ContactDetails
from domain.errors import UnknownMatch
from domain.match import Match, Side

router = APIRouter(prefix="/api/people/{person_id}", tags=["meeting"])


def themselves(person_id: UUID, caller: CallerDep) -> UUID:
    """Give a person to themselves alone."""
    caller.must_be(person_id)
    return person_id


def side_of(caller: CallerDep, _: Annotated[UUID, Depends(themselves)]) -> Side:
    """Give the side on which a person asks."""
    return Side(caller.role)


def own_match(
    match_id: UUID,
    person: Annotated[UUID, Depends(themselves)],
    side: Annotated[Side, Depends(side_of)],
    service: ServiceDep,
) -> Match:
    """Give an approved match to one of its two people; to anybody else, and before, it is as if it were not there."""
    return match_of(service.alongside.load(Match, match_id), person, side)


def match_of(match: Match, person: UUID, side: Side) -> Match:
    """Give a match back if it is this person's to see. Raises `UnknownMatch`."""
    if match.persons(side)[0] != person:
        raise UnknownMatch("There is no such match.")
    match.must_have_been_met()
    return match


Themselves = Annotated[UUID, Depends(themselves)]
OwnSide = Annotated[Side, Depends(side_of)]
OwnMatch = Annotated[Match, Depends(own_match)]


@router.get("/matches")
def list_matches(person: Themselves, side: OwnSide, service: ServiceDep, moment: MomentDep) -> list[MatchSeen]:
    """List the matches that a coordinator approved for a person, the latest first."""
    return [_seen(each) for each in met(service.alongside, person, side, moment.at)]


@router.get("/matches/{match_id}")
def get_card(match: OwnMatch, side: OwnSide, service: ServiceDep, moment: MomentDep, viewing: ViewingDep) -> MatchCard:
    """Open the other side's card. It is recorded as a disclosure, before it is shown."""
    return _card(open_card(service.alongside, match, side, viewing, moment.at))


@router.put("/matches/{match_id}/acceptance")
def accept(match: OwnMatch, side: OwnSide, service: ServiceDep, moment: MomentDep) -> MatchSeen:
    """Accept a match. Once both have, each is shown the contact details that the other consented to."""
    accepted = service.alongside.accept_match(match.id, side, at=moment.at, by=side)
    return _seen(see(service.alongside, accepted, side, moment.at))


@router.delete("/matches/{match_id}/acceptance")
def leave(match: OwnMatch, side: OwnSide, service: ServiceDep, moment: MomentDep) -> MatchSeen:
    """Not this match, or no longer: it ends for both, no reason is asked, and the pair is not proposed again."""
    left = service.alongside.leave_match(match.id, side, at=moment.at, by=side)
    return _seen(see(service.alongside, left, side, moment.at))


@router.get("/contact-details")
def get_contact_details(person: Themselves, service: ServiceDep) -> Contact:
    """Give people how they themselves can be reached."""
    return Contact.model_validate(service.alongside.contact_of(person))


@router.put("/contact-details")
def change_contact_details(
    person: Themselves, contact: ContactChange, caller: CallerDep, service: ServiceDep, moment: MomentDep
) -> Contact:
    """Replace how one can be reached; what is left out is not there any more."""
    read = ContactDetails.read(name=contact.name, phone=contact.phone, email=contact.email)
    service.alongside.change_contact_details(person, read, at=moment.at, by=caller.signs_as)
    return Contact.model_validate(read)


def _seen(seen: Met) -> MatchSeen:
    return MatchSeen(match=seen.match, standing=seen.standing, handle=seen.handle)


def _card(card: Card) -> MatchCard:
    return MatchCard(
        match=card.met.match,
        standing=card.met.standing,
        handle=card.met.handle,
        about=msgspec.to_builtins(card.about),
        contact={str(name): value for name, value in card.contact.items()},
        obligations={str(duty): OBLIGATIONS[duty] for duty in card.obligations},
        meets=None if card.meets is None else WeeklyHour.model_validate(card.meets),
    )
