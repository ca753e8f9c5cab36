"""Commands about matches: rounds, proposals, and what a coordinator decides."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from typing import Annotated, Any
from uuid import UUID, uuid4

import typer
from sqlalchemy import Connection

from api import showing
from api.cli.options import By, Json, ProgrammeName, Today, moment, opened, opened_at
from api.cli.output import emit, say, show
from api.moment import Moment
from api.rounds import hold_round
from api.service import Service
from api.showing import Reader, every_row
from domain.access import Actor
from domain.consent import Channel
from domain.disclosing import Viewing
from domain.errors import AmbiguousReference, DomainError, InvalidValue, UnknownMatch
from domain.match import MatchStatus
from domain.values import DAYS
from projections import mentor_directory, waiting_list
from projections import proposals as queue
from projections.draws import published

MatchName = Annotated[str, typer.Argument(metavar="MATCH", help="The id of a proposal, or its beginning.")]


def hold(programme: ProgrammeName, *, today: Today = None, by: By = "coordinator", json: Json = False) -> None:
    """Hold a round: read the pool, solve it exactly, record the proposals."""
    with opened(today) as service:
        report = hold_round(service.alongside, programme, moment(today), by=by).report()
    if json:
        emit(report)
        return
    show(f"{report['proposals']} proposals for {report['members']} members and {report['places']} places.")
    show(f"Proven best: {'yes' if report['optimal'] else 'no'}. Objective: {report['objective']}")
    show(f"Left out: {report['excluded']}. Still waiting: {report['waiting']}")


def draws(programme: ProgrammeName, *, json: Json = False) -> None:
    """List what a programme has committed itself to for its draws, and what its rounds revealed."""
    with opened_at(programme) as (service, found), service.reading() as read_models:
        listed = published(read_models, found.id)
    if json:
        emit([asdict(draw) for draw in listed])
        return
    for draw in listed:
        used = "open" if draw.round is None else f"round {draw.round}"
        show(f"{draw.digest}  {used:<9}  {draw.seed or ''}".rstrip())


def proposals(
    programme: ProgrammeName,
    *,
    status: Annotated[
        MatchStatus | None, typer.Option(help="Only these; all but what is no longer available if left out.")
    ] = None,
    today: Today = None,
    by: By = "coordinator",
    json: Json = False,
) -> None:
    """List proposals with the reasons for them, as far as people let coordinators read them."""
    with looking(programme, moment(today), by) as (reader, read_models):
        listed = list(every_row(partial(showing.proposals, reader, read_models, status)))
    if json:
        emit([asdict(proposal) for proposal in listed])
        return
    for proposal in listed:
        fit = "" if proposal.fit is None else proposal.fit
        two = f"{proposal.member}  with  {proposal.mentor}{_at(proposal)}"
        show(f"{proposal.match}  {proposal.status:<9} {fit:>4}  {two}")


def _at(proposal: queue.Proposed) -> str:
    """Say when two would meet, on the mentor's clock, if that is told."""
    hour = (proposal.explanation or {}).get("standing_hour")
    return "" if hour is None else f"  {DAYS[hour['hour'] // 24]} {hour['hour'] % 24:02d}:00 {hour['zone']}"


def waiting(programme: ProgrammeName, *, today: Today = None, by: By = "coordinator", json: Json = False) -> None:
    """List who waits, since when, and why still, as far as they let coordinators read it."""
    when, parts = moment(today), waiting_list.FIELDS if json else ("urgency", "days")
    with looking(programme, when, by) as (reader, read_models):
        listed = list(every_row(partial(showing.waiting, reader, read_models, when, parts=parts)))
    if json:
        emit([asdict(member) for member in listed])
        return
    for member in listed:
        days = "not shared" if member.days is None else f"{member.days:>5} days"
        show(f"{member.ref}  {member.urgency or '':<7} {days}  {waiting_list.REASONS[member.reason]}")


