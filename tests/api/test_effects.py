"""Is everything by which something can be told on a row of the table of effects, and is each row kept?"""

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Column, MetaData, Table, Text
from starlette.routing import Mount
from typer import Typer
from typer.main import get_command

from api.app import create_app
from api.checks import CHECKS
from api.cli import app as cli
from api.effects import COLUMNS, COMMANDS, EFFECTS, ROUTES, SENDERS, SENDS_NOTHING, Effect, Else, Thing
from projections.projection import PERSONAL, metadata
from projections.read_models import PROJECTIONS

ROOT = Path(__file__).parents[2]
ROOMS = ("domain", "matching", "eventlog", "projections", "api")
CHECKING = "api.checks."

Table_ = Mapping[Thing | Else, Collection[str]]


def without_a_row(found: Iterable[str], table: Table_) -> set[str]:
    """What is on no row, or on more than one."""
    rows = [name for names in table.values() for name in names]
    return {name for name in found if rows.count(name) != 1}


def not_kept(found: Collection[str], table: Table_, effects: Mapping[Thing, Effect]) -> set[str]:
    """What is there though nothing keeps its row."""
    open_rows = (names for row, names in table.items() if isinstance(row, Thing) and not effects[row].is_kept)
    return {name for names in open_rows for name in names if name in found}


def routes_of(app: FastAPI) -> set[str]:
    def leaves(routes: Any) -> Iterator[str]:
        for route in routes:
            inner = getattr(getattr(route, "original_router", None), "routes", None)
            if inner is not None:
                yield from leaves(inner)
            elif not isinstance(route, Mount):  # what is mounted are files that every installation has alike
                yield route.path

    return set(leaves(app.routes))


def commands_of(app: Typer) -> set[str]:
    def leaves(group: Any, before: str = "") -> Iterator[str]:
        for name, command in group.commands.items():
            if hasattr(command, "commands"):
                yield from leaves(command, f"{before}{name} ")
            else:
                yield before + name

    return set(leaves(get_command(app)))


def columns_of(tables: MetaData) -> set[str]:
    return {f"{each.name}.{column.name}" for each in tables.sorted_tables for column in each.c if column.info}


def sources() -> dict[str, str]:
    """The text of every module of ours, by its name."""
    files = [file for room in ROOMS for file in (ROOT / room).rglob("*.py")]
    return {".".join(file.relative_to(ROOT).with_suffix("").parts): file.read_text() for file in files}


def imports_of(source: str) -> set[str]:
    """Everything that a module imports, each with what it lies in."""
    named = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            named |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            named |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {".".join(name.split(".")[:length]) for name in named for length in range(1, name.count(".") + 2)}


def sending(modules: Mapping[str, str], effects: Mapping[Thing, Effect]) -> set[str]:
    """The modules that could send something, or write a copy, of a kind that nothing keeps."""
    return {
        name
        for name, source in modules.items()
        if name not in SENDS_NOTHING and not name.startswith(CHECKING)
        for imported in imports_of(source) & SENDERS.keys()
        if not effects[SENDERS[imported]].is_kept
    }


def test_every_thing_has_its_effect_and_every_kept_row_names_a_check_that_there_is() -> None:
    assert set(EFFECTS) == set(Thing)
    assert {effect.check for effect in EFFECTS.values() if effect.check} <= CHECKS.keys()


def test_every_route_command_and_personal_column_is_on_one_row_and_its_row_is_kept(service: Any) -> None:
    assert PROJECTIONS
    for found, table in (
        (routes_of(create_app(service)), ROUTES),
        (commands_of(cli), COMMANDS),
        (columns_of(metadata), COLUMNS),
    ):
        assert found
        assert without_a_row(found, table) == set()
        assert not_kept(found, table, EFFECTS) == set()


def test_nothing_of_ours_sends_or_writes_a_copy_that_nothing_keeps() -> None:
    modules = sources()

    assert modules.keys() >= SENDS_NOTHING.keys()
    assert sending(modules, EFFECTS) == set()


def test_a_new_route_command_or_column_without_a_row_is_found() -> None:
    app, commands, tables = FastAPI(openapi_url=None), Typer(), MetaData()
    app.get("/calendar/{person_id}.ics")(lambda: None)
    commands.command("export")(lambda: None)
    commands.command("waiting")(lambda: None)
    Table("members", tables, Column("needs", Text, info=PERSONAL), Column("diagnosis", Text, info=PERSONAL))

    assert without_a_row(routes_of(app), ROUTES) == {"/calendar/{person_id}.ics"}
    assert without_a_row(commands_of(commands), COMMANDS) == {"export"}
    assert without_a_row(columns_of(tables), COLUMNS) == {"members.diagnosis"}


def test_a_feed_on_a_row_that_nothing_keeps_is_found() -> None:
    table = {Thing.CALENDARS: {"/calendar"}, Thing.PAGES: {"/mentors"}}

    assert not_kept({"/calendar", "/mentors"}, table, EFFECTS) == {"/calendar"}
    assert not_kept({"/mentors"}, table, EFFECTS) == set()


@pytest.mark.parametrize(
    "source",
    [
        "import smtplib",
        "from email.message import EmailMessage",
        "def f():\n    import icalendar",
        "import csv as tables",
        "from urllib import request",
    ],
)
def test_a_module_that_begins_to_send_is_found(source: str) -> None:
    assert sending({"api.reminders": source}, EFFECTS) == {"api.reminders"}
    assert sending({"api.reminders": "from http import HTTPStatus"}, EFFECTS) == set()
