"""Writes a folder as a zip file whose bytes depend on the files' names and contents alone."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import dataclass
from pathlib import Path

_TIME = (1980, 1, 1, 0, 0, 0)
"""The first that a zip file can name."""
_READABLE = 0o644 << 16
_UNIX = 3


@dataclass(frozen=True, slots=True)
class Written:
    sha256: str
    zipped_bytes: int
    unzipped_bytes: int


def write_zip(folder: Path, target: Path) -> Written:
    """Write every file of the folder, in the order of their names."""
    unzipped = 0
    unfinished = target.with_suffix(".part")
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            data = path.read_bytes()
            unzipped += len(data)
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _TIME)
            entry.external_attr, entry.create_system, entry.compress_type = _READABLE, _UNIX, zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    unfinished.replace(target)
    with target.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Written(digest, target.stat().st_size, unzipped)
