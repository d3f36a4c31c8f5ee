"""What a text can be for: one module each, found by its name, with `write(request, chance) -> str`."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Protocol, cast

from pressroom.errors import BadInput
from pressroom.generators.base import TextRequest
from pressroom.generators.offline_writing.chance import Chance


class Purpose(Protocol):
    """A module of this package."""

    def write(self, request: TextRequest, chance: Chance) -> str:
        """Write the text; at most `request.max_characters` long."""


def purpose_named(name: str) -> Purpose:
    """Find a purpose by its module's name. Raises BadInput with those that there are."""
    known = sorted(module.name for module in pkgutil.iter_modules(__path__))
    if name not in known:
        raise BadInput(
            f'offline_text cannot write a text for the purpose "{name}".',
            todo=f"It knows {', '.join(known)}; choose another text generator for anything else.",
        )
    return cast(Purpose, importlib.import_module(f"{__name__}.{name}"))
