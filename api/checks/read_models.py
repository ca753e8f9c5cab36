"""Do two sets of read models say the same?"""

from hashlib import sha256

from sqlalchemy import text

from api.service import Service
from eventlog.schema import Role
from projections.projection import metadata


def digest(service: Service) -> bytes:
    """Give a digest of every row of every table, positions among them."""
    digest = sha256()
    with service.engines[Role.PROJECTOR].connect() as connection:
        for table in metadata.sorted_tables:
            rows = text(f"SELECT each::text FROM {table.fullname} AS each ORDER BY 1")  # noqa: S608 - our own names
            for row in connection.scalars(rows):
                digest.update(f"{table.name}{row}\n".encode())
    return digest.digest()
