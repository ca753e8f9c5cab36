"""The pages that people use: forms and links that need no script."""

from fastapi import APIRouter

from api.pages import availability, consents, demo, erasures, mentors, my_consents, people, proposals, sign_in, waiting

pages = APIRouter(include_in_schema=False)
for _part in (sign_in, demo, proposals, waiting, mentors, availability, my_consents, people, consents, erasures):
    pages.include_router(_part.router)
