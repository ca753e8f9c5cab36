"""Commands for auditors and for those who answer to them: checkpoints, bundles, and how to verify them."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from api import transparency
from api.cli.options import Json
from api.cli.output import emit, say, show
from api.receipts import signing
from api.service import Service, running
from api.settings import Settings
from domain.errors import InvalidValue
from eventlog.schema import Role
from eventlog.transparency import storage, verify
from eventlog.transparency.bundle import write_bundle
from eventlog.transparency.checkpoint import Checkpoint
from eventlog.transparency.note import InvalidKey, NoteRefused, Verifier, split_note
from eventlog.transparency.reading import read_records
from eventlog.transparency.sealer import LogDamaged, Sealer
from eventlog.transparency.signing_key import NoSigningKey

app = typer.Typer(no_args_is_help=True, help="Hand the log to an auditor, and verify what an auditor was handed.")

NewFile = Annotated[Path, typer.Argument(metavar="FILE", help="Where to write it; nothing may be there yet.")]


@app.command()
def checkpoint(*, json: Json = False) -> None:
    """Seal what is new, publish it, and print the newest checkpoint: keep it where nobody here can change it."""
    with _opened() as (_, sealer):
        sealer.seal()
        note = sealer.newest()
    if note is None:
        raise InvalidValue("The log is empty: there is nothing to make a checkpoint of.")
    if json:
        found = Checkpoint.parse(split_note(note)[0])
        emit({"origin": found.origin, "size": found.size, "root": found.root.hex(), "note": note})
    else:
        show(note.removesuffix("\n"))


@app.command()
def key(
    *, new: Annotated[bool, typer.Option("--new", help="Make one first, in the file ALONGSIDE_SIGNING_KEY.")] = False
) -> None:
    """Print the public key under which checkpoints and bundles are verified."""
    settings = Settings()
    if new:
        show(str(transparency.new_signing_key(settings).verifier))
    elif settings.signing_key is not None:
        show(str(transparency.signing_key(settings).verifier))
    else:
        with _opened() as (_, sealer):
            show(str(sealer.verifier))


@app.command()
def bundle(
    file: NewFile,
    *,
    upto: Annotated[
        int | None, typer.Option(min=1, metavar="POSITION", help="The newest checkpoint of at most so many events.")
    ] = None,
    withhold: Annotated[bool, typer.Option("--withhold", help="Leave the states out; only their hashes go.")] = False,
) -> None:
    """Write a checkpoint and every event that it covers to a file, encrypted as they are stored."""
    _refuse_existing(file)
    with running(Settings(), say) as service:
        _seal(service)
        engine = service.engines[Role.AUDITOR]
        with engine.connect() as connection:
            note = storage.newest_note(connection, upto)
        if note is None:
            raise InvalidValue("There is no checkpoint yet that covers so few events.")
        written = write_bundle(file, note, read_records(engine), with_states=not withhold)
    show(f"{written} events in {file}.")


@app.command("verify")
def verify_bundle(
    file: Annotated[Path, typer.Argument(metavar="BUNDLE")],
    *,
    keys: Annotated[list[str], typer.Option("--key", metavar="VKEY", help="The log's public key.")],
    kept: Annotated[
        list[Path] | None, typer.Option("--checkpoint", metavar="FILE", help="A checkpoint that you have kept.")
    ] = None,
) -> None:
    """Verify a bundle offline: status 0 if it is true, 1 if it is refused, 2 if it cannot be read."""
    try:
        with file.open("rb") as opened:
            show(verify.verify(opened, keys, [path.read_text("utf-8") for path in kept or []]))
    except verify.Refused as refusal:
        say(f"REFUSED. {refusal}")
        raise typer.Exit(1) from None
    except (OSError, ValueError) as error:
        say(f"Not read: {error}")
        raise typer.Exit(2) from None


@app.command()
def receipt(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file that somebody was given.")],
    *,
    keys: Annotated[list[str], typer.Option("--key", metavar="VKEY", help="The log's public key.")],
    json: Json = False,
) -> None:
    """Verify a receipt offline: status 0 if it is true, 1 if it is refused, 2 if it cannot be read."""
    try:
        facts = signing.verified(file.read_text("utf-8"), [Verifier.parse(key) for key in keys])
    except NoteRefused as refusal:
        say(f"REFUSED. {refusal}")
        raise typer.Exit(1) from None
    except (OSError, ValueError, RecursionError, InvalidKey) as error:
        say(f"Not read: {error}")
        raise typer.Exit(2) from None
    if json:
        emit(facts)
        return
    for name in ("state", "purpose", "said_at", "begins", "expires", "consent", "position", "recorded_at"):
        show(f"{name:<12} {facts.get(name) or '-'}")
    show("Verified: this key has signed it.")


@app.command()
def verifier(file: NewFile) -> None:
    """Write the verifier to a file: one short program for an auditor to read, take away and run."""
    _refuse_existing(file)
    shutil.copyfile(verify.__file__, file)
    show(f"{file} needs Python and the package `cryptography`: python {file} BUNDLE --key VKEY --checkpoint FILE")


@contextmanager
def _opened() -> Iterator[tuple[Service, Sealer]]:
    settings = Settings()
    with running(settings, say) as service:
        yield service, transparency.sealer(service.engines[Role.PROJECTOR], settings, _report)


def _seal(service: Service) -> None:
    """Seal what is new. A log that is damaged, or has no key here, can be handed out all the same, as it was sealed."""
    try:
        transparency.sealer(service.engines[Role.PROJECTOR], Settings(), _report).seal()
    except (LogDamaged, NoSigningKey) as fault:
        say(f"Nothing new was sealed. {fault}")


def _report(publisher: str, fault: Exception) -> None:
    say(f"Not published to {publisher}: {fault}")


def _refuse_existing(file: Path) -> None:
    if file.exists():
        raise InvalidValue(f"There is something at {file} already.")
