"""Who may do what in the databases: one PostgreSQL role for each part of the service.

No role is a member of another, so none can take another's place by SET ROLE. They are known to the whole server, and
several databases of it may be ours.
"""

from enum import StrEnum
from typing import Final

from psycopg import Connection, errors
from psycopg.sql import SQL, Composed, Identifier, Literal

from eventlog.schema.places import KEYS_PLACE, LOG_PLACE, Place


class Role(StrEnum):
    """A role, by its name on the server."""

    OWNER = "alongside_owner"
    """Owns tables and functions; migrations act as it, and nobody enters as it."""
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
MAY_LOCK: Final[dict[Place, tuple[Role, ...]]] = {
    LOG_PLACE: (Role.OWNER, Role.WRITER, Role.PROJECTOR),
    KEYS_PLACE: (Role.OWNER, Role.KEY_KEEPER),
}
"""Who may take advisory locks. Appends go through one, and whoever can take it can keep all others from writing."""
MAY_MAKE_SCHEMAS: Final[dict[Place, tuple[Role, ...]]] = {
    LOG_PLACE: (Role.OWNER, Role.PROJECTOR),  # a rebuild makes a second schema and swaps
    KEYS_PLACE: (Role.OWNER,),
}


_OPEN_FUNCTIONS: Final = """
    SELECT oid::regprocedure::text, proname ~ '^pg_(try_)?advisory_'
    FROM pg_proc
    WHERE pronamespace = 'pg_catalog'::regnamespace
    AND proname ~ '^(pg_(try_)?advisory_|lo_|loread$|lowrite$|pg_logical_emit_message$)'
    AND EXISTS (SELECT FROM aclexplode(coalesce(proacl, acldefault('f', proowner))) WHERE grantee = 0)
"""
"""What everybody may do with any database unless told otherwise: lock, keep large objects, write to its journal."""


def create_roles(connection: Connection, password: str | None) -> None:
    """Create the roles that the server does not have, with the password of the address if it carries one."""
    for role in Role:
        known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
        if known is None:
            secret = SQL("PASSWORD {}").format(_encrypted(connection, role, password)) if password else SQL("")
            rights = SQL("NOLOGIN") if role is Role.OWNER else SQL("LOGIN {}").format(secret)
            try:
                connection.execute(SQL("CREATE ROLE {} {}").format(Identifier(role), rights))
            except (errors.DuplicateObject, errors.UniqueViolation):
                continue  # made meanwhile for another database of this server
    if _is_superuser(connection):
        owner = "SELECT 1 FROM pg_roles WHERE rolname = %s AND rolcanlogin AND rolname <> session_user"
        if connection.execute(owner, (Role.OWNER,)).fetchone():
            connection.execute(SQL("ALTER ROLE {} NOLOGIN").format(Identifier(Role.OWNER)))


def admit(connection: Connection, place: Place) -> None:
    """Let into the database that the connection is on those roles that have work there, and nobody else.

    Rights on a database are not carried over by CREATE DATABASE ... TEMPLATE, so a copy needs this as well.
    """
    database = Identifier(connection.info.dbname)
    connection.execute(SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    for right, roles in ((SQL("CONNECT"), MAY_CONNECT[place]), (SQL("CREATE"), MAY_MAKE_SCHEMAS[place])):
        connection.execute(SQL("GRANT {} ON DATABASE {} TO {}").format(right, database, _names(roles)))
    if _is_superuser(connection):  # the catalogue is nobody else's to close
        _close_catalogue(connection, place)


def close(connection: Connection, place: Place) -> None:
    """Take from everybody what migrations gave them by default, and let backups read all that there is.

    PostgreSQL lets everybody run a new function. That of appending would fail for others than the writer, but only
    after it took the lock.
    """
    act_as_owner(connection)
    schema = Identifier(place.schema)
    runner, reader = (Role.WRITER, Role.BACKUP) if place != KEYS_PLACE else (Role.KEY_KEEPER, Role.KEY_KEEPER)
    connection.execute(SQL("REVOKE EXECUTE ON ALL ROUTINES IN SCHEMA {} FROM PUBLIC").format(schema))
    connection.execute(SQL("GRANT EXECUTE ON ALL ROUTINES IN SCHEMA {} TO {}").format(schema, Identifier(runner)))
    for kind in (SQL("TABLES"), SQL("SEQUENCES")):
        connection.execute(SQL("GRANT SELECT ON ALL {} IN SCHEMA {} TO {}").format(kind, schema, Identifier(reader)))


def act_as_owner(connection: Connection) -> None:
    """Let what this connection makes belong to the owner's role."""
    is_member = connection.execute("SELECT pg_has_role(current_user, %s, 'MEMBER')", (Role.OWNER,)).fetchone()
    if is_member == (False,):
        connection.execute(SQL("GRANT {} TO CURRENT_USER").format(Identifier(Role.OWNER)))
    connection.execute(SQL("SET ROLE {}").format(Identifier(Role.OWNER)))


def _close_catalogue(connection: Connection, place: Place) -> None:
    found = connection.execute(_OPEN_FUNCTIONS).fetchall()
    if not found:
        return
    functions = SQL(", ").join(SQL(name) for name, _ in found)
    connection.execute(SQL("REVOKE EXECUTE ON FUNCTION {} FROM PUBLIC").format(functions))
    locks = SQL(", ").join(SQL(name) for name, is_lock in found if is_lock)
    connection.execute(SQL("GRANT EXECUTE ON FUNCTION {} TO {}").format(locks, _names(MAY_LOCK[place])))
    connection.execute("REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC")
    connection.execute(SQL("GRANT USAGE ON LANGUAGE plpgsql TO {}").format(Identifier(Role.OWNER)))


def _encrypted(connection: Connection, role: Role, password: str) -> Literal:
    """Give a password as the server keeps it: the text of a statement may be written to its log."""
    return Literal(connection.pgconn.encrypt_password(password.encode(), role.encode()).decode())


def _is_superuser(connection: Connection) -> bool:
    found = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    return found == (True,)


def _names(roles: tuple[Role, ...]) -> Composed:
    return SQL(", ").join(Identifier(role) for role in roles)
