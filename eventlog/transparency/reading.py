"""How the sealer and bundles read the log: the stored bytes, page by page, and nothing decrypted."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, Engine, text

from eventlog.record import COLUMNS, Record

PAGE: Final = 5_000

_RECORDS: Final = text(
    f"SELECT {COLUMNS} FROM eventlog.events"  # noqa: S608 - our own names
    " WHERE notification_id > :after ORDER BY notification_id LIMIT :page"
)
_RECORD: Final = text(f"SELECT {COLUMNS} FROM eventlog.events WHERE notification_id = :position")  # noqa: S608


def read_record(connection: Connection, position: int) -> Record:
    """Give the record at a position of the log; there must be one."""
    return Record(*connection.execute(_RECORD, {"position": position}).one())


def read_records(engine: Engine, after: int = 0) -> Iterator[Record]:
    """Give all committed records after a position, in order and in bounded memory."""
    while True:
        with engine.connect() as connection:
            rows = connection.execute(_RECORDS, {"after": after, "page": PAGE}).all()
        for row in rows:
            yield Record(*row)
        if len(rows) < PAGE:
            return
        after = rows[-1].notification_id
