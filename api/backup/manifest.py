"""What a backup holds, and whether it still does: `manifest.json` names every file of the folder by its digest."""

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from api.backup.refused import BackupRefused

NAME: Final = "manifest.json"


class BackupDamaged(BackupRefused):
    """A backup is not what was written."""


class FileDigest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The length of a file in bytes, and its SHA-256 in hexadecimal."""

    length: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was backed up. All figures are of the one snapshot that was dumped."""

    schema: str
    """`eventlog` or `keys`."""
    taken_at: datetime
    server: int
    """PostgreSQL's major version."""
    pg_dump: int
    """The major version of the program that wrote the dump."""
    schema_version: str
    size: int
    """How many events there are, or how many people have or had a key."""
    root: str
    """What stands for them all, in hexadecimal; see `api.backup.contents`."""
    checkpoint: str | None
    """The newest signed checkpoint of the log, if it has any."""
    files: dict[str, FileDigest]


class _Sealed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A manifest with the SHA-256 of its compact JSON, which finds accidents: a forger would write both anew."""

    manifest: Manifest
    sha256: str


def digest(path: Path) -> FileDigest:
    """Give the length and digest of a file."""
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
        return FileDigest(file.tell(), found)


def write(folder: Path, manifest: Manifest) -> None:
    """Put the manifest beside the files that it names."""
    (folder / NAME).write_bytes(_rendered(manifest))


def verify(folder: Path) -> Manifest:
    """Give the manifest of a backup in which no bit has changed. Raises `BackupRefused` or `BackupDamaged`."""
    manifest = _read(folder)
    there = {path.name for path in folder.iterdir()} - {NAME}
    faults = [f"{name} is missing" for name in sorted(manifest.files.keys() - there)]
    faults += [f"{name} does not belong to it" for name in sorted(there - manifest.files.keys())]
    for name in sorted(there & manifest.files.keys()):
        if not (folder / name).is_file() or digest(folder / name) != manifest.files[name]:
            faults.append(f"{name} is not as it was written")
    if faults:
        raise BackupDamaged(f"The backup in {folder} is damaged: {'; '.join(faults)}.")
    return manifest


def _read(folder: Path) -> Manifest:
    try:
        text = (folder / NAME).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise BackupRefused(f"There is no backup in {folder}: it has no {NAME}.") from None
    try:
        manifest = msgspec.json.decode(text, type=_Sealed).manifest
    except (msgspec.DecodeError, UnicodeDecodeError):
        manifest = None
    if manifest is None or _rendered(manifest) != text:
        raise BackupDamaged(f"The backup in {folder} is damaged: {NAME} is not as it was written.")
    return manifest


def _rendered(manifest: Manifest) -> bytes:
    own = hashlib.sha256(msgspec.json.encode(manifest)).hexdigest()
    return msgspec.json.format(msgspec.json.encode(_Sealed(manifest, own)), indent=2) + b"\n"
