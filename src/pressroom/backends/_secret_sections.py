"""A section's secrets as they lie in Secrets Manager: one JSON document, changed by whoever read it last."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pressroom.backends._aws_troubles import Answered, plain_troubles
from pressroom.backends.aws_clients import AwsClients
from pressroom.errors import BadInput, ConfigurationError, Unavailable
from pressroom.log import log

RECOVERY_DAYS = 7
"""For which a removed section can be brought back in the console; AWS takes 7 to 30."""
# https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html, 2026-11-21
LARGEST_BYTES = 65_536
_TRIES = 8
_REPLACED = "_replaced"
"""No secret can be called so: names begin with a letter, a digit or a hyphen."""
_NEXT = "PRESSROOM_NEXT"
"""The label of a version that is written and not yet the current one."""
_ABSENT, _EXISTS = "ResourceNotFoundException", "ResourceExistsException"
_DELETED, _MOVED = "InvalidRequestException", "InvalidParameterException"
_HIDDEN = "AccessDeniedException"
_READING = "secretsmanager:GetSecretValue and kms:Decrypt"
_WRITING = "secretsmanager:CreateSecret, PutSecretValue, UpdateSecretVersionStage and RestoreSecret"


@dataclass(frozen=True, slots=True)
class Section:
    """What one section holds; nothing of it is shown."""

    values: dict[str, str] = field(default_factory=dict, repr=False)
    replaced: dict[str, list[str]] = field(default_factory=dict, repr=False)
    """By key, fingerprints of values in the environment that the stored one came after."""
    version: str = ""
    is_deleted: bool = False
    is_hidden: bool = False
    """Whether this role may not read it, and so may not change it either."""

    def as_text(self) -> str:
        return json.dumps({**self.values, **({_REPLACED: self.replaced} if self.replaced else {})}, ensure_ascii=False)


class Sections:
    def __init__(self, clients: AwsClients) -> None:
        self._clients = clients
        self._prefix = f"{clients.settings.name}/"
        self._hidden: set[str] = set()

    def read(self, section: str) -> Section:
        """Return what is current; an empty section without a version if there is none, or none for this role."""
        name = self._prefix + section
        try:
            with self._telling(name, _READING, _ABSENT, _DELETED, _HIDDEN):
                found = self._client.get_secret_value(SecretId=name, VersionStage="AWSCURRENT")
        except Answered as answered:
            if answered.code == _HIDDEN:
                self._tell_hidden(name, answered.said)
            return Section(is_deleted=answered.code == _DELETED, is_hidden=answered.code == _HIDDEN)
        return _read(name, str(found.get("SecretString", "")), str(found["VersionId"]))

    def change(self, section: str, alter: Callable[[Section], Section | None]) -> Section:
        """Store what `alter` makes of the current section, decided anew if somebody else was faster.

        With None nothing is stored. Returns the section as it then stands.
        """
        for _ in range(_TRIES):
            current = self.read(section)
            if current.is_hidden:
                raise ConfigurationError(
                    f"The secrets of {section} cannot be changed: this role may not read them.",
                    where=self._prefix + section,
                    todo=f"Allow it {_READING}.",
                )
            wanted = alter(current)
            if wanted is None:
                return current
            text = wanted.as_text()
            if len(text.encode()) > LARGEST_BYTES:
                raise BadInput(
                    f"The secrets of {section} would take more than {LARGEST_BYTES:,} bytes together.",
                    where=section,
                    todo="AWS Secrets Manager keeps no more under one name; remove what is not needed.",
                )
            if self._store(self._prefix + section, current, text):
                return wanted
        raise Unavailable(
            f"The secrets of {section} were changed {_TRIES} times by others meanwhile.",
            where=section,
            todo="Do the same again.",
        )

    def remove(self, section: str) -> None:
        """Remove a section that is empty already, so that nothing old comes back when it is made again."""
        name = self._prefix + section
        try:
            with self._telling(name, "secretsmanager:DeleteSecret", _ABSENT, _DELETED):
                self._client.delete_secret(SecretId=name, RecoveryWindowInDays=RECOVERY_DAYS)
        except Answered:
            return  # somebody else has removed it

    def names(self) -> list[str]:
        """Return the sections that there are; AWS may need some seconds to list a new one."""
        with self._telling(f"{self._prefix}*", "secretsmanager:ListSecrets"):
            pages = self._client.get_paginator("list_secrets").paginate(
                Filters=[{"Key": "name", "Values": [self._prefix]}]
            )
            listed = [str(one["Name"]) for page in pages for one in page["SecretList"]]
        return sorted(one.removeprefix(self._prefix) for one in listed if one.startswith(self._prefix))

    def _store(self, name: str, current: Section, text: str) -> bool:
        """Store a text in the place of what was read; False if it is not current any more."""
        token = uuid.uuid4().hex
        try:
            with self._telling(name, _WRITING, _ABSENT, _EXISTS, _DELETED, _MOVED):
                if current.is_deleted:
                    # Restored it shows what it last held, for a moment; `remove` has seen to it that this is nothing.
                    self._client.restore_secret(SecretId=name)
                    current = self.read(name.removeprefix(self._prefix))
                if not current.version and self._create(name, text, token):
                    return True
                # Written beside, and made current only if what was read still is: no write of another is lost.
                put = self._client.put_secret_value(
                    SecretId=name, SecretString=text, ClientRequestToken=token, VersionStages=[_NEXT]
                )
                if not current.version:  # Terraform had made the place: its first version is current at once
                    return "AWSCURRENT" in put["VersionStages"]
                self._client.update_secret_version_stage(
                    SecretId=name,
                    VersionStage="AWSCURRENT",
                    MoveToVersionId=token,
                    RemoveFromVersionId=current.version,
                )
                return True
        except Answered:
            return False

    def _tell_hidden(self, name: str, said: str) -> None:
        """Say that a role may not read something; raise if it may, and cannot open it.

        A function is allowed its own sections alone, and asks for others that could hold something and need not.
        """
        if "kms" in said.lower():
            raise ConfigurationError(
                f"The secret {name} cannot be opened: this role may not use the key that it is sealed with.",
                where=name,
                todo=f"Allow it kms:Decrypt on the key alias/{self._clients.settings.name}.",
            )
        if name not in self._hidden:
            self._hidden.add(name)
            log.warning("this role may not read a secret, which counts as not set", secret=name, needs=_READING)

    def _create(self, name: str, text: str, token: str) -> bool:
        """Create a secret; False if its place is there already."""
        key = f"alias/{self._clients.settings.name}"
        try:
            with self._telling(name, _WRITING, _EXISTS):
                self._client.create_secret(Name=name, SecretString=text, KmsKeyId=key, ClientRequestToken=token)
        except Answered:
            return False
        return True

    def _telling(self, name: str, actions: str, *expected: str) -> Any:
        # Its answers may repeat what they were given: nothing of them is kept.
        return plain_troubles("Secrets Manager", name, actions, expected, tells_values=True)

    @property
    def _client(self) -> Any:
        return self._clients("secretsmanager")


def _read(name: str, text: str, version: str) -> Section:
    damaged = ConfigurationError(
        f"The secret {name} is no JSON document of texts: something other than pressroom has written it.",
        where=name,
        todo='Write it in the console as {"api_key": "…"}, or remove it there and set its secrets anew.',
    )
    try:
        values = json.loads(text)
    except ValueError:
        raise damaged from None
    replaced = values.pop(_REPLACED, {}) if isinstance(values, dict) else None
    if not isinstance(replaced, dict) or not all(isinstance(value, str) for value in values.values()):
        raise damaged
    return Section(values, replaced, version)
