"""What the environment says, read once."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from api.postgres import default_home


class Settings(BaseSettings):
    """`DATABASE_URL` names a PostgreSQL database (15 or later); without it a server is run in `ALONGSIDE_HOME`."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True)

    database_url: str | None = Field(default=None, validation_alias="DATABASE_URL")
    keys_database_url: str | None = Field(default=None, validation_alias="KEYS_DATABASE_URL")
    home: Path = Field(default_factory=default_home, validation_alias="ALONGSIDE_HOME")
