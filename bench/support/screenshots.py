"""Screenshots with words that are known: windows with headings, text, small print and a dark part."""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random

WIDTH, HEIGHT = 1920, 1080
_TEXT = """
account address already amount answer archive between branch button calendar cancel change channel choose column
comment complete connect contract copy current customer delivery details document download editor enter estimate
export february figure finished folder forward gallery general history horizon import invoice journal keyboard
language ledger letter library market message minutes monday network notice number october office opening order
package paragraph payment people picture planning position postcard preview project question quickly receipt
record remember report request return saturday schedule search second section select settings shipping signal
storage subject summary support thursday together tomorrow transfer update upload visitor warning weather window
"""


@dataclass(frozen=True, slots=True)
class Screenshot:
    png: bytes
    words: list[str]


@dataclass(frozen=True, slots=True)
class _Part:
    left: int
    top: int
    lines: int
    words: int
    points: int
    is_light: bool = False


_PARTS = (
    _Part(60, 50, 1, 5, 34),
    _Part(60, 150, 12, 5, 20),
    _Part(1000, 170, 8, 5, 17, is_light=True),
    _Part(1000, 620, 7, 6, 14),
)
_WINDOWS = f"""<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}">
<rect width="100%" height="100%" fill="#f3f4f7"/><rect x="30" y="30" width="900" height="1000" fill="#ffffff"/>
<rect x="960" y="130" width="920" height="420" fill="#23262f"/><rect x="960" y="590" width="920" height="440"
 fill="#ffffff" stroke="#c9ccd6"/></svg>"""


def screenshot(number: int) -> Screenshot:
    """Return one with words of its own, the same for the same number."""
    import pyvips

    rng, known, words = Random(number), _TEXT.split(), list[str]()
    picture = pyvips.Image.svgload_buffer(_WINDOWS.encode()).flatten()
    for part in _PARTS:
        lines = [[rng.choice(known) for _ in range(part.words)] for _ in range(part.lines)]
        words += [word for line in lines for word in line]
        text = "\n".join(" ".join(line) for line in lines)
        shape = pyvips.Image.text(text, font=f"sans {part.points}", dpi=96, spacing=part.points // 2)
        ink = shape.new_from_image([235, 235, 240] if part.is_light else [30, 32, 38])
        layer = ink.copy(interpretation="srgb").bandjoin(shape)
        picture = picture.composite2(layer, "over", x=part.left, y=part.top).flatten()
    return Screenshot(picture.pngsave_buffer(), words)


def words_found(shot: Screenshot, text: str) -> float:
    """Return the share of the words that stand in a text, each as often as it was drawn."""
    left = re.findall(r"[a-z]+", text.casefold())
    found = 0
    for word in shot.words:
        if word in left:
            left.remove(word)
            found += 1
    return found / len(shot.words)
