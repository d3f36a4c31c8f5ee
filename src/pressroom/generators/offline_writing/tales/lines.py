"""The word files of tales, read once: sections of lines, each line one way to say the same."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any


def _folder() -> Traversable:
    return resources.files("pressroom.generators.offline_writing.tales") / "words"


@cache
def sections(name: str) -> dict[str, tuple[str, ...]]:
    """The lines of a word file by section: `[titles]` and what follows it."""
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in (_folder() / f"{name}.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            lines = found.setdefault(line.strip("[]"), [])
        elif line.strip():
            lines.append(line.strip())
    return {section: tuple(lines) for section, lines in found.items()}


@cache
def word_lists(name: str) -> dict[str, Any]:
    """A file of word lists."""
    words: dict[str, Any] = json.loads((_folder() / f"{name}.json").read_text("utf-8"))
    return words


def parts_of(line: str) -> list[str]:
    """The fields of a line: "a single blue button | the blue button"."""
    return [part.strip() for part in line.split("|")]
