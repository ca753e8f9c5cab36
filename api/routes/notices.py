"""Notices: what people read before they answer, and who writes it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from api.access import CallerDep, Coordinator, MomentDep, ServiceDep
from api.routes.resources import NewWording, Recall, Recalled, Wording
from domain.errors import UnknownNotice
from domain.notice import Notice, Version
from domain.purposes import Purpose
from domain.wordings import LANGUAGE

router = APIRouter(prefix="/api/notices", tags=["consents"])


@router.get("")
def list_notices(
    caller: CallerDep,
    service: ServiceDep,
    language: Annotated[list[str] | None, Query(description="In order of preference.", max_length=10)] = None,
) -> list[Wording]:
    """Give what there is to read now for each purpose, in the first of the languages that there is, else in English."""
    found = service.alongside.notices(caller.programme_id, language or [])
    return [_shown(notice, notice.current) for notice in found.values() if notice.current is not None]


@router.post("")
def publish(caller: Coordinator, service: ServiceDep, moment: MomentDep, new: NewWording) -> Wording:
    """Show a text from now on. Consents that were given under another stay what they are."""
    notice = service.alongside.publish_notice(
        caller.programme_id, new.purpose, new.language, new.text, at=moment.at, by=caller.signs_as
    )
    return _shown(notice, notice.versions[-1])


@router.get("/{notice_id}/{version}")
def get_version(caller: CallerDep, service: ServiceDep, notice_id: UUID, version: int) -> Wording:
    """Give a text that somebody answered, whatever became of it: its ids stand in the consent."""
    notice = service.alongside.load(Notice, notice_id)
    if notice.programme_id != caller.programme_id:
        raise UnknownNotice("There is no such notice.")
    return _shown(notice, notice.version_of(version))


@router.post("/{purpose}/{version}/recall")
def recall(
    caller: Coordinator,
    service: ServiceDep,
    moment: MomentDep,
    purpose: Purpose,
    version: int,
    said: Recall,
    language: str = LANGUAGE,
) -> Recalled:
    """Take a text back, with every consent that was given under it."""
    people = service.alongside.recall_notice(
        caller.programme_id, purpose, language, version, said.why, at=moment.at, by=caller.signs_as
    )
    return Recalled(people=people)


def _shown(notice: Notice, version: Version) -> Wording:
    return Wording(
        purpose=notice.purpose,
        language=notice.language,
        version=version.number,
        sha256=version.sha256,
        text=version.text,
    )
