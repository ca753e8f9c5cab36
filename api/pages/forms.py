"""What does a form send along so that it is done once, and of the version that was read?"""

import secrets
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Form, Request

from api.access import Caller, CallerDep, Coordinator, MomentDep, ServiceDep
from api.once import Change, command_for
from domain.events import Command

Version = Annotated[int, Form(ge=1)]


def new_key() -> str:
    """Give an idempotency key for a form that is about to be shown."""
    return secrets.token_urlsafe(16)


async def form_change(
    request: Request,
    service: ServiceDep,
    moment: MomentDep,
    caller: CallerDep,
    version: Version,
    key: Annotated[str, Form()],
) -> Change:
    """Give what a change needs, from the hidden fields of its form; two forms are the same if all else in them is."""
    return Change(service.alongside, moment.at, caller.signs_as, version, await _command(request, caller, key))


async def form_act(
    request: Request, service: ServiceDep, moment: MomentDep, caller: Coordinator, key: Annotated[str, Form()]
) -> Change:
    """Give what an act of a coordinator needs that counts whatever was done before, from its form."""
    return Change(service.alongside, moment.at, caller.account, None, await _command(request, caller, key))


async def _command(request: Request, caller: Caller, key: str) -> Command:
    fields = sorted((name, str(value)) for name, value in (await request.form()).multi_items() if name != "key")
    return command_for(
        caller.programme_id, caller.account, key, request.method, request.url.path, urlencode(fields).encode()
    )


FormChange = Annotated[Change, Depends(form_change)]
FormAct = Annotated[Change, Depends(form_act)]
