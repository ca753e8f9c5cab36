"""What commands print: results to standard output, everything else to standard error."""

import sys
from typing import Any

import msgspec

from api.problems import describe


class UnusableFile(Exception):
    """A file or folder cannot be read or written."""


def say(message: str) -> None:
    """Tell a person something that is no part of the result."""
    print(message, file=sys.stderr, flush=True)  # noqa: T201 - this is where printing is done


def show(text: str) -> None:
    """Print a line of the result."""
    print(text)  # noqa: T201


def emit(document: Any) -> None:
    """Print the one JSON document of a command."""
    sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n")
    sys.stdout.flush()


def complain(refusal: Exception) -> None:
    """Say why nothing was done; where JSON was asked for, as the one document as well."""
    say(str(refusal))
    if "--json" in sys.argv:
        emit(describe(refusal))
