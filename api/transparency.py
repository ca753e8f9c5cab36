"""What seals the log, as the settings have it: the signing key, and the places that checkpoints go to."""

import logging
from functools import partial
from threading import Event, Thread
from typing import Final, Self

from sqlalchemy import Engine

from api.settings import Settings
from eventlog.transparency.folder import Folder
from eventlog.transparency.note import COSIGNATURE, InvalidKey, Signer, Verifier
from eventlog.transparency.publishing import Publisher, Report
from eventlog.transparency.reading import read_records
from eventlog.transparency.sealer import LogDamaged, Sealer
from eventlog.transparency.signing_key import NoSigningKey, make_key, read_key, read_or_make_key
from eventlog.transparency.witness_client import WitnessClient

SIGNING_KEY: Final = "signing.key"
MERGE_DELAY_S: Final = 1.0
PATIENCE_S: Final = 10.0

logger = logging.getLogger(__name__)

_NO_KEY: Final = "Set ALONGSIDE_SIGNING_KEY to the file of a signing key; `alongside audit key --new` makes one there."


def signing_key(settings: Settings) -> Signer:
    """Give the configured key; with the embedded server it is made on first use, in the server's home.

    Raises `NoSigningKey`.
    """
    if settings.signing_key is not None:
        return read_key(settings.signing_key)
    if settings.database_url:
        raise NoSigningKey(_NO_KEY)
    return read_or_make_key(settings.home / SIGNING_KEY, settings.origin)


def new_signing_key(settings: Settings) -> Signer:
    """Make the key that is configured and not there yet. Raises `NoSigningKey`."""
    if settings.signing_key is None:
        raise NoSigningKey(_NO_KEY)
    return make_key(settings.signing_key, settings.origin)


def sealer(engine: Engine, settings: Settings, report: Report) -> Sealer:
    """Put the sealer of a log together. Raises `NoSigningKey` and `InvalidKey`."""
    signer = signing_key(settings)
    former = [Verifier.parse(key) for key in settings.former_keys.replace(",", " ").split()]
    folders = [Folder(settings.checkpoints, [signer.verifier, *former])] if settings.checkpoints else []
    publishers: list[Publisher] = [*witnesses(settings), *folders]
    return Sealer(
        engine,
        partial(read_records, engine),
        signer,
        publishers,
        kept=lambda: [note for folder in folders for note in folder.kept()],
        former=former,
        report=report,
    )


class Sealing:
    """Seals the log every second for as long as the block lasts, in a thread that waits for slow witnesses alone.

    What fails is reported once, until it succeeds or fails in another way; a damaged log is reported in full.
    """

    def __init__(self, sealer: Sealer, *, every_s: float = MERGE_DELAY_S) -> None:
        self._sealer, self._every_s = sealer, every_s
        self._leaving = Event()
        self._thread = Thread(target=self._run, name="sealing", daemon=True)
        self._failure = ""

    def __enter__(self) -> Self:
        """Begin to seal."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop; what is under way ends first, or with the process."""
        self._leaving.set()
        self._thread.join(PATIENCE_S)

    def _run(self) -> None:
        while not self._leaving.is_set():
            self._seal()
            self._leaving.wait(self._every_s)

    def _seal(self) -> None:
        try:
            self._sealer.seal()
        except Exception as error:  # noqa: BLE001 - whatever it is, the thread lives on
            failure = str(error) if isinstance(error, LogDamaged) else type(error).__name__
            if failure != self._failure:
                logger.error("the log was not sealed: %s", failure)  # noqa: TRY400 - a message may tell
            self._failure = failure
        else:
            self._failure = ""


def witnesses(settings: Settings) -> list[WitnessClient]:
    """Give the configured witnesses; they come before folders, which then get the cosigned checkpoints."""
    found = []
    for pair in filter(None, map(str.split, settings.witness.split(","))):
        try:
            url, key = pair
            found.append(WitnessClient(url, Verifier.parse(key, COSIGNATURE)))
        except ValueError:
            raise InvalidKey("ALONGSIDE_WITNESS is an address (http or https), a space, and a public key.") from None
    return found
