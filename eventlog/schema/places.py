"""The two databases: the log's, and that of the keys, which backups of the log do not include."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).parent


@dataclass(frozen=True)
class Place:
    """A database's schema, by which it is known, and the folder of its migrations."""

    schema: str
    migrations: Path = field(compare=False)

    @property
    def head(self) -> str:
        """The newest version that this program knows: the migrations are numbered, `v0001_...py` is the first."""
        return max(path.stem[1:5] for path in self.migrations.glob("v[0-9]*.py"))


LOG_PLACE: Final = Place("eventlog", _HERE / "log")
KEYS_PLACE: Final = Place("keys", _HERE / "keys")
