"""`python -m pressroom.generators._espeak_process`: one text through espeak-ng, in a process of its own.

The library keeps its state in globals, can be used once at a time, and ends the process on some errors. Reads a JSON
document; writes a line of JSON, then the samples: mono, 16 bits, little-endian.
"""

from __future__ import annotations

import ctypes
import json
import sys
from ctypes import POINTER, c_char, c_char_p, c_int, c_short, c_size_t, c_ubyte, c_uint, c_void_p
from pathlib import Path
from typing import Any

# espeak-ng 1.52, speak_lib.h
_SYNCHRONOUS, _DO_NOT_EXIT = 2, 0x8000
_UTF8, _PAUSE_AT_THE_END = 1, 0x1000
_BY_CHARACTERS = 1
_RATE, _PITCH, _RANGE = 1, 3, 4
_WORD = 1


class _Id(ctypes.Union):
    _fields_ = (("number", c_int), ("name", c_char_p), ("string", c_char * 8))


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", c_int),
        ("unique_identifier", c_uint),
        ("text_position", c_int),
        ("length", c_int),
        ("audio_position", c_int),
        ("sample", c_int),
        ("user_data", c_void_p),
        ("id", _Id),
    )


class _Voice(ctypes.Structure):
    _fields_ = (
        ("name", c_char_p),
        ("languages", c_char_p),
        ("identifier", c_char_p),
        ("gender", c_ubyte),
        ("age", c_ubyte),
        ("variant", c_ubyte),
        ("reserved", c_ubyte),
        ("score", c_int),
        ("spare", c_void_p),
    )


_Callback = ctypes.CFUNCTYPE(c_int, POINTER(c_short), c_int, POINTER(_Event))


def main() -> None:
    """Speak the paragraphs of the document on standard input, with a pause after each."""
    asked: dict[str, Any] = json.load(sys.stdin.buffer)
    import espeakng_loader

    library = ctypes.CDLL(espeakng_loader.get_library_path())
    data = Path(espeakng_loader.get_data_path())
    rate = library.espeak_Initialize(_SYNCHRONOUS, 0, str(data).encode(), _DO_NOT_EXIT)
    if rate <= 0:
        return _tell({"error": f"espeak-ng cannot read its data in {data}."})
    languages = _languages(library)
    variants = sorted(file.name for file in (data / "voices" / "!v").iterdir())
    identifier = _identifier(asked["language"], languages)
    if identifier is None:
        return _tell({"unknown": "language", "known": sorted(languages)})
    if asked["voice"] and asked["voice"] not in variants:
        return _tell({"unknown": "voice", "known": variants})
    voice = identifier + (f"+{asked['voice']}" if asked["voice"] else "")
    if library.espeak_SetVoiceByName(voice.encode()) != 0:
        return _tell({"error": f"espeak-ng cannot use its voice {voice}."})
    for parameter, value in ((_RATE, asked["rate"]), (_PITCH, asked["pitch"]), (_RANGE, asked["range"])):
        library.espeak_SetParameter(parameter, value, 0)
    return _speak(library, rate, asked["paragraphs"], int(asked["pause_seconds"] * rate))


def _speak(library: ctypes.CDLL, rate: int, paragraphs: list[str], pause: int) -> None:
    library.espeak_Synth.argtypes = (c_char_p, c_size_t, c_uint, c_int, c_uint, c_uint, POINTER(c_uint), c_void_p)
    samples, words = bytearray(), list[tuple[int, int, int]]()
    number = 0
    begins = 0

    def take(wave: Any, count: int, events: Any) -> int:
        if count and wave:
            samples.extend(ctypes.string_at(wave, 2 * count))
        index = 0
        while events[index].type:
            event = events[index]
            if event.type == _WORD:
                words.append((number, event.text_position - 1, begins + event.sample))
            index += 1
        return 0

    callback = _Callback(take)
    library.espeak_SetSynthCallback(callback)
    for number, paragraph in enumerate(paragraphs):  # noqa: B007 - the callback reads it
        begins = len(samples) // 2
        text = paragraph.encode()
        failed = library.espeak_Synth(text, len(text) + 1, 0, _BY_CHARACTERS, 0, _UTF8 | _PAUSE_AT_THE_END, None, None)
        if failed:
            return _tell({"error": f"espeak-ng gave up on a text (code {failed})."})
        samples.extend(bytes(2 * pause))
    return _tell({"rate": rate, "words": words}, bytes(samples))


def _languages(library: ctypes.CDLL) -> dict[str, str]:
    """Return the identifier of the voice of each language tag, in small letters."""
    library.espeak_ListVoices.restype = POINTER(POINTER(_Voice))
    voices = library.espeak_ListVoices(None)
    found: dict[str, str] = {}
    index = 0
    while voices[index]:
        voice = voices[index].contents
        # One byte of priority, then the tag.
        found.setdefault(voice.languages[1:].decode().lower(), voice.identifier.decode())
        index += 1
    return found


def _identifier(language: str, known: dict[str, str]) -> str | None:
    """Return the voice of a language, or else of what it is a kind of: de-AT is spoken as de."""
    parts = language.lower().replace("_", "-").split("-")
    for count in range(len(parts), 0, -1):
        tag = "-".join(parts[:count])
        if tag in known:
            return known[tag]
        near = sorted(other for other in known if other.startswith(f"{tag}-"))
        if near:
            return known[near[0]]
    return None


def _tell(said: dict[str, Any], samples: bytes = b"") -> None:
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n" + samples)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
