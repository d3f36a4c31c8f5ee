"""The file of sealed secrets: read whole, changed under a lock that every process respects, replaced whole."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pressroom.backends import _durable
from pressroom.errors import Busy, ConfigurationError

FORMAT = 1


@dataclass
class Sealed:
    """What stands in the file. The names can be read without the key, nothing else."""

    check: str = ""
    """Something known, sealed: tells a wrong key from a damaged secret."""
    secrets: dict[str, str] = field(default_factory=dict)


class SecretFile:
    def __init__(self, file: Path) -> None:
        self.file = file

    def read(self) -> Sealed:
        try:
            content = json.loads(self.file.read_bytes())
            version, sealed = content["version"], Sealed(content["check"], dict(content["secrets"]))
        except FileNotFoundError:
            return Sealed()
        except (ValueError, KeyError, TypeError):
            raise ConfigurationError(
                f"The file of secrets {self.file} is damaged.",
                where=str(self.file),
                todo="Bring it back from a backup, or remove it and set the secrets anew.",
            ) from None
        if version != FORMAT:
            raise ConfigurationError(
                f"The file of secrets {self.file} was written by a newer version of pressroom.",
                where=str(self.file),
                todo="Use that version, or a later one.",
            )
        return sealed

    def write(self, sealed: Sealed) -> None:
        content = {"version": FORMAT, "check": sealed.check, "secrets": sealed.secrets}
        with _durable.opened_folder(self.file.parent, create_mode=0o700) as folder:
            _durable.replace(folder, self.file.name, json.dumps(content, indent=1).encode(), 0o600)

    @contextmanager
    def locked(self, name: str, seconds: float) -> Iterator[None]:
        """Hold the lock of this name across threads and processes; it ends with its process in any case."""
        from filelock import FileLock, Timeout

        folder = self.file.with_name(self.file.name + ".locks")
        _durable.make_folders(folder, 0o700)
        # Readable for people, and different for names that differ only in signs that a file's name cannot have.
        plain = re.sub(r"[^A-Za-z0-9.-]", "_", name)[:80]
        lock = FileLock(
            folder / f"{plain}.{hashlib.sha256(name.encode()).hexdigest()[:12]}", timeout=seconds, mode=0o600
        )
        try:
            lock.acquire(poll_interval=0.02)
        except Timeout:
            raise Busy(
                f"Another process has been holding the lock {name!r} for more than {seconds:g} seconds.",
                where=str(self.file),
                todo="If it hangs, stop it; its lock ends with it.",
            ) from None
        try:
            yield
        finally:
            lock.release()
