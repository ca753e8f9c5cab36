"""Who may do what in the databases: one PostgreSQL role for each part of the service.

No role is a member of another, so none can take another's place by SET ROLE. They are known to the whole server, and
several databases of it may be ours.
"""

from enum import StrEnum
from typing import Final

from psycopg import Connection, errors
from psycopg.sql import SQL, Identifier, Literal

from eventlog.schema.places import KEYS_PLACE, LOG_PLACE, Place


class Role(StrEnum):
    """A role, by its name on the server."""

    OWNER = "alongside_owner"
    """Owns tables and functions; used by migrations alone."""
    WRITER = "alongside_writer"
    """Appends to the log and reads it; cannot change or remove anything."""
    PROJECTOR = "alongside_projector"
    """Reads the log and keeps the read models, which it owns."""
    READER = "alongside_reader"
    """Reads the read models."""
    AUDITOR = "alongside_auditor"
    """Reads the log and its checkpoints; has no way to the keys."""
    KEY_KEEPER = "alongside_keykeeper"
    """Keeps the keys of people, in a database that no other role can enter."""
    BACKUP = "alongside_backup"
    """Reads what a backup of the log holds."""


MAY_CONNECT: Final[dict[Place, tuple[Role, ...]]] = {
    LOG_PLACE: (Role.OWNER, Role.WRITER, Role.PROJECTOR, Role.READER, Role.AUDITOR, Role.BACKUP),
    KEYS_PLACE: (Role.OWNER, Role.KEY_KEEPER),
}
MAY_MAKE_SCHEMAS: Final[dict[Place, tuple[Role, ...]]] = {
    LOG_PLACE: (Role.OWNER, Role.PROJECTOR),  # a rebuild makes a second schema and swaps
    KEYS_PLACE: (Role.OWNER,),
}


def create_roles(connection: Connection, password: str | None) -> None:
    """Create the roles that the server does not have, with the password of the address if it carries one."""
    for role in Role:
        known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
        if known is None:
            secret = SQL("PASSWORD {}").format(Literal(password)) if password else SQL("")
            try:
                connection.execute(SQL("CREATE ROLE {} LOGIN {}").format(Identifier(role), secret))
            except (errors.DuplicateObject, errors.UniqueViolation):
                continue  # made meanwhile for another database of this server


def admit(connection: Connection, place: Place) -> None:
    """Let into the database that the connection is on those roles that have work there, and nobody else.

    Rights on a database are not carried over by CREATE DATABASE ... TEMPLATE, so a copy needs this as well.
    """
    database = Identifier(connection.info.dbname)
    everyone = SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database)
    connection.execute(everyone)
    for right, roles in ((SQL("CONNECT"), MAY_CONNECT[place]), (SQL("CREATE"), MAY_MAKE_SCHEMAS[place])):
        names = SQL(", ").join(Identifier(role) for role in roles)
        connection.execute(SQL("GRANT {} ON DATABASE {} TO {}").format(right, database, names))


def act_as_owner(connection: Connection) -> None:
    """Let what this connection makes belong to the owner's role."""
    is_member = connection.execute("SELECT pg_has_role(current_user, %s, 'MEMBER')", (Role.OWNER,)).fetchone()
    if is_member == (False,):
        connection.execute(SQL("GRANT {} TO CURRENT_USER").format(Identifier(Role.OWNER)))
    connection.execute(SQL("SET ROLE {}").format(Identifier(Role.OWNER)))
