"""The command line: everything that people run by hand, with one JSON document on request."""

import sys
from typing import Final

import typer
from sqlalchemy.exc import DBAPIError

from api.cli import audit, consents, matches, people, upkeep
from api.cli.output import complain
from api.cli.serving import serve
from api.cli.witness import witness
from api.postgres import PostgresUnavailable
from api.roster import UnreadableFile
from domain.errors import DomainError
from domain.log import LogUnavailable
from eventlog.transparency.note import InvalidKey
from eventlog.transparency.sealer import LogDamaged
from eventlog.transparency.signing_key import NoSigningKey
from eventlog.transparency.witness_server import FolderInUse
from matching.problem import InvalidProblem
from matching.weights import ProblemTooLarge

_REFUSALS: Final = (
    DomainError,
    UnreadableFile,
    PostgresUnavailable,
    InvalidProblem,
    ProblemTooLarge,
    InvalidKey,
    LogDamaged,
    NoSigningKey,
    FolderInUse,
)

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Mentors and peer navigators for people who must be able to ask for help unseen.",
)
app.command()(serve)
app.command("import")(people.import_roster)
app.command()(people.sample)
app.command()(people.token)
app.command("round")(matches.hold)
app.command()(matches.proposals)
app.command()(matches.waiting)
app.command()(matches.mentors)
app.command()(matches.approve)
app.command()(matches.decline)
app.command("consents")(consents.show_consents)
app.command("grant")(consents.grant)
app.command("refuse")(consents.refuse)
app.command("withdraw")(consents.withdraw)
app.add_typer(audit.app, name="audit")
app.command()(witness)
app.command()(upkeep.rebuild)
app.command()(upkeep.check)


def main() -> None:
    """Run a command; a refusal is one clear message and a status of 1, never a stack trace."""
    try:
        app()
    except _REFUSALS as refusal:
        complain(refusal)
    except (DBAPIError, LogUnavailable):
        complain(PostgresUnavailable("The database does not answer as it should."))
    except OSError as error:
        complain(OSError(f"{error.strerror or 'The file cannot be used'}: {error.filename or ''}".rstrip(": ")))
    else:
        return
    sys.exit(1)
