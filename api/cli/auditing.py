"""Commands for auditors about consents: each notes under which account it was asked, then answers from events."""

from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from typing import Annotated, Any
from uuid import UUID

import typer

from api.auditing.asking import Clocks, clocks, instant_of, position_of
from api.auditing.audience import who_could_see
from api.auditing.changes import Change, changes_between
from api.auditing.coordinators import coordinators
from api.auditing.disclosures import Seen, who_saw
from api.auditing.drawing import held_round, verify_draw
from api.auditing.proof import proof_of
from api.auditing.replaying import replay
from api.auditing.unjustified import unjustified
from api.auditing.why import Why
from api.auditing.why import why as explain
from api.cli.consents import InProgramme, Person, find
from api.cli.options import Asking, Json, ProgrammeName, opened, opened_at
from api.cli.output import emit, show
from api.moment import now
from api.service import Service
from domain.errors import UnknownPerson
from eventlog.schema import Role
from eventlog.transparency.rooting import hashed_anew

At = Annotated[
    str | None,
    typer.Option(
        metavar="TIME", help="A day (its last instant) or an instant such as 2026-03-02T12:00+02:00; now if left out."
    ),
]
KnownAt = Annotated[
    str | None,
    typer.Option(metavar="TIME|POSITION", help="What was known then: an instant, or a position of the log."),
]
Position = Annotated[int, typer.Argument(min=1, metavar="POSITION", help="The position of the telling in the log.")]
ProgrammeAlone = Annotated[
    str | None, typer.Argument(metavar="PROGRAMME", help="Only people of this programme; all if left out.")
]


def replay_consents(
    person: Person,
    *,
    by: Asking,
    at: At = None,
    known_at: KnownAt = None,
    programme: InProgramme = None,
    json: Json = False,
) -> None:
    """Replay a person's consents: what was permitted at an instant, on what was known at another."""
    with opened() as service:
        who, asked = _asked(service, "replay", person, programme, at=at, known_at=known_at, by=by)
        report = replay(service.alongside, who, asked.at, known_at=asked.known_at).report(whole=True)
    if json:
        emit(report)
        return
    show(f"As of {report['at']}, on what was known at position {report['known_at']}:")
    for consent in report["consents"]:
        until = f" until {consent['expires_at']}" if consent["permitted"] else ""
        deciding = "".join(f" #{place['position']}" for place in consent["deciding"])
        yes = "yes" if consent["permitted"] else "no"
        show(f"  {consent['purpose']:<17} {yes:<4} {consent['reason']}{until}{deciding}")
    for event in report["events"]:
        show(f"  #{event['position']}  {event['at']}  {_event(event)}{_by(event['by'])}")


def could_see(
    person: Person,
    *,
    by: Asking,
    at: At = None,
    known_at: KnownAt = None,
    programme: InProgramme = None,
    json: Json = False,
) -> None:
    """Say who could have been told what of a person at an instant, by which consent."""
    with opened() as service:
        who, asked = _asked(service, "who-could-see", person, programme, at=at, known_at=known_at, by=by)
        with service.reading() as read_models:
            accounts = partial(coordinators, read_models)
            found = who_could_see(service.alongside, accounts, who, asked.at, known_at=asked.known_at)
    if json:
        emit(found)
        return
    show(f"As of {found.at.isoformat()}, on what was known at position {found.known_at}:")
    for consent in found.consents:
        show(f"  {consent.purpose}, for {consent.audience}, until {consent.expires_at.isoformat()}")
        for viewer in consent.viewers:
            show(f"    {viewer.who}: {', '.join(viewer.fields)}{_places(viewer.deciding)}")
        if not consent.viewers:
            show("    nobody")
    if not found.consents:
        show("  Nobody: there was no live consent.")


def saw(person: Person, *, by: Asking, programme: InProgramme = None, json: Json = False) -> None:
    """Say who was told what of a person, and which acts used their consents; emergencies first."""
    with opened() as service:
        who, _ = _asked(service, "who-saw", person, programme, by=by)
        found = who_saw(who, service.alongside.ledger_entries(who))
    if json:
        emit(found)
        return
    for seen in found.seen:
        show(f"#{seen.position}  {_seen(seen)}")
    if not found.seen:
        show("Nobody was told anything, and no act used a consent.")


def why(disclosure: Position, *, by: Asking, json: Json = False) -> None:
    """Say why something was told or done: by which consents, on which wording, and whether they still carry it."""
    with opened() as service:
        found = explain(service.alongside, disclosure, partial(proof_of, service.engines[Role.AUDITOR]))
        _note(service, "why", by, person=found.person, known_at=disclosure)
    if json:
        emit(found)
    else:
        _show_why(found)


def list_unjustified(programme: ProgrammeAlone = None, *, by: Asking, json: Json = False) -> None:
    """List what was told or done without a consent: status 0 if that is nothing, else 1."""
    with opened() as service:
        alongside = service.alongside
        where = alongside.programme(programme).id if programme else None
        alongside.note_query("unjustified", programme=where, at=now().at, by=by)
        found = unjustified(alongside.log.read(), where)
    if json:
        emit(found)
    else:
        for row in found:
            show(f"#{row.position}  {row.at.isoformat()}  {row.kind}  of {row.person}  by {row.by}: {row.reason}")
        show(f"{len(found)} without a consent.")
    if found:
        raise typer.Exit(1)


