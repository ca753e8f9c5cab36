"""What a witness does (C2SP tlog-witness): it cosigns a checkpoint only if the log merely grew since the last one.

It keeps the newest checkpoint of each log that it knows, one file a log. Whoever runs it is a second place that keeps a
log's past.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Final

from eventlog.files import write_whole
from eventlog.transparency.checkpoint import Checkpoint, open_checkpoint
from eventlog.transparency.cosignature import cosign
from eventlog.transparency.merkle import EMPTY_ROOT, ProofRefused, verify_consistency
from eventlog.transparency.note import NoteRefused, Signer, Verifier, split_note

LONGEST_PROOF: Final = 63
SIZE_TYPE: Final = "text/x.tlog.size"

_OLD: Final = re.compile(r"old (0|[1-9][0-9]{0,18})")


@dataclass(frozen=True)
class Verdict:
    """A witness's answer: an HTTP status and a text."""

    status: int
    text: str
    content_type: str = "text/plain; charset=utf-8"


@dataclass(frozen=True)
class Request:
    """A checkpoint, and the proof that it continues one of size `old_size`."""

    old_size: int
    proof: Sequence[bytes]
    note: str

    @classmethod
    def parse(cls, body: str) -> "Request":
        """Read the body of a request. Raises `NoteRefused`."""
        head, _, note = body.partition("\n\n")
        first, *encoded = head.split("\n")
        old = _OLD.fullmatch(first)
        if old is None or len(encoded) > LONGEST_PROOF:
            raise NoteRefused(
                f"A request is a line `old SIZE`, up to {LONGEST_PROOF} hashes, an empty line and a note."
            )
        try:
            proof = [base64.b64decode(line, validate=True) for line in encoded]
        except (binascii.Error, ValueError):
            raise NoteRefused("The hashes of a proof are base64.") from None
        return cls(int(old[1]), proof, note)

    def body(self) -> str:
        """Give the request as it is sent."""
        lines = [f"old {self.old_size}", *(base64.b64encode(each).decode() for each in self.proof)]
        return "\n".join(lines) + "\n\n" + self.note


class Witness:
    """Keeps checkpoints of the logs whose keys it is given; one process a folder."""

    def __init__(self, folder: Path, signer: Signer, logs: Sequence[Verifier], clock: Callable[[], datetime]) -> None:
        self._folder = folder
        self._signer = signer
        self._logs = logs
        self._clock = clock
        self._lock = Lock()

    def add_checkpoint(self, body: str) -> Verdict:
        """Judge a request, remember its checkpoint if it is good, and cosign it."""
        try:
            request = Request.parse(body)
            text, _ = split_note(request.note)
            checkpoint = Checkpoint.parse(text)
        except NoteRefused as refusal:
            return Verdict(400, f"{refusal}\n")
        trusted = [log for log in self._logs if log.name == checkpoint.origin]
        if not trusted:
            return Verdict(404, "This witness does not know this log.\n")
        try:
            open_checkpoint(request.note, trusted)
        except NoteRefused as refusal:
            return Verdict(403, f"{refusal}\n")
        if request.old_size > checkpoint.size:
            return Verdict(400, "The old size is larger than the checkpoint's.\n")
        with self._lock:
            return self._continue(request, checkpoint, text)

    def kept_at(self, origin: str) -> Path:
        """Give where the newest checkpoint of a log is kept."""
        return self._folder / f"{hashlib.sha256(origin.encode()).hexdigest()[:32]}.checkpoint"

    def _continue(self, request: Request, checkpoint: Checkpoint, text: str) -> Verdict:
        known = self._known(checkpoint.origin)
        if request.old_size != known.size:
            return Verdict(409, f"{known.size}\n", SIZE_TYPE)
        try:
            verify_consistency(known.size, known.root, checkpoint.size, checkpoint.root, request.proof)
        except ProofRefused as refusal:
            if known.size == checkpoint.size and known.root != checkpoint.root:
                return Verdict(409, f"{known.size}\n", SIZE_TYPE)
            return Verdict(422, f"{refusal}\n")
        cosignature = cosign(text, self._signer, self._clock()).line()
        write_whole(self.kept_at(checkpoint.origin), (request.note + cosignature).encode())
        return Verdict(200, cosignature)

    def _known(self, origin: str) -> Checkpoint:
        """Give the newest checkpoint that was cosigned. It is read anew each time: what is on disk is what counts."""
        try:
            note = self.kept_at(origin).read_text("utf-8")
        except FileNotFoundError:
            return Checkpoint(origin, 0, EMPTY_ROOT)
        return Checkpoint.parse(split_note(note)[0])
