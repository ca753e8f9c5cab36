"""Commands for the databases: bringing their tables up to date."""

import typer

from api.cli.output import say, show
from api.databases import Databases
from api.postgres import embedded_postgres
from api.settings import Settings
from eventlog.schema import KEYS_PLACE, LOG_PLACE

app = typer.Typer(no_args_is_help=True, help="Keep the databases: tables, roles, backups.")


@app.command()
def migrate() -> None:
    """Create the databases, roles and tables that are missing, and bring those there are up to date.

    The addresses of the settings name a user who may do that.
    """
    settings = Settings()
    if settings.database_url:
        Databases.at(settings.database_url, settings.keys_database_url).migrate()
    else:
        with embedded_postgres(settings.home, say=say) as url:
            Databases.at(url).migrate()
    show(f"The log's tables are at version {LOG_PLACE.head}, those of the keys at {KEYS_PLACE.head}.")