def diff(
    earlier: Annotated[str, typer.Argument(metavar="POSITION")],
    later: Annotated[str, typer.Argument(metavar="POSITION")],
    *,
    by: Asking,
    at: At = None,
    programme: InProgramme = None,
    json: Json = False,
) -> None:
    """Say whose consents stand otherwise between two positions of the log, or two instants."""
    with opened() as service:
        alongside = service.alongside
        where = alongside.programme(programme).id if programme else None
        as_of = instant_of(at) if at else None
        first, last = (position_of(each, alongside.log) for each in (earlier, later))
        alongside.note_query("diff", programme=where, as_of=as_of, known_at=last, at=now().at, by=by)
        found = changes_between(alongside, first, last, at=as_of, programme=where)
    if json:
        emit(found)
        return
    for change in found.changes:
        show(_change(change))
    show(f"{len(found.changes)} changed between positions {found.earlier} and {found.later}.")


def draw(
    programme: ProgrammeName,
    number: Annotated[int, typer.Argument(min=1, metavar="ROUND", help="The number of a round.")],
    *,
    by: Asking,
    json: Json = False,
) -> None:
    """Verify how a round was drawn, from the log: status 0 if it is as it was committed to, 1 if it is refused."""
    with opened_at(programme) as (service, found):
        service.alongside.note_query("draw", programme=found.id, at=now().at, by=by)
        held = held_round(service.alongside, found.id, number)
        verified = verify_draw(service.alongside, held, partial(hashed_anew, service.engines[Role.AUDITOR]))
    if json:
        emit(verified.report())
    else:
        for finding in verified.findings:
            said = {True: "yes", False: "NO", None: "can no longer be told: somebody was erased since"}[finding.holds]
            show(f"{finding.what}: {said}")
        show("REFUSED." if verified.is_refused else "As it was committed to.")
    if verified.is_refused:
        raise typer.Exit(1)


def add_to(app: typer.Typer) -> None:
    """Add the commands to those about audits."""
    app.command("replay")(replay_consents)
    app.command("who-could-see")(could_see)
    app.command("who-saw")(saw)
    app.command("why")(why)
    app.command("unjustified")(list_unjustified)
    app.command("diff")(diff)
    app.command("draw")(draw)


def _asked(
    service: Service,
    query: str,
    person: str,
    programme: str | None,
    *,
    by: str,
    at: str | None = None,
    known_at: str | None = None,
) -> tuple[UUID, Clocks]:
    """Find whom it is about and as of when, and note that it is asked."""
    who = find(service, person, programme)
    asked = clocks(service.alongside, now().at, at, known_at)
    if at is None and known_at is None:
        _note(service, query, by, person=who)
    else:
        _note(service, query, by, person=who, as_of=asked.at, known_at=asked.known_at)
    return who, asked


def _note(service: Service, query: str, by: str, *, person: UUID, **asked: Any) -> None:
    where = None
    with suppress(UnknownPerson, StopIteration):
        where = next(iter(sorted(service.alongside.programmes_of(person))))
    service.alongside.note_query(query, programme=where, person=person, at=now().at, by=by, **asked)


def _event(event: dict[str, Any]) -> str:
    about = ", ".join(event["purposes"])
    return f"{event['event']} {about}" if about else str(event["event"])


def _by(account: str) -> str:
    return f"  by {account}" if account else ""


def _places(positions: Iterable[int]) -> str:
    return "".join(f" #{position}" for position in positions)


def _seen(seen: Seen) -> str:
    what = f"{seen.kind} {seen.act or seen.purpose or ''}".rstrip()
    told = f": {', '.join(seen.fields)}" if seen.fields else ""
    way = f" on {seen.channel}" if seen.channel else ""
    viewer = f" ({seen.viewer})" if seen.viewer else ""
    consents = _places(used.position for used in seen.consents if used.position)
    return f"{seen.at.isoformat()}  {what}{told}{way}, {seen.role or 'act'} {seen.by}{viewer}, by{consents or ' none'}"


def _show_why(found: Why) -> None:
    show(f"#{found.what.position}  {_seen(found.what)}")
    show(f"  {found.verdict.words}")
    for each in found.deciding:
        show(f"  #{each.position}  {each.purpose} given {each.said_at.isoformat()} by the {each.giver}, {each.method},")
        show(f"     recorded by {each.recorded_by}, until {each.expires_at.isoformat()}")
        if each.wording is not None:
            wording = each.wording
            show(f"     wording {wording.notice} version {wording.version} ({wording.language}) {wording.sha256}")
    if found.proof is None:
        show("  No checkpoint covers it yet: `alongside audit checkpoint` makes one.")
    else:
        show(f"  Proved by {len(found.proof.hashes)} hashes against the newest checkpoint: see --json.")


def _change(change: Change) -> str:
    was, now_is = (
        f"{standing.state} ({', '.join(standing.fields) or 'nothing'})" for standing in (change.before, change.after)
    )
    return f"{change.person}  {change.purpose}  {was} -> {now_is}"
