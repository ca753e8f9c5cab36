"""Can anybody change or remove what is in the log, or read what is not theirs, whatever their statement?"""

from collections.abc import Mapping
from typing import Final

import psycopg
from psycopg.sql import SQL, Identifier

from api.checks.check import Check, Result
from api.checks.people import contests
from api.checks.scratch import opened, scratch_databases, scratch_safe
from api.databases import Databases
from eventlog.schema import KEYS_PLACE, LOG_PLACE, Role
from eventlog.schema.roles import MAY_CONNECT

_REFUSED: Final = frozenset({"42501"})
"""insufficient_privilege. Any other error means that a statement was not understood, and has shown nothing."""

_APPENDING: Final = """
    SELECT format('EXPLAIN SELECT eventlog.append(%s)', string_agg(format('NULL::%s', argument::regtype), ', ')),
        pg_get_functiondef(oid)
    FROM pg_proc, unnest(proargtypes) AS argument WHERE oid = 'eventlog.append'::regproc GROUP BY oid
"""
"""Statements that would call the function of appending, as planning it shows, and that would replace it."""

LOG_STATEMENTS: Final[Mapping[str, str]] = {
    "read events": "SELECT count(*) FROM eventlog.events",
    "read commands": "SELECT count(*) FROM eventlog.commands",
    "read read models": "SELECT count(*) FROM read_models.positions",
    "insert an event": "INSERT INTO eventlog.events SELECT gen_random_uuid(), 1, 'probe', '', 1000000,"
    " gen_random_uuid(), now()",
    "change an event": "UPDATE eventlog.events SET topic = 'changed'",
    "change a state": "UPDATE eventlog.events SET state = '' WHERE notification_id = 1",
    "change a command": "UPDATE eventlog.commands SET version = 0",
    "lock an event": "SELECT FROM eventlog.events FOR UPDATE",
    "remove an event": "DELETE FROM eventlog.events WHERE notification_id = 1",
    "remove a command": "DELETE FROM eventlog.commands",
    "empty the log": "TRUNCATE eventlog.events",
    "alter the log": "ALTER TABLE eventlog.events ADD COLUMN probe int",
    "take the log over": "ALTER TABLE eventlog.events OWNER TO CURRENT_USER",
    "switch triggers off": "ALTER TABLE eventlog.events DISABLE TRIGGER ALL",
    "make a trigger": "CREATE TRIGGER probe AFTER INSERT ON eventlog.events"
    " EXECUTE FUNCTION pg_catalog.tsvector_update_trigger()",
    "make a rule": "CREATE RULE probe AS ON INSERT TO eventlog.events DO INSTEAD NOTHING",
    "drop the log": "DROP TABLE eventlog.events",
    "drop the schema": "DROP SCHEMA eventlog CASCADE",
    "make a table in the log's schema": "CREATE TABLE eventlog.probe (id int)",
    "drop appending": "DROP FUNCTION eventlog.append",
    "be a replica": "SET session_replication_role = replica",
    "read checkpoints": "SELECT count(*) FROM eventlog.checkpoints",
    "sign a checkpoint anew": "UPDATE eventlog.checkpoints SET note = ''",
    "remove a checkpoint": "DELETE FROM eventlog.checkpoints",
    "change the sealed tree": "UPDATE eventlog.tiles SET hashes = ''",
    "empty the sealed tree": "TRUNCATE eventlog.tiles",
    "set a new version": "UPDATE eventlog.alembic_version SET version_num = '9999'",
    "change read models": "UPDATE read_models.positions SET position = 0",
    "drop read models": "DROP SCHEMA read_models CASCADE",
    "make a schema": "CREATE SCHEMA probe",
    "make a table in public": "CREATE TABLE public.probe (id int)",
    "make a temporary table": "CREATE TEMPORARY TABLE probe (id int)",
    "take an advisory lock": "SELECT pg_advisory_xact_lock(7)",
    "try an advisory lock": "SELECT pg_try_advisory_lock_shared(7)",
    "keep a large object": "SELECT lo_from_bytea(0, 'hidden')",
    "write to the journal": "SELECT pg_logical_emit_message(true, 'probe', 'hidden')",
    "run a block of code": "DO $$ BEGIN END $$",
    "run a program": "COPY eventlog.events TO PROGRAM 'true'",
    "write a file": "COPY (SELECT 1) TO '/tmp/alongside-probe'",
    "read a file": "SELECT pg_read_file('PG_VERSION')",
    "list a folder": "SELECT pg_ls_dir('.')",
    "make a role": "CREATE ROLE alongside_probe",
    "make the server read its settings": "SELECT pg_reload_conf()",
    "read passwords": "SELECT rolpassword FROM pg_authid",
} | {f"become {role}": f"SET ROLE {role}" for role in Role}

KEYS_STATEMENTS: Final[Mapping[str, str]] = {
    "read keys": "SELECT count(*) FROM keys.subject_keys",
    "add a key": "INSERT INTO keys.subject_keys (subject_id, master, wrapped) VALUES (gen_random_uuid(), 'm', 'w')",
    "erase a key": "UPDATE keys.subject_keys SET master = NULL, wrapped = NULL, erased_at = now()",
    "give a key to another": "UPDATE keys.subject_keys SET subject_id = gen_random_uuid()",
    "change when a key was made": "UPDATE keys.subject_keys SET created_at = now()",
    "remove a mark of erasure": "DELETE FROM keys.subject_keys",
    "empty the keys": "TRUNCATE keys.subject_keys",
    "use a retired master key again": "DELETE FROM keys.retired_masters",
    "rename a retired master key": "UPDATE keys.retired_masters SET name = 'other'",
    "alter the keys": "ALTER TABLE keys.subject_keys ADD COLUMN probe int",
    "drop the keys": "DROP TABLE keys.subject_keys",
    "make a table beside the keys": "CREATE TABLE keys.probe (id int)",
    "set a new version": "UPDATE keys.alembic_version SET version_num = '9999'",
} | {
    name: LOG_STATEMENTS[name]
    for name in (
        "be a replica",
        "make a schema",
        "make a table in public",
        "make a temporary table",
        "take an advisory lock",
        "keep a large object",
        "run a block of code",
        "write a file",
        "read a file",
        "make a role",
        *(f"become {role}" for role in Role),
    )
}

