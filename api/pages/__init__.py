"""The pages that people use: forms and links that need no script."""

from fastapi import APIRouter

from api.pages import (
    audit,
    availability,
    consents,
    demo,
    drafts,
    draws,
    emergencies,
    erasures,
    links,
    mentors,
    my_blocks,
    my_calendar,
    my_consents,
    my_contact,
    my_disclosures,
    my_matches,
    people,
    proposals,
    receipts,
    sign_in,
    speaking,
    waiting,
)

pages = APIRouter(include_in_schema=False)
for _part in (
    my_matches,
    my_calendar,
    my_contact,
    my_blocks,
    my_disclosures,
    receipts,
    links,
    speaking,
    emergencies,
    draws,
    drafts,
):
    pages.include_router(_part.router)
for _part in (sign_in, demo, proposals, waiting, mentors, availability, my_consents, people, consents, audit, erasures):
    pages.include_router(_part.router)
