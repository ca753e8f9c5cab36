"""The command that runs a witness, at another organisation than the one that it watches."""

import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Final

import typer

from api.cli.output import say, show
from api.cli.serving import stop_in_order
from eventlog.transparency.note import COSIGNATURE, Verifier
from eventlog.transparency.signing_key import read_or_make_key
from eventlog.transparency.witness import Witness
from eventlog.transparency.witness_server import owned, server

KEY: Final = "witness.key"


def witness(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where its key and the checkpoints are kept.")],
    *,
    logs: Annotated[list[str], typer.Option("--log", metavar="VKEY", help="The public key of a log to watch.")],
    name: Annotated[str | None, typer.Option(help="What a new key is called, such as witness.example.org/1.")] = None,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8100,
) -> None:
    """Cosign the checkpoints of other people's logs, as long as they only grow, until Ctrl-C."""
    known = [Verifier.parse(log) for log in logs]
    stop_in_order()
    with owned(folder):
        signer = read_or_make_key(folder / KEY, name, COSIGNATURE)
        with server(Witness(folder, signer, known, partial(datetime.now, UTC)), host, port, say) as listening:
            show(f"http://{host}:{listening.server_address[1]} {signer.verifier}")
            sys.stdout.flush()
            listening.serve_forever()
