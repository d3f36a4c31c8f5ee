"""The secrets in AWS Secrets Manager: one secret a section, sealed with the deployment's own key."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from pressroom.backends._secret_names import PREFIX, checked, is_name, refuse_empty, variable_of
from pressroom.backends._secret_sections import Section, Sections
from pressroom.backends.aws_clients import AwsClients
from pressroom.errors import ConfigurationError, PressroomError
from pressroom.ports import Clock

KEPT = timedelta(seconds=10)
"""How long a section that was read is used: what another machine has stored is seen by then."""
_OWN, _MASTER = "pressroom", "master_key"
"""The section of what is derived from; no user's section can be called so, for those have a point in them."""
_REMEMBERED = 16
"""Values of a variable that a stored secret is known to replace; more than anybody goes back."""


class Lock(Protocol):
    def __call__(self, name: str, *, wait: timedelta) -> AbstractContextManager[object]: ...


class SecretsManagerSecrets:
    """Implements `Secrets`. A section, `channels.main`, is one secret `{deployment}/channels.main`: JSON of its keys.

    What is stored for one section is one write, all of it or none; several sections are written one after the
    other, in the order given, and an error says which of them are stored. A variable of the environment beats what is
    stored, unless the stored secret is known to have come after the variable's value: as `EncryptedFileSecrets` has it.
    """

    def __init__(self, clients: AwsClients, lock: Lock, environment: Mapping[str, str], clock: Clock) -> None:
        self._name, self._lock, self._clock = clients.settings.name, lock, clock
        self._sections = Sections(clients)
        self._environment = {name: value for name, value in environment.items() if name.startswith(PREFIX) and value}
        self._read: dict[str, tuple[datetime, Section]] = {}

    def __repr__(self) -> str:
        return f"SecretsManagerSecrets({self._name!r})"

    def get(self, name: str) -> str | None:
        section, key = _parted(name)
        found = self._section(section)
        stored = found.values.get(key)
        given = self._environment.get(variable_of(name))
        if given is None or (stored is not None and _fingerprint(name, given) in found.replaced.get(key, [])):
            return stored
        return given

    def set(self, name: str, value: str) -> None:
        variable = variable_of(checked(name))
        given = self._environment.get(variable)
        if given is not None and self.get(name) == given:
            raise ConfigurationError(
                f"{name} was not stored: the variable {variable} is set and would override it.",
                where=name,
                todo=f"Change the value of {variable}, or unset it and set the secret again.",
            )
        self.set_many({name: value})

    def set_many(self, values: dict[str, str]) -> None:
        """Store several at once: those of one section survive a crash all together, or none of them does."""
        refuse_empty(values)
        by_section: dict[str, dict[str, str]] = defaultdict(dict)
        for name, value in values.items():
            section, key = _parted(name)
            by_section[section][key] = value
        stored: list[str] = []
        for section, new in by_section.items():
            try:
                self._store(section, new)
            except PressroomError as error:
                if stored:
                    error.what = f"{error.what} Stored already: the secrets of {', '.join(stored)}."
                raise
            stored.append(section)

    def remove(self, name: str) -> bool:
        """Remove what is stored; the last one takes its section with it, which AWS keeps for a week."""
        section, key = _parted(name)
        was_there = False

        def without(current: Section) -> Section | None:
            nonlocal was_there
            was_there = key in current.values
            left = {other: value for other, value in current.values.items() if other != key}
            replaced = {other: told for other, told in current.replaced.items() if other != key}
            return replace(current, values=left, replaced=replaced) if was_there else None

        left = self._sections.change(section, without)
        self._read.pop(section, None)
        if was_there and not left.values:
            self._sections.remove(section)
        return was_there

    def names(self) -> list[str]:
        stored = [
            f"{section}.{key}"
            for section in self._sections.names()
            if section != _OWN
            for key in self._section(section).values
        ]
        known = {variable_of(name) for name in stored}
        given = (variable for variable in self._environment if variable not in known)
        named = (variable.removeprefix(PREFIX).lower().replace("__", ".") for variable in given)
        return sorted(stored + [name for name in named if is_name(name)])

    @contextmanager
    def lock(self, name: str, *, wait: timedelta = timedelta(minutes=2)) -> Iterator[None]:
        with self._lock(name, wait=wait):
            # Whoever held it before may just have stored something, such as the tokens that this one is to renew.
            self._read.clear()
            yield

    def derive(self, purpose: str) -> bytes:
        """Return 32 bytes for one purpose, such as signing URLs: the same on every machine of the deployment."""
        master = self._section(_OWN).values.get(_MASTER)
        if master is None:
            master = self._made_master()
        return hmac.new(bytes.fromhex(master), purpose.encode(), hashlib.sha256).digest()

    def _made_master(self) -> str:
        made = os.urandom(32).hex()
        try:
            found = self._sections.change(
                _OWN, lambda now: None if now.values else replace(now, values={_MASTER: made})
            )
        except ConfigurationError as error:
            # A function may read it and not make it.
            error.todo = f"Run `pressroom aws prepare`, which makes the key that is missing there. {error.todo}"
            raise
        return found.values[_MASTER]

    def _store(self, section: str, new: dict[str, str]) -> None:
        def with_new(current: Section) -> Section:
            replaced = {**current.replaced}
            for key in new:
                if told := self._replaced_by_new(f"{section}.{key}", current.replaced.get(key, [])):
                    replaced[key] = told
            return replace(current, values={**current.values, **new}, replaced=replaced)

        self._sections.change(section, with_new)
        self._read.pop(section, None)

    def _replaced_by_new(self, name: str, known: list[str]) -> list[str]:
        # What the old one replaced, the new one replaces too, also where the variable is not set.
        given = self._environment.get(variable_of(name))
        told = [] if given is None or _fingerprint(name, given) in known else [_fingerprint(name, given)]
        return [*known, *told][-_REMEMBERED:]

    def _section(self, section: str) -> Section:
        now = self._clock.now()
        since, known = self._read.get(section, (None, Section()))
        if since is not None and since <= now < since + KEPT:
            return known
        found = self._sections.read(section)
        self._read[section] = (now, found)
        return found


def _parted(name: str) -> tuple[str, str]:
    section, _, key = checked(name).rpartition(".")
    return section, key


def _fingerprint(name: str, value: str) -> str:
    # Lies only where the secrets lie, so it needs no key of its own.
    return hashlib.sha256(f"{name}\n{value}".encode()).hexdigest()
