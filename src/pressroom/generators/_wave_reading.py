"""Reads the samples out of a WAV file that may have been sent before its length was known."""

from __future__ import annotations

import struct

from pressroom.speech import Sound

_PCM, _EXTENSIBLE = 1, 0xFFFE


def read_wave(data: bytes) -> Sound:
    """Return the sound; raises `ValueError` that says why not for anything but whole mono PCM of 16 bits."""
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise ValueError("it is no WAV file")
    rate, at = 0, 12
    while at + 8 <= len(data):
        name, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        body = at + 8
        if name == b"fmt " and length >= 16:
            kind, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", data, body)
            if kind not in (_PCM, _EXTENSIBLE) or (channels, bits) != (1, 16):
                raise ValueError(f"it has {channels} channels of {bits} bits (format {kind}), not one of 16 bits")
        elif name == b"data":
            # A server that streams writes a length before it knows it: 0, or all ones.
            end = len(data) if length in (0, 0xFFFFFFFF) or body + length > len(data) else body + length
            if not rate:
                raise ValueError("its samples come before their form")
            return Sound(data[body : end - (end - body) % 2], rate)
        at = body + length + length % 2
    raise ValueError("it has no samples")
