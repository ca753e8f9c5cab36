"""Commands about who speaks for whom, and about freezing what is told of somebody."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

import typer

from api.cli.consents import InProgramme, Person, find
from api.cli.options import By, Json, Today, moment, opened
from api.cli.output import emit, show
from api.speaking import marks_of, speaking_for
from domain.consent import Giver
from domain.purposes import Purpose

app = typer.Typer(no_args_is_help=True, help="Say who may speak for somebody: one person asks, another confirms.")

Standing = Annotated[
    UUID, typer.Argument(metavar="STANDING", help="The id of the standing, as `standing list` gives it.")
]
Day = typer.Option(metavar="DATE", formats=["%Y-%m-%d"])
Name = Annotated[str, typer.Option(help="Their name.")]
Phone = Annotated[str | None, typer.Option(help="Their phone number, if known.")]
Email = Annotated[str | None, typer.Option(help="Their e-mail address, if known.")]
Handle = Annotated[str | None, typer.Option(help="Their handle, if they are in the programme themselves.")]


class As(StrEnum):
    """As what somebody speaks for another."""

    GUARDIAN = "guardian"
    DELEGATE = "delegate"


@app.command()
def request(
    person: Person,
    giver: Annotated[As, typer.Argument(metavar="guardian|delegate", help="As what they speak.")],
    *,
    name: Name,
    evidence: Annotated[str, typer.Option(help="What you have seen that shows it.")],
    purpose: Annotated[list[Purpose], typer.Option(help="What they may agree to; may be given several times.")],
    by: By,
    phone: Phone = None,
    email: Email = None,
    handle: Handle = None,
    until: Annotated[datetime | None, Day] = None,
    today: Today = None,
    programme: InProgramme = None,
    json: Json = False,
) -> None:
    """Ask that somebody may speak for a person. It ends within a year, and a guardian's when they come of age."""
    with opened(today) as service:
        ledger = service.alongside.request_standing(
            find(service, person, programme),
            Giver(giver),
            marks_of(name, phone, email, handle),
            evidence=evidence,
            purposes=purpose,
            expires_at=None if until is None else until.replace(tzinfo=UTC),
            at=moment(today).at,
            by=by,
        )
    standing = list(ledger.speakers)[-1]
    if json:
        emit({"person": str(ledger.person_id), "standing": str(standing), "status": "requested"})
    else:
        show(f"{standing}  Asked for. It counts once somebody else confirms it.")


@app.command()
def confirm(
    person: Person,
    standing: Standing,
    *,
    by: By,
    today: Today = None,
    programme: InProgramme = None,
    json: Json = False,
) -> None:
    """Confirm what somebody else asked for, having seen the evidence."""
    with opened(today) as service:
        who = find(service, person, programme)
        service.alongside.confirm_standing(who, standing, at=moment(today).at, by=by)
    _tell(
        {"person": str(who), "standing": str(standing), "status": "confirmed"}, "They may speak for this person.", json
    )


@app.command()
def end(
    person: Person,
    standing: Standing,
    *,
    by: By,
    today: Today = None,
    programme: InProgramme = None,
    json: Json = False,
) -> None:
    """Let somebody no longer speak for a person, or turn down what was asked for."""
    with opened(today) as service:
        who = find(service, person, programme)
        service.alongside.end_standing(who, standing, at=moment(today).at, by=by)
    _tell({"person": str(who), "standing": str(standing), "status": "ended"}, "They may no longer speak.", json)


@app.command("list")
def list_standings(person: Person, *, today: Today = None, programme: InProgramme = None, json: Json = False) -> None:
    """List who speaks for a person, and who did."""
    with opened(today) as service:
        ledger = service.alongside.ledger(find(service, person, programme))
    found = speaking_for(ledger, moment(today).at)
    if json:
        emit(found)
        return
    for each in found.standings:
        show(f"{each.standing}  {each.giver:<8}  {each.status:<9}  until {each.expires_at:%Y-%m-%d}  {each.holder}")
    if not found.standings:
        show("Nobody speaks for them.")


def minority(
    person: Person,
    of_age_on: Annotated[datetime, typer.Argument(metavar="DATE", formats=["%Y-%m-%d"], help="When they are of age.")],
    *,
    by: By,
    consents_alone: Annotated[
        bool, typer.Option("--consents-alone", help="They consent without a guardian before that.")
    ] = False,
    today: Today = None,
    programme: InProgramme = None,
    json: Json = False,
) -> None:
    """Record the day from which a person is of age. A roster's `age` does this for those under 18."""
    day = of_age_on.date()
    with opened(today) as service:
        who = find(service, person, programme)
        service.alongside.record_minority(who, day, consents_alone=consents_alone, at=moment(today).at, by=by)
    _tell({"person": str(who), "of_age_on": str(day), "consents_alone": consents_alone}, f"Of age on {day}.", json)


def harm(
    person: Person,
    *,
    name: Name,
    by: By,
    phone: Phone = None,
    email: Email = None,
    handle: Handle = None,
    today: Today = None,
    programme: InProgramme = None,
    json: Json = False,
) -> None:
    """Record who harms a person and must never speak for them. Nothing shows it, but to auditors that there is one."""
    with opened(today) as service:
        who = find(service, person, programme)
        service.alongside.record_harm(who, marks_of(name, phone, email, handle), at=moment(today).at, by=by)
    _tell({"person": str(who), "recorded": True}, "Written down.", json)


def freeze(person: Person, *, by: By, today: Today = None, programme: InProgramme = None, json: Json = False) -> None:
    """Let nothing of a person be told, whatever they consented to, until somebody else thaws it."""
    with opened(today) as service:
        who = find(service, person, programme)
        service.alongside.freeze(who, at=moment(today).at, by=by)
    _tell({"person": str(who), "frozen": True}, "Frozen. Somebody else than you thaws it.", json)


def thaw(person: Person, *, by: By, today: Today = None, programme: InProgramme = None, json: Json = False) -> None:
    """Let a person's consents count again. Whoever froze them cannot."""
    with opened(today) as service:
        who = find(service, person, programme)
        service.alongside.thaw(who, at=moment(today).at, by=by)
    _tell({"person": str(who), "frozen": False}, "What they agreed to counts again.", json)


def _tell(document: dict[str, Any], words: str, json: bool) -> None:  # noqa: FBT001 - as the commands have it
    if json:
        emit(document)
    else:
        show(words)
