"""How many changes reach a table in few statements, with the rows that one after another would have given."""

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any, Final
from typing import cast as cast_type

import msgspec
from sqlalchemy import (
    JSON,
    BinaryExpression,
    BindParameter,
    Column,
    ColumnElement,
    Connection,
    Delete,
    Insert,
    Text,
    Update,
    bindparam,
    cast,
    column,
    func,
    select,
)
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.elements import BooleanClauseList, ClauseElement
from sqlalchemy.sql.selectable import TableValuedAlias
from sqlalchemy.sql.visitors import ExternallyTraversible

from projections.projection import Change

Statement = Insert | Update | Delete
Values = dict[str, Any]

_KNOWN_STATEMENTS: Final = 512


@dataclass(frozen=True)
class Bulk:
    """A statement over many rows of values at once, sent as one JSON document in the parameter `rows`.

    `key` names the values by which one row of values finds the rows that it changes, and `columns` where it looks for
    them; both are empty for a statement that finds its rows in another way than by equality.
    """

    statement: Statement
    columns: tuple[str, ...]
    key: tuple[str, ...]


def carry_out(connection: Connection, changes: Iterable[Change]) -> None:
    """Make these changes, as if one after another. No change may read another table than the one it goes to."""
    tables: dict[object, list[Change]] = {}
    for change in changes:
        tables.setdefault(change[0].table, []).append(change)
    for of_one_table in tables.values():
        for statement, rows in in_bulk(of_one_table):
            connection.execute(statement, {"rows": msgspec.json.encode(rows).decode()})


def in_bulk(changes: Iterable[Change]) -> Iterator[tuple[Statement, list[Values]]]:
    """Give the statements over many rows that changes of one table come to, in order, each with its values.

    Changes of different rows may be made in any order and at once; those of one row stay in theirs. Two changes are of
    different rows if they find them by different values in the same columns: so a run of changes that look at the same
    columns is put in layers, each with no more than one change of any row. A change that finds its rows in another way
    is made alone.
    """
    known = ((bulk_of(statement), values) for statement, values in changes)
    for _, run in groupby(known, key=lambda change: change[0].columns):
        yield from _layers(run)


def _layers(run: Iterable[tuple[Bulk, Values]]) -> Iterator[tuple[Statement, list[Values]]]:
    layers: list[dict[Statement, list[Values]]] = []
    depths: dict[Hashable, int] = {}
    for bulk, values in run:
        key = tuple(values[name] for name in bulk.key)
        depth = depths[key] = depths.get(key, -1) + 1
        if depth == len(layers):
            layers.append({})
        layers[depth].setdefault(bulk.statement, []).append(values)
    for layer in layers:
        yield from layer.items()


@lru_cache(_KNOWN_STATEMENTS)
def bulk_of(statement: Statement) -> Bulk:
    """Give the form of a statement that takes many rows of values at once."""
    if isinstance(statement, Insert):
        rows = _rows(statement.table.c)
        columns = tuple(sorted(each.name for each in statement.table.primary_key))
        return Bulk(statement.from_select(list(rows.c.keys()), select(*rows.c)), columns, columns)
    binds = statement.compile().binds
    rows = _rows(column(name, bind.type) for name, bind in binds.items() if bind.required)

    def from_rows(element: ExternallyTraversible, **_: object) -> ColumnElement[Any] | None:
        return rows.c[element.key] if isinstance(element, BindParameter) and element.required else None

    many = cast_type(Statement, visitors.replacement_traverse(statement, {}, from_rows))
    pairs = sorted(_equalities(statement), key=itemgetter(0))
    return Bulk(many, tuple(name for name, _ in pairs), tuple(value for _, value in pairs))


def _rows(columns: Iterable[Any]) -> TableValuedAlias:
    """Give rows of values as a table. JSON carries what `unnest` cannot: arrays in a column, and documents."""
    document = cast(bindparam("rows", type_=Text), JSON)
    typed = [column(each.name, each.type) for each in columns]
    return func.json_to_recordset(document).table_valued(*typed, name="rows").render_derived(with_types=True)


def _equalities(statement: Update | Delete) -> list[tuple[str, str]]:
    """Give (column, value) for each condition `column = value`; none if a value is compared in any other way too."""
    where = statement.whereclause
    if where is None:
        return []
    conditions = where.clauses if isinstance(where, BooleanClauseList) and where.operator is operators.and_ else [where]
    pairs: list[tuple[str, str]] = []
    for condition in conditions:
        if not _compares_a_value(condition):
            continue
        if not (isinstance(condition, BinaryExpression) and condition.operator is operators.eq):
            return []
        if not (isinstance(condition.left, Column) and isinstance(condition.right, BindParameter)):
            return []
        pairs.append((condition.left.name, condition.right.key))
    return pairs


def _compares_a_value(condition: ClauseElement) -> bool:
    return any(isinstance(part, BindParameter) and part.required for part in visitors.iterate(condition))
