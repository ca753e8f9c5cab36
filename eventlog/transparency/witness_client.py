"""Asks a witness (C2SP tlog-witness) to cosign checkpoints, proving to it each time that the log only grew."""

from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPException
from typing import Final
from urllib.error import HTTPError
from urllib.request import Request as HttpRequest
from urllib.request import urlopen

from eventlog.transparency.checkpoint import Checkpoint
from eventlog.transparency.cosignature import cosigned_at
from eventlog.transparency.merkle import consistency_proof
from eventlog.transparency.note import NoteRefused, Verifier, split_note
from eventlog.transparency.publishing import Published, PublishingFailed
from eventlog.transparency.witness import Request

PATIENCE_S: Final = 5.0
LONGEST_ANSWER: Final = 100_000

_CONFLICT: Final = 409
_INCONSISTENT: Final = 422


@dataclass
class WitnessClient:
    """Publishes to one witness: `url` is what stands before `/add-checkpoint`, `verifier` verifies its cosignatures."""

    url: str
    verifier: Verifier
    patience_s: float = PATIENCE_S
    _known_size: int = 0

    def __post_init__(self) -> None:
        """Refuse other addresses."""
        if not self.url.startswith(("http://", "https://")):
            raise ValueError("A witness has an address that begins with http:// or https://.")

    @property
    def name(self) -> str:
        """What it is called where its failure is reported."""
        return f"the witness {self.verifier.name}"

    def publish(self, published: Published) -> Sequence[str]:
        """Have a checkpoint cosigned, unless it is already; give the line. Raises `PublishingFailed` or OSError."""
        text, signatures = split_note(published.note)
        if cosigned_at(text, signatures, self.verifier) is not None:
            return ()
        size = Checkpoint.parse(text).size
        answer = self._ask(published, size)
        if isinstance(answer, int):
            if answer > size:
                raise PublishingFailed(f"It has seen {answer} events of this log, and only {size} are left.")
            self._known_size = answer
            answer = self._ask(published, size)
        if isinstance(answer, int):
            raise PublishingFailed(
                f"It has seen {answer} events of this log that are not the first {answer} of it now."
            )
        self._known_size = size
        return [self._line(published.note, text, answer)]

    def _ask(self, published: Published, size: int) -> str | int:
        """Send a checkpoint; give the cosignatures, or the size that the witness wants a proof from."""
        old_size = min(self._known_size, size)
        proof = consistency_proof(old_size, size, published.node)
        body = Request(old_size, proof, published.note).body().encode()
        address = f"{self.url.rstrip('/')}/add-checkpoint"
        request = HttpRequest(address, body, {"Content-Type": "text/plain"})  # noqa: S310 - see __post_init__
        try:
            with urlopen(request, timeout=self.patience_s) as response:  # noqa: S310
                return str(response.read(LONGEST_ANSWER).decode())
        except HTTPError as refusal:
            with refusal:
                said = refusal.read(LONGEST_ANSWER).decode(errors="replace").strip()
            if refusal.code == _CONFLICT and said.isascii() and said.isdecimal():
                return int(said)
            why = "what it has seen is not the beginning of this log" if refusal.code == _INCONSISTENT else "it refused"
            raise PublishingFailed(f"Status {refusal.code}: {why}.") from refusal
        except (HTTPException, UnicodeDecodeError) as fault:
            raise PublishingFailed(f"It did not answer as a witness does: {type(fault).__name__}.") from fault

    def _line(self, note: str, text: str, answer: str) -> str:
        try:
            _, signatures = split_note(note + answer)
        except NoteRefused as refusal:
            raise PublishingFailed(f"Its answer is no cosignature. {refusal}") from refusal
        ours = [each for each in signatures if self.verifier.signed(each)]
        if not ours or cosigned_at(text, ours, self.verifier) is None:
            raise PublishingFailed("Its answer is not cosigned by the key that it is known under.")
        return ours[0].line()
