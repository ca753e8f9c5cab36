"""How a witness vouches for a checkpoint: cosignature/v1 (C2SP tlog-cosignature), a signature that carries its time."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from eventlog.transparency.note import Signature, Signer, Verifier

_TIME_BYTES: Final = 8


def cosign(text: str, signer: Signer, at: datetime) -> Signature:
    """Say that of this log, nothing larger and nothing inconsistent with it was seen up to now; to the second."""
    second = int(at.timestamp())
    return signer.sign(_message(text, second), before=second.to_bytes(_TIME_BYTES, "big"))


def cosigned_at(text: str, signatures: Sequence[Signature], witness: Verifier) -> datetime | None:
    """Give when a witness cosigned a checkpoint, none if it did not or one of its signatures is false."""
    times = [_time(text, each, witness) for each in signatures if witness.signed(each)]
    return min((time for time in times if time is not None), default=None) if None not in times else None


def _time(text: str, cosignature: Signature, witness: Verifier) -> datetime | None:
    second = int.from_bytes(cosignature.signature[:_TIME_BYTES], "big")
    if not witness.verifies(_message(text, second), cosignature.signature[_TIME_BYTES:]):
        return None
    return datetime.fromtimestamp(second, UTC)


def _message(text: str, second: int) -> bytes:
    return f"cosignature/v1\ntime {second}\n{text}".encode()
