"""Erasing a person, beyond what the log records: their key, the read models, the list that restoring obeys."""

import logging
from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from api.service import Service
from domain.consent import Ground
from eventlog.schema import Role
from projections import erasures
from projections.rebuilding import RebuildStopped

logger = logging.getLogger(__name__)

LIST: Final = "list of erasures"


def ask_or_confirm(service: Service, programme: UUID, person: UUID, ground: Ground, *, at: datetime, by: str) -> bool:
    """Ask that a person be erased or, if somebody else has asked, confirm it; say whether they are erased now.

    Raises `PersonErased`.
    """
    asked = service.alongside.ledger(person).erasure
    if asked is None or asked.by == by:
        service.alongside.request_erasure(person, ground, at=at, by=by)
        return False
    confirm(service, programme, person, at=at, by=by)
    return True


def confirm(service: Service, programme: UUID, person: UUID, *, at: datetime, by: str) -> None:
    """Erase a person whom somebody else has asked to erase. Raises `ErasureNotAsked`, `SecondPersonNeeded`, ..."""
    service.alongside.erase(programme, person, at=at, by=by)
    finish(service)


def finish(service: Service) -> int:
    """Carry out every erasure that the log knows of and that is not done yet; give how many there were.

    The log comes first and says who; whatever interrupts the rest, the next call goes on from there. A keys' database
    that was restored from before an erasure so loses the key again, and a log that was, hears of it from the list.
    """
    with service.reading() as read_models:
        known = erasures.erased(read_models)
    _tell_the_log(service, known.keys())
    with service.reading() as read_models:
        erased, uncleared = erasures.erased(read_models), erasures.uncleared(read_models)
    done = service.keys.erased(erased.keys())
    left = {person: at for person, at in erased.items() if person not in done}
    for person, at in left.items():
        service.erasures.append(person, at)
        service.keys.erase([person], at=at)
    unfinished = uncleared | left.keys()
    if unfinished:
        # Rows that were removed lie in the tables' files until these are written anew, without any key of before.
        service.keys.forget()
        try:
            service.projector.rebuild()
        except RebuildStopped as stopped:
            logger.error("an erasure left rows in files, to be cleared by the next: %s", stopped)  # noqa: TRY400
            return len(left)
        with service.engines[Role.PROJECTOR].begin() as read_models:
            erasures.note_cleared(read_models, erased)
    return len(unfinished)


def _tell_the_log(service: Service, known: Collection[UUID]) -> None:
    """Erase those on the list whom the log knows and does not know to be erased: it was restored from before."""
    alongside = service.alongside
    for erasure in service.erasures.read():
        if erasure.person in known or alongside.ledger(erasure.person).is_erased:
            continue
        for programme in alongside.programmes_of(erasure.person):
            alongside.request_erasure(erasure.person, Ground.LEGAL_OBLIGATION, at=erasure.at, by=LIST)
            alongside.erase(programme, erasure.person, at=erasure.at, by="restoring")
