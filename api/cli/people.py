"""Commands about people: rosters in, sample rosters out, tokens."""

from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli.options import By, Json, ProgrammeName, Today, moment, opened, opened_at
from api.cli.output import emit, say, show
from api.roster import read_roster, write_sample
from domain.access import Actor


def import_roster(
    programme: ProgrammeName,
    members: Annotated[Path, typer.Argument(help="A CSV file (UTF-8) or a workbook: docs/roster.md.")],
    mentors: Annotated[Path, typer.Argument(help="The same for mentors.")],
    *,
    today: Today = None,
    skip_bad_rows: Annotated[bool, typer.Option(help="Import the good rows and say which were left out.")] = False,
    update: Annotated[bool, typer.Option(help="Let the rows change what known people said of themselves.")] = False,
    encoding: Annotated[str | None, typer.Option(help="The encoding of CSV files that are not UTF-8.")] = None,
    by: By = "importer",
    json: Json = False,
) -> None:
    """Enrol the people of two spreadsheets: all of them, or nobody."""
    when = moment(today)
    roster = read_roster(members, mentors, today=when.today, encoding=encoding)
    for remark in (*(f"note: {warning}" for warning in roster.warnings), *roster.faults):
        say(str(remark))
    report: dict[str, Any] = {
        "imported": skip_bad_rows or not roster.faults,
        "faults": [asdict(f) for f in roster.faults],
    }
    if report["imported"]:
        with opened(today) as service:
            enrolled = service.alongside.enrol(
                programme, roster.members, roster.mentors, at=when.at, by=by, revise=update
            )
        report |= asdict(enrolled) | {"differing": len(enrolled.differing)}
    if json:
        emit(report)
    else:
        _tell(report, {(fault.file, fault.line) for fault in roster.faults})
    if not report["imported"]:
        raise typer.Exit(1)


def _tell(report: dict[str, Any], bad_rows: set[tuple[str, int]]) -> None:
    if not report["imported"]:
        say(f"{len(bad_rows)} rows have faults: nothing was imported. --skip-bad-rows imports the others.")
        return
    if bad_rows:
        say(f"{len(bad_rows)} rows with faults were left out.")
    if report["differing"]:
        say(f"{report['differing']} known people differ from their rows and were left alone; --update changes them.")
    show(
        f"{report['members']} members and {report['mentors']} mentors enrolled, "
        f"{report['unchanged']} unchanged, {report['revised']} revised."
    )


def sample(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where members.csv and mentors.csv go.")],
    *,
    members: Annotated[int, typer.Option(min=0, max=1_000_000)] = 300,
    mentors: Annotated[int, typer.Option(min=0, max=200_000)] = 60,
    seed: Annotated[int, typer.Option(min=0)] = 1,
    today: Today = None,
) -> None:
    """Write a made-up roster; the same numbers, seed and day give the same bytes."""
    for path in write_sample(folder, members=members, mentors=mentors, seed=seed, today=moment(today).today):
        show(str(path))


def token(
    programme: ProgrammeName,
    role: Annotated[Actor, typer.Argument(help="What its holder acts as.")],
    *,
    name: Annotated[
        str | None, typer.Option(help="The account under which a coordinator's or an auditor's acts are recorded.")
    ] = None,
    person: Annotated[str | None, typer.Option(help="Reference or id of a mentor or a member.")] = None,
    days: Annotated[int, typer.Option(min=1, max=366, help="How long it is good for.")] = 90,
    today: Today = None,
) -> None:
    """Give out a token. It is shown once and kept nowhere."""
    when = moment(today)
    with opened_at(programme) as (service, found):
        who = service.alongside.find_person(person, [programme]) if person else None
        secret = service.alongside.issue_token(
            role, name, found.id, who, expires_at=when.at + timedelta(days=days), at=when.at, by="administrator"
        )
    show(secret)


def revoke(
    programme: ProgrammeName,
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="The account of a coordinator or an auditor.")
    ] = None,
    *,
    person: Annotated[str | None, typer.Option(help="Reference or id of a mentor or a member.")] = None,
    today: Today = None,
    json: Json = False,
) -> None:
    """Let all tokens of an account open nothing any more, from the next request on. Their secrets are not needed."""
    with opened_at(programme) as (service, found):
        account = name or ""
        if person is not None:
            account = str(service.alongside.find_person(person, [programme]))
        revoked = service.alongside.revoke_tokens(found.id, account, at=moment(today).at, by="administrator")
    if json:
        emit({"revoked": revoked})
    else:
        show(f"{revoked} {'token' if revoked == 1 else 'tokens'} revoked.")