ALLOWED: Final[Mapping[Role, frozenset[str]]] = {
    Role.OWNER: frozenset(),
    Role.WRITER: frozenset(
        {
            "read events",
            "read commands",
            "append",
            "insert an event",
            "take an advisory lock",
            "try an advisory lock",
            f"become {Role.WRITER}",
        }
    ),
    Role.PROJECTOR: frozenset(
        {
            "read events",
            "read read models",
            "change read models",
            "drop read models",
            "read checkpoints",
            "sign a checkpoint anew",
            "change the sealed tree",
            "make a schema",
            "take an advisory lock",
            "try an advisory lock",
            f"become {Role.PROJECTOR}",
        }
    ),
    Role.READER: frozenset({"read read models", f"become {Role.READER}"}),
    Role.AUDITOR: frozenset({"read events", "read checkpoints", f"become {Role.AUDITOR}"}),
    Role.BACKUP: frozenset({"read events", "read commands", "read checkpoints", f"become {Role.BACKUP}"}),
    Role.KEY_KEEPER: frozenset(
        {"read keys", "add a key", "erase a key", "take an advisory lock", f"become {Role.KEY_KEEPER}"}
    ),
}


def run(server_url: str, full: bool) -> Result:  # noqa: ARG001, FBT001 - the registry calls it by position; one size
    """Try every statement under every role, then once more after the writer was given a right too many."""
    with scratch_databases(server_url) as databases:
        _fill(databases)
        tried, wrong = _try_all(databases)
        wrong += _attributes(databases)
        with psycopg.connect(databases.log) as connection:
            connection.execute(SQL("GRANT UPDATE ON eventlog.events TO {}").format(Identifier(Role.WRITER)))
        _, more = _try_all(databases)
    found = sorted(set(more) - set(wrong))
    return Result(
        figure=f"{tried} pairs of a role and a statement or a database: {len(wrong)} went otherwise than they must"
        + "".join(f"; {each}" for each in wrong),
        kept=not wrong,
        control=f"with UPDATE granted to the writer, {len(found)} went otherwise"
        + "".join(f"; {each}" for each in found),
        control_caught=bool(found) and all(each.startswith(Role.WRITER) for each in found),
    )


def _fill(databases: Databases) -> None:
    """Put into every table what a statement could change."""
    with scratch_safe() as safe, opened(databases, safe) as service:
        contests(service.alongside, 1, members=1)
        service.projector.catch_up()


def _try_all(databases: Databases) -> tuple[int, list[str]]:
    """Give how much was tried, and each role and statement with an outcome that it must not have."""
    tried, wrong = 0, []
    log_statements = {**LOG_STATEMENTS, **_about_appending(databases)}
    for role in Role:
        for place in (LOG_PLACE, KEYS_PLACE):
            tried += 1
            address = Databases(databases.address(place), databases.address(place)).entrance(role)
            may_enter = role in MAY_CONNECT[place] and role is not Role.OWNER
            if _enters(address) != may_enter:
                wrong.append(f"{role}: {'may' if not may_enter else 'may not'} enter the database of {place.schema}")
            elif may_enter:
                statements = log_statements if place == LOG_PLACE else KEYS_STATEMENTS
                tried += len(statements)
                wrong += [f"{role}: {fault}" for fault in _faults(address, statements, ALLOWED[role])]
    return tried, wrong


def _about_appending(databases: Databases) -> dict[str, str]:
    with psycopg.connect(databases.log) as connection:
        found = connection.execute(_APPENDING.replace("%", "%%"), []).fetchone()
    assert found is not None, "there is one function of this name"
    return {"append": found[0], "replace appending": found[1]}


def _attributes(databases: Databases) -> list[str]:
    """Give the roles that have a right over the server, or another role's by belonging to it."""
    roles = [str(role) for role in Role]
    with psycopg.connect(databases.log) as connection:
        powerful = connection.execute(
            "SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)"
            " AND (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls)",
            (roles,),
        ).fetchall()
        members = connection.execute(
            "SELECT DISTINCT member::regrole::text FROM pg_auth_members WHERE member::regrole::text = ANY(%s)", (roles,)
        ).fetchall()
    return [f"{role}: has a right over the server" for (role,) in powerful] + [
        f"{role}: is a member of another role" for (role,) in members
    ]


def _enters(address: str) -> bool:
    try:
        psycopg.connect(address).close()
    except psycopg.OperationalError:
        return False
    return True


def _faults(address: str, statements: Mapping[str, str], allowed: frozenset[str]) -> list[str]:
    faults = []
    with psycopg.connect(address) as connection:
        for name, statement in statements.items():
            try:
                connection.execute(statement.encode())
            except psycopg.Error as error:
                if name in allowed:
                    faults.append(f"may not {name} ({error.sqlstate})")
                elif error.sqlstate not in _REFUSED:
                    faults.append(f"to {name} was not tried ({error.sqlstate})")
            else:
                if name not in allowed:
                    faults.append(f"may {name}")
            finally:
                connection.rollback()
    return faults


CHECK: Final = Check("db-roles", "No part of the service can change the log, whatever it says to the database.", run)
