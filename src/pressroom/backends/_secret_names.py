"""What a secret may be called, and which variable of the environment stands for it. Pure."""

from __future__ import annotations

import re

from pressroom.errors import BadInput

PREFIX = "PRESSROOM_SECRET__"
_NAME = re.compile(r"[A-Za-z0-9-]+(_[A-Za-z0-9-]+)*(\.[A-Za-z0-9-]+(_[A-Za-z0-9-]+)*)+")
_LONGEST_NAME = 200


def variable_of(name: str) -> str:
    """Return the environment variable that overrides a secret: `channels.main.api_key` has
    `PRESSROOM_SECRET__CHANNELS__MAIN__API_KEY`. A hyphen becomes an underscore.
    """
    return PREFIX + name.replace(".", "__").replace("-", "_").upper()


def is_name(text: str) -> bool:
    return bool(_NAME.fullmatch(text)) and len(text) <= _LONGEST_NAME


def checked(name: str) -> str:
    """Return the name; raises `BadInput` for what cannot be one."""
    if not is_name(name):
        raise BadInput(
            f"{name[:_LONGEST_NAME]!r} cannot be the name of a secret.",
            todo="A secret is named after its section: channels.main.api_key, generators.art.api_key.",
        )
    return name


def refuse_empty(values: dict[str, str]) -> None:
    for name, value in values.items():
        if not value:
            raise BadInput(f"{checked(name)} was given no value.", where=name, todo="Remove it instead.")
