"""The look of the pictures, as `docs/images/flow.svg` has it: boxes with a name, and labels in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

STYLE = """
    .paper { fill: #fbfaf7 } .rule { stroke: #d9d4c9 } .ink { fill: #23211d } .soft { fill: #6d675c }
    .box { fill: #ffffff; stroke: #cfc8ba } .mark { fill: #b3421f } .line { stroke: #8c8474 } .head { fill: #8c8474 }
    .event { fill: #fbeee6; stroke: #d98b66 } .eventink { fill: #8c3413 } .log { fill: #f0ece2; stroke: #d9d4c9 }
    .good { fill: #e6f2ea; stroke: #7fb392 } .goodink { fill: #1e5b36 }
    .wait { fill: #fdf3d7; stroke: #d9b54a } .waitink { fill: #6d5206 }
    @media (prefers-color-scheme: dark) {
      .paper { fill: #1b1a18 } .rule { stroke: #3a3731 } .ink { fill: #f1eee7 } .soft { fill: #a8a193 }
      .box { fill: #262421; stroke: #4a463e } .mark { fill: #f0835b } .line { stroke: #8c8474 } .head { fill: #8c8474 }
      .event { fill: #3a241a; stroke: #a35f3e } .eventink { fill: #f6b394 } .log { fill: #34312b; stroke: #4a463e }
      .good { fill: #1b2f22; stroke: #4c7d5d } .goodink { fill: #a5d8b6 }
      .wait { fill: #332b12; stroke: #8a7020 } .waitink { fill: #ecd184 }
    }
    .line { fill: none; stroke-width: 1.6 } .box, .event, .good, .wait, .log { stroke-width: 1.2 }
    .name { font-size: 15px; font-weight: 600 } .small { font-size: 12.5px }
    .type { font-size: 12px; font-family: ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace }
"""
FONTS = "ui-sans-serif, -apple-system, 'Segoe UI', 'Noto Sans', Helvetica, Arial, sans-serif"
LETTER = 7.23
"""Pixels that a letter of a label is wide: 0.602 of its size in the widest of the fonts."""
LABEL, BETWEEN, ROOM = 24, 6, 10
"""The height of a label, and pixels between two of them, and around them in a box."""
LINE = 18
NARROW = 200
"""A box that is narrower has the service below its name, and not beside it."""


@dataclass(frozen=True, slots=True)
class Labels:
    names: tuple[str, ...]
    kind: str = "log"
    """`log` for what stands there, `event` for events."""


@dataclass(frozen=True, slots=True)
class Card:
    """A box: what it does, by which service, in which words, with what in it."""

    name: str
    service: str
    words: tuple[str, ...] = ()
    labels: tuple[Labels, ...] = ()
    is_marked: bool = False


@dataclass(slots=True)
class Drawing:
    width: int
    parts: list[str] = field(default_factory=list)

    def row(self, y: float, cards: Sequence[tuple[Card, float, float]]) -> float:
        """Draw cards side by side, each with its left edge and its width; return where the tallest of them ends."""
        inside = [_inside(card, x, y, width) for card, x, width in cards]
        bottom = max(ends for _, ends in inside)
        for (card, x, width), (parts, _) in zip(cards, inside, strict=True):
            self.box(x, y, width, bottom - y)
            if card.is_marked:
                self.parts.append(f'<rect class="mark" x="{x:g}" y="{y + 14:g}" width="4" height="36" rx="2"/>')
            self.parts += parts
        return bottom

    def box(self, x: float, y: float, width: float, height: float, kind: str = "box") -> None:
        self.parts.append(_rect(kind, x, y, width, height, 9))

    def text(self, x: float, y: float, words: str, kind: str, anchor: str = "start") -> None:
        self.parts.append(_text(x, y, words, kind, anchor))

    def along(self, x: float, y: float, words: str) -> None:
        """Write downwards, right of a line; `y` is the middle of the words."""
        turned = _text(x, y, words, "soft small", "middle")
        self.parts.append(turned.replace("<text ", f'<text transform="rotate(90 {x:g} {y:g})" ', 1))

    def label(self, x: float, y: float, name: str, kind: str = "log") -> None:
        self.parts += _label(x, y, name, kind)

    def arrow(self, path: str) -> None:
        self.parts.append(f'<path class="line" d="{path}" marker-end="url(#a)"/>')

    def svg(self, height: float, title: str, description: str) -> str:
        size = f'width="{self.width}" height="{height:g}" viewBox="0 0 {self.width} {height:g}"'
        lines = [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="t d" font-family="{FONTS}">',
            f'  <title id="t">{escape(title)}</title>',
            f'  <desc id="d">{escape(description)}</desc>',
            f"  <style>{STYLE}  </style>",
            '  <defs><marker id="a" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
            '<path class="head" d="M0 0 8 4 0 8z"/></marker></defs>',
            f'  <rect class="paper" width="{self.width}" height="{height:g}" rx="14"/>',
            *(f"  {part}" for part in self.parts),
            "</svg>",
        ]
        return "\n".join(lines) + "\n"


def _inside(card: Card, x: float, y: float, width: float) -> tuple[list[str], float]:
    """Return what a card holds, and where it ends."""
    left, right, at = x + ROOM, x + width - ROOM, y + 24
    inset = left + 6 if card.is_marked else left
    parts = [_text(inset, at, card.name, "ink name")]
    if width < NARROW:
        at += LINE
        parts.append(_text(inset, at, card.service, "soft small"))
    else:
        parts.append(_text(right, at, card.service, "soft small", "end"))
    for line in card.words:
        at += LINE
        parts.append(_text(inset, at, line, "soft small"))
    for labels in card.labels:
        at += ROOM
        across = inset
        for name in labels.names:
            if across > inset and across + _wide(name) > right:
                across, at = inset, at + LABEL + BETWEEN
            parts += _label(across, at, name, labels.kind)
            across += _wide(name) + BETWEEN
        at += LABEL
    return parts, at + 12


def _wide(name: str) -> float:
    return round(len(name) * LETTER + 10, 1)


def _label(x: float, y: float, name: str, kind: str) -> list[str]:
    wide, ink, round_by = _wide(name), "eventink" if kind == "event" else "ink", LABEL / 2 if kind == "event" else 5
    return [
        _rect(kind, x, y, wide, LABEL, round_by),
        _text(round(x + wide / 2, 1), y + 16, name, f"{ink} type", "middle"),
    ]


def _rect(kind: str, x: float, y: float, width: float, height: float, round_by: float) -> str:
    return f'<rect class="{kind}" x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{round_by:g}"/>'


def _text(x: float, y: float, words: str, kind: str, anchor: str = "start") -> str:
    at = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text class="{kind}" x="{x:g}" y="{y:g}"{at}>{escape(words)}</text>'
