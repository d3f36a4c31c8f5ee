"""The scene families: one file each, found by its name."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from pressroom.generators.offline_art.stage import Stage


@dataclass(frozen=True)
class Layers:
    """What a scene draws behind the hero and before it, as SVG."""

    back: str
    front: str


@dataclass(frozen=True)
class Scene:
    """A place in which a hero can stand."""

    name: str
    place: str
    """As the alt text says it: "on a hill beside a bare tree"."""
    kinds: tuple[str, ...]
    """The kinds of motif that may be at home here."""
    words: tuple[str, ...]
    """Words of a theme that call for this place."""
    lights: tuple[str, str]
    """What the light is called by night and by day."""
    floats: bool
    """Whether the hero hangs in the air or swims instead of standing."""
    indoors: bool
    """Whether things are lit by lamps, not by the sky."""
    draw: Callable[[Stage], Layers]


@cache
def scenes() -> dict[str, Scene]:
    """Give every scene by its name; a scene's module holds PLACE, KINDS, WORDS and `draw`."""
    found = {}
    for module in pkgutil.iter_modules(__path__):
        code = importlib.import_module(f"{__name__}.{module.name}")
        found[module.name] = Scene(
            module.name,
            code.PLACE,
            tuple(code.KINDS.split()),
            tuple(code.WORDS.split()),
            getattr(code, "LIGHTS", ("under a full moon", "in front of a big sun")),
            getattr(code, "FLOATS", False),
            getattr(code, "INDOORS", False),
            code.draw,
        )
    return found
