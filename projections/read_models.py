"""All projections of the service, in one list."""

from typing import Final

from projections import consent_history, erasures, mentor_directory, programmes, proposals, waiting_list

PROJECTIONS: Final = (
    programmes.projection,
    waiting_list.projection,
    mentor_directory.projection,
    proposals.projection,
    consent_history.projection,
    erasures.projection,
)
