"""Arithmetic on colours written as "#rrggbb"."""

from __future__ import annotations

RGB = tuple[int, int, int]


def rgb(colour: str) -> RGB:
    """Read "#rrggbb"."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mix(one: str, other: str, share: float) -> str:
    """Blend `share` (0 to 1) of the other colour into the first."""
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in zip(rgb(one), rgb(other), strict=True))


def lit_by(colour: str, light: str, strength: float) -> str:
    """Give the colour as it looks under coloured light: darkened by what the light lacks."""
    shaded = "#" + "".join(f"{round(a * b / 255):02x}" for a, b in zip(rgb(colour), rgb(light), strict=True))
    return mix(colour, shaded, strength)


def luminance(colour: RGB) -> float:
    """Relative luminance, 0 to 1, as WCAG 2.2 defines it."""
    linear = [(v / 255 / 12.92) if v <= 10 else ((v / 255 + 0.055) / 1.055) ** 2.4 for v in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: float, other: float) -> float:
    """Contrast ratio of two luminances, 1 to 21, as WCAG 2.2 defines it."""
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)
