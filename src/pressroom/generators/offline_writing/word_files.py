"""The word files beside the code, read once, when the first text is written."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any


def _folder() -> Traversable:
    return resources.files("pressroom.generators.offline_writing") / "words"


@cache
def grammar_words() -> dict[str, Any]:
    """Lists of words that English grammar needs: mass nouns, irregular plurals, verbs, proper names."""
    words: dict[str, Any] = json.loads((_folder() / "grammar.json").read_text("utf-8"))
    return words


@cache
def mood_words() -> dict[str, list[str]]:
    """The moods, each with the words that ask for it."""
    words: dict[str, list[str]] = json.loads((_folder() / "moods.json").read_text("utf-8"))
    return words


@cache
def sections(name: str) -> dict[str, tuple[str, ...]]:
    """The lines of a word file by section: `[spooky]` and what follows it."""
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in (_folder() / f"{name}.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            lines = found.setdefault(line.strip("[]"), [])
        elif line.strip():
            lines.append(line.strip())
    return {section: tuple(lines) for section, lines in found.items()}


@cache
def domain_names() -> tuple[str, ...]:
    """Every word file that describes a domain; a new file is a new domain."""
    names = (file.name.removesuffix(".txt") for file in _folder().iterdir() if file.name.endswith(".txt"))
    return tuple(sorted(name for name in names if name != "shared"))
