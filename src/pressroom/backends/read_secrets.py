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

    def __init__(self, secrets: Secrets, *, names_what_it_read: bool = False) -> None:
        """`names_what_it_read`: for whoever may list none, and asks only to leave what it knows out of a text."""
        self._secrets, self._names_what_it_read = secrets, names_what_it_read
        self._names: set[str] = set()
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
        return self._remembered(name, self._secrets.get(name))

    def set(self, name: str, value: str) -> None:
        self._remembered(name, value)
        self._secrets.set(name, value)

    def set_many(self, values: dict[str, str]) -> None:
        for name, value in values.items():
            self._remembered(name, value)
        self._secrets.set_many(values)

    def remove(self, name: str) -> bool:
        return self._secrets.remove(name)

    def names(self) -> list[str]:
        return sorted(self._names) if self._names_what_it_read else self._secrets.names()

    def lock(self, name: str, *, wait: timedelta = timedelta(minutes=2)) -> AbstractContextManager[object]:
        return self._secrets.lock(name, wait=wait)

    def _remembered(self, name: str, value: str | None) -> str | None:
        if value and value not in self._read:
            self._read.add(value)
            self._redact = None
        if value:
            self._names.add(name)
        return value
