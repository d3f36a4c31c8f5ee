"""Remembers the secrets that were read through it, so that the log can leave them out; stores nothing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

from pressroom.ports import Secrets


class ReadSecrets:
    """Implements `Secrets` over another one.

    A function may read its own secrets alone, and need not list them: what could get into its log is what it read.
    """

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets
        self._read: set[str] = set()
        self._redact: Callable[[str], str] | None = None

    def __repr__(self) -> str:
        return f"ReadSecrets({self._secrets!r})"

    def redact(self, text: str) -> str:
        """Take out of a text what was read here, and what looks like a secret."""
        if self._redact is None:
            from pressroom.redaction import redactor

            self._redact = redactor(self._read)
        return self._redact(text)

    def get(self, name: str) -> str | None:
        return self._remembered(self._secrets.get(name))

    def set(self, name: str, value: str) -> None:
        self._remembered(value)
        self._secrets.set(name, value)

    def set_many(self, values: dict[str, str]) -> None:
        for value in values.values():
            self._remembered(value)
        self._secrets.set_many(values)

    def remove(self, name: str) -> bool:
        return self._secrets.remove(name)

    def names(self) -> list[str]:
        return self._secrets.names()

    def lock(self, name: str, *, wait: timedelta = timedelta(minutes=2)) -> AbstractContextManager[object]:
        return self._secrets.lock(name, wait=wait)

    def _remembered(self, value: str | None) -> str | None:
        if value and value not in self._read:
            self._read.add(value)
            self._redact = None
        return value
