"""Brings the colours of any picture to sRGB, 8 bits each: by the profile it carries, or by what it is made of."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyvips

_PRIMARIES = {b"rXYZ": (0.4361, 0.2225, 0.0139), b"gXYZ": (0.3851, 0.7169, 0.0971), b"bXYZ": (0.1431, 0.0606, 0.7141)}
"""Of sRGB as a profile writes them, adapted to D50; IEC 61966-2-1, sRGB profile v2 of the ICC."""
_CURVE = {0.1: 0.01002, 0.5: 0.21404, 0.9: 0.78741}
"""Points of sRGB's tone curve."""


def to_srgb(image: pyvips.Image, profile: bytes | None) -> pyvips.Image:
    """Return the picture in sRGB, with its alpha if it has one: three or four bands of 8 bits."""
    import pyvips

    if profile and not is_srgb(profile):
        try:
            image = _transformed(image).copy_memory()
        except pyvips.Error:  # a broken profile, or one for another kind of colours, is left out, as browsers do
            image = _converted(image)
    else:
        image = _converted(image)
    if image.format != "uchar":
        image = image.cast("uchar")
    has_alpha = image.hasalpha()
    if image.bands > 3 + has_alpha:
        image = image.extract_band(0, n=3 + has_alpha)
    return image


def _transformed(image: Any) -> Any:
    return image.icc_transform(
        "srgb", embedded=True, intent="relative", black_point_compensation=True, depth=8
    ).colourspace("srgb")


def _converted(image: Any) -> Any:
    if image.interpretation == "cmyk":
        return image.icc_transform("srgb", input_profile="cmyk", intent="relative", depth=8).colourspace("srgb")
    if image.interpretation == "multiband":  # a TIFF that does not say what its bands are
        deep = image.format == "ushort"
        if image.bands < 3:
            image = image.copy(interpretation="grey16" if deep else "b-w")
        else:
            image = image.copy(interpretation="rgb16" if deep else "srgb")
    return image.colourspace("srgb")


def is_srgb(profile: bytes) -> bool:
    """Say whether a profile is sRGB under any name, so that nothing needs to be converted."""
    if profile[16:20] != b"RGB " or len(profile) < 132:
        return False
    tags = _tags(profile)
    for tag, expected in _PRIMARIES.items():
        xyz = _xyz(tags.get(tag, b""))
        if xyz is None or any(abs(a - b) > 0.003 for a, b in zip(xyz, expected, strict=True)):
            return False
    return all(_is_srgb_curve(tags.get(tag, b"")) for tag in (b"rTRC", b"gTRC", b"bTRC"))


def _tags(profile: bytes) -> dict[bytes, bytes]:
    (count,) = struct.unpack_from(">I", profile, 128)
    found: dict[bytes, bytes] = {}
    for number in range(min(count, 64)):
        if 132 + 12 * number + 12 > len(profile):
            break
        name, start, size = struct.unpack_from(">4sII", profile, 132 + 12 * number)
        found[name] = profile[start : start + size]
    return found


def _xyz(data: bytes) -> tuple[float, float, float] | None:
    if data[:4] != b"XYZ " or len(data) < 20:
        return None
    x, y, z = struct.unpack_from(">iii", data, 8)
    return x / 65536, y / 65536, z / 65536


def _is_srgb_curve(data: bytes) -> bool:
    if data[:4] == b"para" and len(data) >= 32:
        (kind,) = struct.unpack_from(">H", data, 8)
        gamma, a, b, c, d = (value / 65536 for value in struct.unpack_from(">iiiii", data, 12))
        if kind != 3:
            return False
        return all(abs(((max(0.0, a * x + b)) ** gamma if x >= d else c * x) - y) < 0.003 for x, y in _CURVE.items())
    if data[:4] == b"curv" and len(data) >= 12:
        (count,) = struct.unpack_from(">I", data, 8)
        if not 2 <= count <= 65536 or len(data) < 12 + 2 * count:
            return False
        values = struct.unpack_from(f">{count}H", data, 12)
        return all(abs(values[round(x * (count - 1))] / 65535 - y) < 0.003 for x, y in _CURVE.items())
    return False
