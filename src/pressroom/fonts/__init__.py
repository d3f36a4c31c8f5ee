"""The fonts that come with Pressroom: where their files are and which characters each can draw.

Every family is renamed ("Pressroom Crypt"), so an installed font of the same name is never drawn instead.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pressroom.fonts.font_file import drawable_characters, natural_ascent, natural_leading

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Face:
    """One font file under the family name that Pango knows it by."""

    name: str

    @property
    def family(self) -> str:
        return "Pressroom " + self.name.replace("-", " ").title()

    @property
    def file(self) -> Path:
        return FOLDER / f"{self.name}{'.otf' if self == CJK else '.ttf'}"

    @property
    def ascent(self) -> float:
        """How far the font reaches above the line that letters stand on, as a multiple of its size."""
        return _ascent(self.file)

    @property
    def leading(self) -> float:
        """The distance of two lines that the font asks for, as a multiple of its size."""
        return _leading(self.file)

    def missing(self, text: str) -> tuple[str, ...]:
        """Give the characters of `text` that this face cannot draw, each once, in order."""
        known = _known(self.file)
        return tuple(dict.fromkeys(c for c in text if not c.isspace() and ord(c) not in known))


CJK = Face("cjk")
"""Chinese, Japanese and Korean; large, so that it is opened only for a text that needs it."""
EMOJI = Face("emoji")
"""In colours of its own. It has digits too, for keycaps, and so is never asked for plain letters."""
WORLD = Face("world")
"""Latin, Greek and Cyrillic."""


def world_faces() -> list[Face]:
    """Give the plain faces that cover one script each, the Latin, Greek and Cyrillic one first, the large one last."""
    return [WORLD, *(Face(path.stem) for path in sorted(FOLDER.glob("world-*.ttf"))), CJK]


@cache
def make_known(face: Face) -> None:
    """Let Pango know a face by its family; without it the first text that is drawn names the file itself."""
    import pyvips

    prepare_text_drawing()
    pyvips.Image.text("x", font=f"{face.family} 12", fontfile=str(face.file))


@cache
def prepare_text_drawing() -> None:
    """Make text look alike on every machine; call it before each text that is drawn (the first call does the work).

    Fontconfig reads its configuration when the first text of a process is drawn: ours knows no installed font and
    fixes hinting, which would differ between machines. The variables are put back at once, because a browser that is
    started later must not lose the machine's fonts.
    """
    import pyvips

    # Pango would take Core Text on macOS, which does not know our font files.
    wanted = {"FONTCONFIG_FILE": str(FOLDER / "fonts.conf"), "PANGOCAIRO_BACKEND": "fontconfig"}
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        face = Face("label")
        pyvips.Image.text("x", font=f"{face.family} 12", fontfile=str(face.file))
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@cache
def _known(file: Path) -> frozenset[int]:
    return drawable_characters(file.read_bytes())


@cache
def _leading(file: Path) -> float:
    return natural_leading(file.read_bytes())


@cache
def _ascent(file: Path) -> float:
    return natural_ascent(file.read_bytes())
