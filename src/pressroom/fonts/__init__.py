"""The fonts that come with Pressroom: where their files are and which characters each can draw.

Every family is renamed ("Pressroom Crypt"), so an installed font of the same name is never drawn instead.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pressroom.fonts.font_file import drawable_characters, natural_leading

FOLDER = Path(__file__).parent
SYSTEM_CONFIGURATION = Path("/etc/fonts/fonts.conf")


@dataclass(frozen=True)
class Face:
    """One font file under the family name that Pango knows it by."""

    name: str

    @property
    def family(self) -> str:
        return "Pressroom " + self.name.replace("-", " ").title()

    @property
    def file(self) -> Path:
        return FOLDER / f"{self.name}.ttf"

    @property
    def leading(self) -> float:
        """The distance of two lines that the font asks for, as a multiple of its size."""
        return _leading(self.file)

    def missing(self, text: str) -> tuple[str, ...]:
        """Give the characters of `text` that this face cannot draw, each once, in order."""
        known = _known(self.file)
        return tuple(dict.fromkeys(c for c in text if not c.isspace() and ord(c) not in known))


def world_faces() -> list[Face]:
    """Give the plain faces that cover one script each, the Latin, Greek and Cyrillic one first."""
    return [Face(path.stem) for path in sorted(FOLDER.glob("world*.ttf"))]


@contextmanager
def quiet_fontconfig() -> Iterator[None]:
    """Give fontconfig our own empty configuration where the machine has none.

    It reads the variables when the first text of a process is drawn, and otherwise complains on standard error.
    They are put back afterwards: a browser started later must not lose the machine's fonts.
    """
    if SYSTEM_CONFIGURATION.exists() or "FONTCONFIG_FILE" in os.environ or "FONTCONFIG_PATH" in os.environ:
        yield
        return
    os.environ["FONTCONFIG_FILE"] = str(FOLDER / "fonts.conf")
    try:
        yield
    finally:
        del os.environ["FONTCONFIG_FILE"]


@cache
def _known(file: Path) -> frozenset[int]:
    return drawable_characters(file.read_bytes())


@cache
def _leading(file: Path) -> float:
    return natural_leading(file.read_bytes())