def mentors(programme: ProgrammeName, *, today: Today = None, by: By = "coordinator", json: Json = False) -> None:
    """List mentors and the places that they have left; with --json also what they let coordinators read."""
    when, parts = moment(today), mentor_directory.FIELDS if json else ()
    with looking(programme, when, by) as (reader, read_models):
        listed = list(every_row(partial(showing.mentors, reader, read_models, when, parts=parts)))
    if json:
        emit([asdict(mentor) for mentor in listed])
        return
    for mentor in listed:
        places = f"{mentor.places} of {mentor.capacity} places"
        show(f"{mentor.ref}  {places}  {mentor_directory.STANDINGS[mentor.standing]}")


def approve(
    programme: ProgrammeName,
    match: Annotated[
        str | None, typer.Argument(metavar="[MATCH|--all]", help="A proposal's id or its beginning.")
    ] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Approve every open proposal.")] = False,
    by: Annotated[str, typer.Option(metavar="NAME", help="Who approves.")],
    today: Today = None,
    json: Json = False,
) -> None:
    """Approve a proposal, or every open one; each is decided for itself."""
    if (match is None) != everything:
        raise InvalidValue("Name one proposal, or say --all.")
    when = moment(today)
    with opened_at(programme, today) as (service, found):
        chosen = _open_proposals(service, found.id) if match is None else [_find(service, found.id, match)]
        results = []
        for identifier in chosen:
            try:
                approved = service.alongside.approve(identifier, at=when.at, by=by)
                results.append({"match": identifier, "status": str(approved.status), "version": approved.version})
            except DomainError as refusal:
                say(f"{identifier}: {refusal.message}")
                results.append({"match": identifier, "status": "refused", "detail": refusal.message})
    _report(results, json=json)


def decline(
    programme: ProgrammeName,
    match: MatchName,
    *,
    by: Annotated[str, typer.Option(metavar="NAME", help="Who declines.")],
    reason: Annotated[str, typer.Option(help="Why, in a few words.")],
    today: Today = None,
    json: Json = False,
) -> None:
    """Decline a proposal; the pair is not proposed again."""
    with opened_at(programme) as (service, found):
        declined = service.alongside.decline(_find(service, found.id, match), reason, at=moment(today).at, by=by)
    _report([{"match": declined.id, "status": str(declined.status), "version": declined.version}], json=json)


def close(
    programme: ProgrammeName,
    match: MatchName,
    *,
    by: Annotated[str, typer.Option(metavar="NAME", help="Who ends it.")],
    today: Today = None,
    json: Json = False,
) -> None:
    """End an approved match; the two see that it is no longer available."""
    with opened_at(programme) as (service, found):
        closed = service.alongside.close_match(_find(service, found.id, match), at=moment(today).at, by=by)
    _report([{"match": closed.id, "status": str(closed.status), "version": closed.version}], json=json)


def _report(results: list[dict[str, Any]], *, json: bool) -> None:
    refused = sum(result["status"] == "refused" for result in results)
    if json:
        emit(results)
    else:
        show(f"{len(results) - refused} done, {refused} refused.")
    if refused:
        raise typer.Exit(1)


def _open_proposals(service: Service, programme: UUID) -> list[UUID]:
    with service.reading() as read_models:
        return queue.ids(read_models, programme, MatchStatus.PROPOSED)


def _find(service: Service, programme: UUID, name: str) -> UUID:
    """Find a match of a programme by its id or the beginning of it."""
    with service.reading() as read_models:
        known = queue.ids(read_models, programme)
    found = [match for match in known if name and str(match).startswith(name.lower())]
    if not found:
        raise UnknownMatch("There is no such match in this programme.")
    if len(found) > 1:
        raise AmbiguousReference("Several matches begin like this: give more of the id.")
    return found[0]


@contextmanager
def looking(programme: str, when: Moment, by: str) -> Iterator[tuple[Reader, Connection]]:
    """Give somebody who looks at a programme as its coordinator, and the read models that they look at."""
    with opened_at(programme) as (service, found), service.reading() as read_models:
        viewing = Viewing(by, Actor.COORDINATOR, Channel.COMMAND, uuid4().hex)
        yield Reader(service.alongside, found.id, viewing, when.at), read_models
