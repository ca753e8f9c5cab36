"""All projections of the service, in one list."""

from typing import Final

from projections import (
    accounts,
    drafts,
    draws,
    erasures,
    mentor_directory,
    programmes,
    proposals,
    second_person,
    waiting_list,
)

PROJECTIONS: Final = (
    programmes.projection,
    draws.projection,
    drafts.projection,
    waiting_list.projection,
    mentor_directory.projection,
    proposals.projection,
    erasures.projection,
    second_person.projection,
    accounts.projection,
)
