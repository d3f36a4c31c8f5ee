"""Reading a drawing: an SVG file whose opening element also says, in `data-` attributes, what it shows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Drawing:
    """An SVG file taken apart."""

    name: str
    given: dict[str, str]
    """The attributes of its opening element."""
    shapes: str
    """The elements inside."""

    def attribute(self, name: str) -> str:
        """Give an attribute that every drawing of the folder must have."""
        if name not in self.given:
            raise ValueError(f"The drawing {self.name}.svg lacks the attribute {name} on its <svg> element.")
        return self.given[name]

    def numbers(self, name: str, count: int) -> tuple[float, ...]:
        """Give an attribute that is a list of so many numbers."""
        found = re.findall(r"-?\d+(?:\.\d+)?", self.attribute(name))
        if len(found) != count:
            raise ValueError(f"The drawing {self.name}.svg needs {count} numbers in {name}.")
        return tuple(float(number) for number in found)


def read_drawings(folder: Path) -> list[Drawing]:
    """Read every drawing of a folder, by name."""
    return [_read(path) for path in sorted(folder.glob("*.svg"))]


def _read(path: Path) -> Drawing:
    opening, _, rest = path.read_text(encoding="utf-8").partition(">")
    shapes, closed, _ = rest.rpartition("</svg>")
    if not closed:
        raise ValueError(f"The drawing {path.name} does not end with </svg>.")
    return Drawing(path.stem, dict(re.findall(r'([\w-]+)="([^"]*)"', opening)), shapes)
