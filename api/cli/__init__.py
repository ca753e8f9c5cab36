"""The command line: everything that people run by hand, with one JSON document on request."""

import gc
import sys
from typing import Final

import msgspec
import psycopg
import typer
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from api.backup import BackupRefused
from api.cli import (
    audit,
    auditing,
    blocks,
    db,
    emergencies,
    erasing,
    exporting,
    grouping,
    looking_ahead,
    matches,
    notices,
    people,
    policies,
    pooling,
    recruiting,
    saying,
    solving,
    speaking,
    strategy,
    upkeep,
)
from api.cli.output import UnusableFile, complain
from api.cli.serving import serve
from api.cli.witness import witness
from api.erasures import ErasuresUnreadable
from api.postgres import PostgresUnavailable
from api.roster import UnreadableFile
from api.safe import NoMasterKeys
from domain.errors import DomainError
from domain.log import LogUnavailable
from eventlog.encoding import Damaged, UnknownTopic
from eventlog.keys import InvalidMasterKeys, KeyLost
from eventlog.schema import SchemaBehind, SchemaBusy
from eventlog.transparency.note import InvalidKey
from eventlog.transparency.sealer import LogDamaged
from eventlog.transparency.signing_key import NoSigningKey
from eventlog.transparency.witness_server import FolderInUse
from matching.problem import InvalidProblem
from matching.weights import ProblemTooLarge
from projections.rebuilding import RebuildStopped
from projections.stopping import ReadModelStopped

REFUSALS: Final = (
    BackupRefused,
    Damaged,
    DomainError,
    ErasuresUnreadable,
    FolderInUse,
    InvalidKey,
    InvalidMasterKeys,
    InvalidProblem,
    KeyLost,
    LogDamaged,
    NoMasterKeys,
    NoSigningKey,
    PostgresUnavailable,
    ProblemTooLarge,
    ReadModelStopped,
    RebuildStopped,
    SchemaBehind,
    SchemaBusy,
    UnknownTopic,
    UnreadableFile,
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
app.command()(people.revoke)
app.command("round")(matches.hold)
app.command()(matches.draws)
app.command()(policies.policy)
app.command()(matches.proposals)
app.command()(matches.waiting)
app.command()(matches.mentors)
app.command()(matches.approve)
app.command()(matches.decline)
app.command()(pooling.pool)
app.command("compile")(solving.compile_loops)
app.command("solve")(solving.solve_file)
app.command()(solving.certify)
app.command("pairs")(solving.tell_pairs)
app.command("why")(solving.why)
app.command()(grouping.teams)
app.command()(grouping.circles)
app.command()(looking_ahead.ahead)
app.command()(strategy.strategy)
app.command()(recruiting.places)
app.command()(recruiting.recruit)
app.command("backups")(recruiting.stand_ins)
app.command()(saying.grant)
app.command("refuse")(saying.refuse)
app.command("withdraw")(saying.withdraw)
app.command("give-up")(saying.give_up)
app.command("invalidate")(saying.invalidate)
app.command()(saying.ask)
app.add_typer(notices.app, name="notice")
app.command()(matches.close)
app.command()(blocks.block)
app.command("blocks")(blocks.list_blocks)
app.command()(blocks.unblock)
auditing.add_to(audit.app)
audit.app.command()(exporting.export)
app.add_typer(audit.app, name="audit")
app.command()(witness)
app.command()(upkeep.rebuild)
app.command()(upkeep.check)
app.command()(erasing.erase)
app.command("erasures")(erasing.list_erasures)
app.command("finish-erasures")(erasing.finish_erasures)
app.add_typer(erasing.keys, name="keys")
app.add_typer(speaking.app, name="standing")
app.command()(speaking.minority)
app.command()(speaking.harm)
app.command()(speaking.freeze)
app.command()(speaking.thaw)
app.add_typer(emergencies.app, name="emergency")
app.add_typer(db.app, name="db")


def main() -> None:
    """Run a command; a refusal is one clear message and a status of 1, never a stack trace."""
    # What was imported stays to the end. While events are read the garbage collector otherwise looks at all of it again
    # and again, and takes more time than the reading.
    gc.freeze()
    try:
        app()
    except REFUSALS as refusal:
        complain(refusal)
    except (psycopg.OperationalError, OperationalError, LogUnavailable) as error:
        complain(PostgresUnavailable(f"The database does not answer as it should. {_said(error)}"))
    except (psycopg.Error, DBAPIError):  # their messages may hold what somebody said
        complain(PostgresUnavailable("The database does not answer as it should."))
    except ArgumentError:
        complain(PostgresUnavailable("DATABASE_URL is an address such as postgresql://user@host/name."))
    except msgspec.DecodeError:
        complain(UnknownTopic("An event is of another form than this version knows: a newer one wrote it."))
    except OSError as error:
        complain(UnusableFile(f"{error.strerror or 'The file cannot be used'}: {error.filename or ''}".rstrip(": ")))
    else:
        return
    sys.exit(1)


def _said(error: Exception) -> str:
    """Give the first line of what a database, or the way to it, said."""
    cause = error.orig if isinstance(error, OperationalError) else error
    return next(iter(str(cause).splitlines()), "")
