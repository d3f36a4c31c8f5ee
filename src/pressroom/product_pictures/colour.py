"""Arithmetic on colours: WCAG's contrast, and OKLCH, in which equal steps look equal. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass

RGB = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Tone:
    """A colour in OKLCH (Björn Ottosson, 2020): lightness 0 to 1, chroma from 0, hue in degrees."""

    light: float
    chroma: float
    hue: float

    def at(self, light: float | None = None, chroma: float | None = None) -> Tone:
        return Tone(self.light if light is None else light, self.chroma if chroma is None else chroma, self.hue)

    @property
    def rgb(self) -> RGB:
        """The nearest colour that a screen shows: of less chroma where there is none so strong."""
        chroma = self.chroma
        while chroma > 0.002 and not all(-0.0005 <= one <= 1.0005 for one in self._linear(chroma)):
            chroma *= 0.94
        red, green, blue = (round(255 * _encoded(min(1.0, max(0.0, one)))) for one in self._linear(chroma))
        return red, green, blue

    def _linear(self, chroma: float) -> tuple[float, float, float]:
        a, b = chroma * math.cos(math.radians(self.hue)), chroma * math.sin(math.radians(self.hue))
        long = (self.light + 0.3963377774 * a + 0.2158037573 * b) ** 3
        medium = (self.light - 0.1055613458 * a - 0.0638541728 * b) ** 3
        short = (self.light - 0.0894841775 * a - 1.2914855480 * b) ** 3
        return (
            4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
            -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
            -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
        )


def tone_of(colour: RGB) -> Tone:
    red, green, blue = (_decoded(one / 255) for one in colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    light = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return Tone(light, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360)


def hexed(colour: RGB) -> str:
    return "#" + "".join(f"{one:02x}" for one in colour)


def mixed(one: RGB, other: RGB, share: float) -> RGB:
    """Blend `share` (0 to 1) of the other colour into the first."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def luminance(colour: RGB) -> float:
    """Relative luminance, 0 to 1, as WCAG 2.2 defines it."""
    red, green, blue = (_decoded(one / 255) for one in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: RGB, other: RGB) -> float:
    """Contrast ratio of two colours, 1 to 21, as WCAG 2.2 defines it."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def standing_out(tone: Tone, ground: RGB, least: float) -> RGB:
    """Return the colour, made darker or lighter until its contrast to the ground is at least `least`, if it can be."""
    away = -0.02 if luminance(ground) > 0.18 else 0.02
    while contrast(tone.rgb, ground) < least and 0.02 < tone.light < 0.99:
        tone = tone.at(light=tone.light + away)
    return tone.rgb


def _decoded(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _encoded(value: float) -> float:
    return value * 12.92 if value <= 0.0031308 else float(1.055 * value ** (1 / 2.4) - 0.055)
