"""What the environment says, read once."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from api.postgres import default_home


class Settings(BaseSettings):
    """`DATABASE_URL` names a PostgreSQL server (15 or later); without it one is run in the folder `ALONGSIDE_HOME`.

    `ALONGSIDE_SIGNING_KEY` is the file of the key that signs checkpoints, `ALONGSIDE_ORIGIN` the name under which a new
    key is made, and `ALONGSIDE_FORMER_KEYS` the public keys that it follows. Checkpoints go to the folder
    `ALONGSIDE_CHECKPOINTS` and to the witnesses of `ALONGSIDE_WITNESS`: an address, a space, a public key, and commas
    between several.
    """

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True)

    database_url: str | None = Field(default=None, validation_alias="DATABASE_URL")
    home: Path = Field(default_factory=default_home, validation_alias="ALONGSIDE_HOME")
    signing_key: Path | None = Field(default=None, validation_alias="ALONGSIDE_SIGNING_KEY")
    origin: str | None = Field(default=None, validation_alias="ALONGSIDE_ORIGIN")
    former_keys: str = Field(default="", validation_alias="ALONGSIDE_FORMER_KEYS")
    checkpoints: Path | None = Field(default=None, validation_alias="ALONGSIDE_CHECKPOINTS")
    witness: str = Field(default="", validation_alias="ALONGSIDE_WITNESS")
