"""Commands for what people say of their consents elsewhere than here: on paper, by phone, across a table."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated
from uuid import UUID, uuid4

import typer
from msgspec.structs import replace

from api.cli.consents import How, InProgramme, Person, find, instant
from api.cli.options import By, Today, moment, opened
from api.cli.output import show
from api.service import Service
from domain.application import Alongside
from domain.consent import ConsentLedger, Flaw, Method, Scope, Word
from domain.consent.served import Read
from domain.purposes import Field, Purpose
from domain.wordings import LANGUAGE

Witness = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Who was there when it was said; needed for a yes that was not given here."),
]
SaidOn = Annotated[
    str | None,
    typer.Option("--said-on", metavar="TIME", help="When they said it, if earlier: a day (its beginning) or instant."),
]
Named = Annotated[
    str | None, typer.Option("--named", metavar="NAME", help="The one study, organisation or contact that it is for.")
]
Fields = Annotated[
    list[Field] | None, typer.Option("--field", help="What it covers; several times for several; all if left out.")
]
Expires = Annotated[
    str | None, typer.Option(metavar="TIME", help="When it ends; after the purpose's usual life if left out.")
]
OnBehalf = Annotated[
    UUID | None,
    typer.Option(
        "--on-behalf", metavar="STANDING", help="The standing of whoever said it for them; see `standing list`."
    ),
]
Language = Annotated[str, typer.Option(metavar="CODE", help="The language of the wording.")]


def grant(
    person: Person,
    purpose: Purpose,
    *,
    by: By,
    method: How = Method.PAPER,
    witness: Witness = None,
    said_on: SaidOn = None,
    on_behalf: OnBehalf = None,
    fields: Fields = None,
    named: Named = None,
    expires: Expires = None,
    wording: Annotated[
        str | None, typer.Option(metavar="SHA256", help="The wording that they had read, as `notice show` prints it.")
    ] = None,
    language: Language = LANGUAGE,
    today: Today = None,
    programme: InProgramme = None,
) -> None:
    """Record a consent."""
    with opened(today) as service:
        who = find(service, person, programme)
        at_home = programme_of(service, who)
        service.alongside.grant(
            who,
            purpose,
            method=method,
            scope=Scope(fields=frozenset(fields) if fields else None, expires_at=_time(expires)),
            word=_word(service, who, on_behalf, witness, said_on),
            read=None if wording is None else Read(at_home, language, wording),
            called=None if named is None else service.alongside.called(at_home, named),
            at=moment(today).at,
            by=by,
        )
    show(f"{purpose}: granted.")


def _saying_no(use_case: Callable[..., ConsentLedger], said: str, help_text: str) -> Callable[..., None]:
    """Make a command of a use case in which a person says no to a purpose."""

    def command(
        person: Person,
        purpose: Purpose,
        *,
        by: By,
        method: How = Method.PAPER,
        witness: Witness = None,
        said_on: SaidOn = None,
        on_behalf: OnBehalf = None,
        named: Named = None,
        today: Today = None,
        programme: InProgramme = None,
    ) -> None:
        with opened(today) as service:
            who = find(service, person, programme)
            word, about = _word(service, who, on_behalf, witness, said_on), _fingerprint(service, who, named)
            at = moment(today).at
            use_case(service.alongside, who, purpose, method=method, word=word, named=about, at=at, by=by)
        show(f"{purpose}: {said}.")

    command.__doc__ = help_text
    return command


refuse = _saying_no(Alongside.refuse, "refused", "Record that a person was asked and said no.")
withdraw = _saying_no(
    Alongside.withdraw,
    "withdrawn",
    "Record that a person takes a consent back, and end at once what rested on it.",
)


def _ending(use_case: Callable[..., ConsentLedger], said: str, help_text: str) -> Callable[..., None]:
    """Make a command of a use case in which the service ends consents by itself."""

    def command(
        person: Person,
        purpose: Purpose,
        *,
        by: By,
        why: Annotated[Flaw, typer.Option(help="What was wrong, or became so.")],
        today: Today = None,
        programme: InProgramme = None,
    ) -> None:
        with opened(today) as service:
            who = find(service, person, programme)
            use_case(service.alongside, who, purpose, why, at=moment(today).at, by=by)
        show(f"{purpose}: {said}.")

    command.__doc__ = help_text
    return command


give_up = _ending(
    Alongside.give_up,
    "given up",
    "Record that a consent will not be used any more, whatever the person said, and end what rested on it.",
)
invalidate = _ending(
    Alongside.invalidate,
    "invalidated",
    "Record that a consent was never valid, coerced or another person's, and end at once what rested on it.",
)


def ask(
    person: Person,
    purpose: Purpose,
    *,
    by: By,
    language: Language = LANGUAGE,
    today: Today = None,
    programme: InProgramme = None,
) -> None:
    """Ask a person for a consent: the question stands first on their page until they answer, or put it off."""
    with opened(today) as service:
        who = find(service, person, programme)
        read = Read(programme_of(service, who), language, serving=uuid4())
        service.alongside.ask(who, purpose, method=Method.WEB, read=read, at=moment(today).at, by=by)
    show(f"{purpose}: asked.")


def programme_of(service: Service, person: UUID) -> UUID:
    """Give the programme of a person who was found: ids of people are made within one."""
    return next(iter(service.alongside.programmes_of(person)))


def _word(service: Service, person: UUID, standing: UUID | None, witness: str | None, said_on: str | None) -> Word:
    spoken = Word() if standing is None else service.alongside.speaking_for(person, standing)
    return replace(spoken, witness=witness, said_at=_time(said_on))


def _time(text: str | None) -> datetime | None:
    return None if text is None else instant(text)


def _fingerprint(service: Service, person: UUID, name: str | None) -> str | None:
    return None if name is None else service.alongside.called(programme_of(service, person), name).fingerprint
