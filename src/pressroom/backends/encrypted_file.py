"""The secrets in one encrypted file, with the environment before it. Which of the two wins stands at `get`."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from pressroom.backends._opened_secrets import OpenedSecrets
from pressroom.backends._sealing import Broken, seal, unseal
from pressroom.backends._secret_file import Sealed, SecretFile
from pressroom.backends._secret_key import SecretKey
from pressroom.backends._secret_names import PREFIX, checked, is_name, refuse_empty
from pressroom.backends._secret_names import variable_of as variable_of
from pressroom.errors import ConfigurationError

_CHECKED_TEXT = "pressroom"
_ENCRYPTION = b"pressroom secrets: encryption"
_FINGERPRINTS = b"pressroom secrets: fingerprints of replaced values"
_DERIVED = b"pressroom derived: "
_REMEMBERED = 16
"""Values of a variable that a stored secret is known to replace; more than anybody goes back."""


@dataclass(frozen=True, repr=False)
class _Stored:
    value: str
    replaces: tuple[str, ...] = ()
    """Fingerprints of values in the environment that this one came after."""


class EncryptedFileSecrets:
    """Implements `Secrets` for one machine.

    A variable beats what is stored, unless the stored secret is known to have come after the variable's value.
    A network hands out a new token for the old one, and the old one is dead from then on: if it came from the
    environment, nobody changes it there. So `set_many` keeps, sealed beside the new value, a fingerprint of the
    value in the environment that it replaces; while the variable holds that very value, the stored one wins. As
    soon as somebody gives the variable another value, the variable wins again.
    """

    def __init__(self, file: Path, key_file: Path, environment: Mapping[str, str]) -> None:
        self._file = SecretFile(file)
        self._key = SecretKey(key_file, environment)
        self._opened = OpenedSecrets(file, key_file)
        self._environment = {name: value for name, value in environment.items() if name.startswith(PREFIX) and value}

    def __repr__(self) -> str:
        return f"EncryptedFileSecrets({str(self._file.file)!r})"

    def get(self, name: str) -> str | None:
        opened = self._opened.now()
        if name not in opened:
            opened[name] = self._current(name)
        return opened[name]

    def _current(self, name: str) -> str | None:
        given = self._environment.get(variable_of(checked(name)))
        sealed = self._file.read()
        if name not in sealed.secrets:
            return given
        stored = self._open(sealed, name)
        if given is None or self._fingerprint(name, given) in stored.replaces:
            return stored.value
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
        """Store several at once: all of them survive a crash, or none. They win over the environment's old ones."""
        refuse_empty(values)
        with self._file.locked("file", 30):
            sealed = self._file.read()
            key = self._encryption_key(sealed)
            if not sealed.secrets:
                sealed.check = seal(key, "", _CHECKED_TEXT)
            for name, value in values.items():
                text = json.dumps([value, *self._replaced_by_new(sealed, name)])
                sealed.secrets[name] = seal(key, checked(name), text)
            self._file.write(sealed)

    def remove(self, name: str) -> bool:
        """Remove what is stored; the value that a variable gives stays, and is then the one that counts."""
        checked(name)
        with self._file.locked("file", 30):
            sealed = self._file.read()
            if sealed.secrets.pop(name, None) is None:
                return False
            self._file.write(sealed)
            return True

    def names(self) -> list[str]:
        stored = list(self._file.read().secrets)
        known = {variable_of(name) for name in stored}
        given = (variable for variable in self._environment if variable not in known)
        named = (variable.removeprefix(PREFIX).lower().replace("__", ".") for variable in given)
        return sorted(stored + [name for name in named if is_name(name)])

    def lock(self, name: str, *, wait: timedelta = timedelta(minutes=2)) -> AbstractContextManager[None]:
        """Hold a lock of this name across threads and processes; raises `Busy` if it is not free after `wait`.

        Not to be taken twice by the same thread.
        """
        return self._file.locked("held-" + name, wait.total_seconds())

    def derive(self, purpose: str) -> bytes:
        """Return 32 bytes for one purpose, such as signing URLs, the same as long as the key is the same."""
        return self._key.derived(_DERIVED + purpose.encode(), may_create=not self._file.read().secrets)

    def _replaced_by_new(self, sealed: Sealed, name: str) -> tuple[str, ...]:
        # What the old one replaced, the new one replaces too, also where the variable is not set: the command
        # line may refresh a token that a worker with that variable uses next.
        replaces = self._open(sealed, name).replaces if name in sealed.secrets else ()
        given = self._environment.get(variable_of(name))
        if given is not None and (fingerprint := self._fingerprint(name, given)) not in replaces:
            replaces = (*replaces, fingerprint)
        return replaces[-_REMEMBERED:]

    def _open(self, sealed: Sealed, name: str) -> _Stored:
        key = self._encryption_key(sealed)
        try:
            value, *replaces = json.loads(unseal(key, name, sealed.secrets[name]))
        except Broken:
            raise ConfigurationError(
                f"The stored secret {name} is damaged: it was changed or moved by something other than pressroom.",
                where=str(self._file.file),
                todo=f"Set it anew: `pressroom secrets set {name}`.",
            ) from None
        return _Stored(value, tuple(replaces))

    def _encryption_key(self, sealed: Sealed) -> bytes:
        """Return the key, and raise before anything is done with one that is not this file's."""
        key = self._key.derived(_ENCRYPTION, may_create=not sealed.secrets)
        try:
            if sealed.secrets:
                unseal(key, "", sealed.check)
        except Broken:
            raise ConfigurationError(
                f"The key in {self._key.origin} is not the one that {self._file.file} was locked with.",
                where=self._key.origin,
                todo="Bring back the right key. If it is lost, remove the file of secrets and set them anew.",
            ) from None
        return key

    def _fingerprint(self, name: str, value: str) -> str:
        # With a key, so that nobody can find a short value by trying; and only sealed ever stored.
        key = self._key.derived(_FINGERPRINTS, may_create=True)
        return hmac.new(key, f"{name}\n{value}".encode(), hashlib.sha256).hexdigest()
