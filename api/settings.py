"""What the environment says, read once."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from api.erasures import ErasureList
from api.postgres import default_home


class Settings(BaseSettings):
    """`DATABASE_URL` names a PostgreSQL database (15 or later); without it a server is run in `ALONGSIDE_HOME`.

    `ALONGSIDE_SIGNING_KEY` is the file of the key that signs checkpoints, `ALONGSIDE_ORIGIN` the name under which a new
    key is made, and `ALONGSIDE_FORMER_KEYS` the public keys that it follows. Checkpoints go to the folder
    `ALONGSIDE_CHECKPOINTS` and to the witnesses of `ALONGSIDE_WITNESS`: an address, a space, a public key, and commas
    between several.
    """

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True)

    database_url: str | None = Field(default=None, validation_alias="DATABASE_URL")
    keys_database_url: str | None = Field(default=None, validation_alias="KEYS_DATABASE_URL")
    master_key: str | None = Field(default=None, validation_alias="ALONGSIDE_MASTER_KEY")
    master_key_file: Path | None = Field(default=None, validation_alias="ALONGSIDE_MASTER_KEY_FILE")
    master_key_command: str | None = Field(default=None, validation_alias="ALONGSIDE_MASTER_KEY_COMMAND")
    home: Path = Field(default_factory=default_home, validation_alias="ALONGSIDE_HOME")
    erasures: Path | None = Field(default=None, validation_alias="ALONGSIDE_ERASURES")
    signing_key: Path | None = Field(default=None, validation_alias="ALONGSIDE_SIGNING_KEY")
    origin: str | None = Field(default=None, validation_alias="ALONGSIDE_ORIGIN")
    former_keys: str = Field(default="", validation_alias="ALONGSIDE_FORMER_KEYS")
    checkpoints: Path | None = Field(default=None, validation_alias="ALONGSIDE_CHECKPOINTS")
    witness: str = Field(default="", validation_alias="ALONGSIDE_WITNESS")

    @property
    def erasure_list(self) -> ErasureList:
        """The list of those who were erased: the file of `ALONGSIDE_ERASURES`, else one in `ALONGSIDE_HOME`."""
        return ErasureList(self.erasures or self.home / "erasures.jsonl")
