"""Do changes made many at once leave the rows that they leave one after another?"""

from collections.abc import Iterator
from random import Random

import pytest
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    Table,
    Text,
    and_,
    bindparam,
    create_engine,
    delete,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, insert
from sqlalchemy.engine import make_url

from projections.bulk import bulk_of, carry_out, in_bulk
from projections.projection import Change

KEYS = 6

cups = Table(
    "cups",
    MetaData(),
    Column("cup", Integer, primary_key=True),
    Column("shelf", Integer),
    Column("fill", Integer, nullable=False),
    Column("said", ARRAY(Text)),
    Column("notes", JSONB(none_as_null=True)),
)
_put = insert(cups)
_put = _put.on_conflict_do_update(index_elements=["cup"], set_={"fill": _put.excluded.fill, "said": _put.excluded.said})
_this = update(cups).where(cups.c.cup == bindparam("which"))
_more = _this.values(fill=cups.c.fill + bindparam("much"))
_move = _this.values(shelf=bindparam("to"))
_note = _this.values(notes=bindparam("text"))
_double_if_on = update(cups).where(cups.c.cup == bindparam("which"), cups.c.shelf == bindparam("on"))
_double_if_on = _double_if_on.values(fill=2 * cups.c.fill)
_clear = update(cups).where(cups.c.shelf == bindparam("on")).values(fill=0)
_either = update(cups).where(or_(cups.c.shelf == bindparam("on"), cups.c.fill > bindparam("most"))).values(fill=1)
_break = delete(cups).where(and_(cups.c.cup == bindparam("which"), cups.c.fill > 40))


def a_change(draw: Random) -> Change:
    cup, shelf, number = draw.randrange(KEYS), draw.randrange(3), draw.randrange(1, 9)
    return draw.choice(
        [
            (_put, {"cup": cup, "shelf": shelf, "fill": number, "said": ['"', None, "{x}"], "notes": None}),
            (_more, {"which": cup, "much": number}),
            (_more, {"which": cup, "much": number}),
            (_move, {"which": cup, "to": shelf}),
            (_note, {"which": cup, "text": draw.choice([None, {"ä": [number, None]}])}),
            (_double_if_on, {"which": cup, "on": shelf}),
            (_clear, {"on": shelf}),
            (_either, {"on": shelf, "most": 60}),
            (_break, {"which": cup}),
        ]
    )


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    engine: Engine = create_engine(make_url(database_url).set(drivername="postgresql+psycopg"))
    with engine.begin() as connection:
        cups.create(connection)
        yield connection
    engine.dispose()


def left_by(connection: Connection, changes: list[list[Change]]) -> list[tuple[object, ...]]:
    connection.execute(delete(cups))
    for some in changes:
        carry_out(connection, some)
    return [tuple(row) for row in connection.execute(select(cups).order_by(cups.c.cup))]


def test_changes_made_many_at_once_leave_what_one_after_another_leaves(connection: Connection) -> None:
    for seed in range(40):
        draw = Random(seed)
        changes = [a_change(draw) for _ in range(60)]

        at_once, one_by_one = left_by(connection, [changes]), left_by(connection, [[change] for change in changes])

        assert at_once == one_by_one, seed
        assert at_once


def test_one_by_one_is_what_the_statements_themselves_do(connection: Connection) -> None:
    draw = Random(1)
    changes = [a_change(draw) for _ in range(200)]
    one_by_one = left_by(connection, [[change] for change in changes])
    connection.execute(delete(cups))

    for statement, values in changes:
        connection.execute(statement, [values])

    assert [tuple(row) for row in connection.execute(select(cups).order_by(cups.c.cup))] == one_by_one


def test_without_layers_the_changes_of_one_row_get_lost(connection: Connection) -> None:
    changes: list[Change] = [(_put, {"cup": 1, "fill": 0}), *[(_more, {"which": 1, "much": 1})] * 3]
    connection.execute(_put, [changes[0][1]])

    all_at_once = bulk_of(_more).statement
    connection.execute(all_at_once, {"rows": '[{"which":1,"much":1},{"which":1,"much":1},{"which":1,"much":1}]'})

    assert connection.scalar(select(cups.c.fill)) == 1
    assert left_by(connection, [changes])[0][2] == 3


def test_changes_of_many_rows_take_as_many_statements_as_there_are_kinds() -> None:
    changes = [
        change for cup in range(500) for change in ((_put, {"cup": cup, "fill": 1}), (_more, {"which": cup, "much": 1}))
    ]

    assert [len(rows) for _, rows in in_bulk(changes)] == [500, 500]


def test_a_character_that_the_database_has_not_is_replaced_and_nothing_else(connection: Connection) -> None:
    said = ["\x00\x00a", "\\u0000", "\\\x00", "\\\\u0000"]

    carry_out(connection, [(_put, {"cup": 1, "fill": 0, "said": said, "notes": {"\x00": said}})])

    kept = ["\ufffd\ufffda", "\\u0000", "\\\ufffd", "\\\\u0000"]
    assert connection.execute(select(cups.c.said, cups.c.notes)).one() == (kept, {"\ufffd": kept})
