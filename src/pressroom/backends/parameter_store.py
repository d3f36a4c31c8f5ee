"""The settings of a deployment in Parameter Store: one parameter a section, `/{deployment}/settings/channels/main`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from pressroom.backends._aws_troubles import plain_troubles
from pressroom.backends.aws_clients import AwsClients
from pressroom.errors import ConfigurationError

# https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html, 2026-11-21
LARGEST_FREE_BYTES, LARGEST_BYTES = 4_096, 8_192
"""Up to the first, a section costs nothing; up to the second some cents a month; more than that is not kept."""
_PAGE = 10
_REMOVED_AT_ONCE = 10
_SECTION = re.compile(r"[a-zA-Z0-9_.-]+(/[a-zA-Z0-9_.-]+)?")
_WHERE_TO_CORRECT = "Correct pressroom.toml, and deploy it with `pressroom aws synth` and `pressroom aws deploy`."


def folder_of(deployment: str) -> str:
    return f"/{deployment}/settings/"


def read(clients: AwsClients) -> dict[str, Any]:
    """Return the deployed settings as `pressroom.toml` would give them; raises `ConfigurationError` if there are none.

    A function reads them once, when it is opened.
    """
    folder = folder_of(clients.settings.name)
    found = _stored(clients)
    if not found:
        raise ConfigurationError(
            f"No settings are deployed under {folder}.",
            where=folder,
            todo="Deploy with `pressroom aws deploy`, or correct `[aws] name` and `region`.",
        )
    values: dict[str, Any] = {}
    for section, text in found.items():
        kind, _, name = section.partition("/")
        inner = _document(folder + section, text)
        if name:
            values.setdefault(kind, {})[name] = inner
        else:
            values.setdefault(kind, {}).update(inner)
    return values


def write(clients: AwsClients, sections: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Store the settings by section (`server`, `channels/main`) in the place of all that are there.

    Returns the sections that changed. For emulators and repairs: on AWS itself, Terraform does it, from the same
    sections. Raises `ConfigurationError` before anything is written if one of them cannot be stored.
    """
    folder, client = folder_of(clients.settings.name), clients("ssm")
    texts = {section: _text(section, values) for section, values in sections.items()}
    stored = _stored(clients)
    changed = [section for section, text in texts.items() if stored.get(section) != text]
    gone = sorted(stored.keys() - texts.keys())
    with plain_troubles("Parameter Store", f"{folder}*", "ssm:PutParameter and ssm:DeleteParameters"):
        for section in changed:
            client.put_parameter(
                Name=folder + section,
                Value=texts[section],
                Type="SecureString",
                KeyId=f"alias/{clients.settings.name}",
                Tier="Intelligent-Tiering",
                Overwrite=True,
            )
        for at in range(0, len(gone), _REMOVED_AT_ONCE):
            client.delete_parameters(Names=[folder + section for section in gone[at : at + _REMOVED_AT_ONCE]])
    return sorted(changed + gone)


def _stored(clients: AwsClients) -> dict[str, str]:
    folder = folder_of(clients.settings.name)
    with plain_troubles("Parameter Store", f"{folder}*", "ssm:GetParametersByPath and kms:Decrypt"):
        pages = (
            clients("ssm")
            .get_paginator("get_parameters_by_path")
            .paginate(Path=folder, Recursive=True, WithDecryption=True, PaginationConfig={"PageSize": _PAGE})
        )
        return {
            str(one["Name"]).removeprefix(folder): str(one["Value"]) for page in pages for one in page["Parameters"]
        }


def _document(where: str, text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ConfigurationError(f"{where} is no JSON object.", where=where, todo=_WHERE_TO_CORRECT)
    return found


def _text(section: str, values: Mapping[str, Any]) -> str:
    if not _SECTION.fullmatch(section):
        raise ConfigurationError(
            f"A section cannot be called {section!r} on AWS.",
            where=section,
            todo="Name it with letters, digits, points, hyphens and underscores.",
        )
    text = json.dumps(values, sort_keys=True, ensure_ascii=False)
    size = len(text.encode())
    if size > LARGEST_BYTES:
        raise ConfigurationError(
            f"[{section.replace('/', '.')}] takes {size:,} bytes, and Parameter Store keeps {LARGEST_BYTES:,} of one "
            "section.",
            where=section,
            todo="Shorten its texts, or put long ones (templates, lists of words) into an asset that it names.",
        )
    return text
