"""The key that everything secret is locked with: from the environment, else from a file that only its owner reads."""

from __future__ import annotations

import base64
import binascii
import os
import secrets
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from pressroom.backends import _durable
from pressroom.errors import ConfigurationError

VARIABLE = "PRESSROOM_SECRET_KEY"
KEY_BYTES = 32
_HOW_TO_MAKE_ONE = "`openssl rand -base64 32` makes one."


class SecretKey:
    """Finds the key anew each time, so that it stays in memory no longer than it is used."""

    def __init__(self, file: Path, environment: Mapping[str, str]) -> None:
        self._file = file
        self._text = environment.get(VARIABLE, "")

    def __repr__(self) -> str:
        return f"SecretKey(from {self.origin})"

    @property
    def origin(self) -> str:
        """Where the key comes from, for people."""
        return f"the variable {VARIABLE}" if self._text else str(self._file)

    def derived(self, purpose: bytes, *, may_create: bool) -> bytes:
        """Return 32 bytes that are this key's for one purpose and tell nothing of those for others."""
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        master = self._master(may_create)
        return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=b"pressroom", info=purpose).derive(master)

    def _master(self, may_create: bool) -> bytes:
        if self._text:
            return self._read(self._text)
        if not self._file.exists():
            if not may_create:
                raise ConfigurationError(
                    f"The key file {self._file} is missing, and without it nobody can read the stored secrets.",
                    where=str(self._file),
                    todo="Bring the file back from a backup, or set "
                    f"{VARIABLE} to its content. If it is lost, remove the file of secrets and set them anew.",
                )
            self._create()
        self._refuse_if_others_may_read()
        return self._read(self._file.read_text(encoding="ascii", errors="replace"))

    def _create(self) -> None:
        text = base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n"
        with (
            _durable.opened_folder(self._file.parent, create_mode=0o700) as folder,
            # Of two processes at once the first one's key stays, and the other reads it.
            suppress(FileExistsError),
        ):
            _durable.create(folder, self._file.name, text, 0o600)

    def _refuse_if_others_may_read(self) -> None:
        found = self._file.stat()
        if found.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise ConfigurationError(
                f"The key file {self._file} can be read or written by others than its owner.",
                where=str(self._file),
                todo=f"Run `chmod 600 {self._file}`; if somebody else may have read it, change the secrets as well.",
            )
        if found.st_uid not in (os.geteuid(), 0):
            raise ConfigurationError(
                f"The key file {self._file} belongs to another user.",
                where=str(self._file),
                todo="Run pressroom as that user, or give the file to the one that runs it.",
            )

    def _read(self, text: str) -> bytes:
        try:
            key = base64.b64decode(text.strip().replace("-", "+").replace("_", "/").rstrip("=") + "=", validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if len(key) != KEY_BYTES:
            raise ConfigurationError(
                f"The key in {self.origin} is not {KEY_BYTES} bytes in base64.",
                where=self.origin,
                todo=f"Put the right one there. For a new workspace {_HOW_TO_MAKE_ONE}",
            ) from None
        return key
