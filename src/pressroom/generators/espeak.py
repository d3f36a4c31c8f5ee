"""Reads aloud on this machine with espeak-ng, which comes with Pressroom: no key, no network."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from pydantic import Field

from pressroom.errors import BadInput, ConfigurationError, Unavailable
from pressroom.findings import Finding
from pressroom.generators.base import Answer, Options, SpeechGenerator, Usage
from pressroom.sentences import sentences
from pressroom.speech import Mark, Sound, SpeechRequest

_COMMANDS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
"""Control characters: \\x01 begins a command that espeak-ng obeys."""
_PARAGRAPH = re.compile(r"\n[ \t]*\n\s*")
_SLOWEST_CHARACTERS_A_SECOND = 100
"""It makes some thousand; a process that is slower than this hangs."""
_LEAST_SECONDS = 30.0


class VoiceOptions(Options):
    """How the voice sounds; the defaults are a calm narrator's."""

    voice: str = "Annie"
    """A variant of espeak-ng's voices, such as Annie, f3, m7 or whisper; empty for the language's plain one."""
    words_per_minute: int = Field(145, ge=80, le=450)
    """Of a request at its own pace."""
    pitch: int = Field(45, ge=0, le=99)
    """How high the voice is."""
    variation: int = Field(55, ge=0, le=99)
    """How much it goes up and down."""
    pause_seconds: float = Field(0.6, ge=0, le=10)
    """After a paragraph."""


class Espeak(SpeechGenerator):
    """Speech by rules: plain, clear, quick, and the same on every machine."""

    Options = VoiceOptions
    options: VoiceOptions
    MODEL = "espeak-ng/1.52"

    def estimate(self, request: SpeechRequest) -> Decimal:
        return Decimal(0)

    def ask(self, request: SpeechRequest) -> Answer:
        """Speak the text. Raises `BadInput` for a text without words or a language that it does not speak."""
        if not any(sign.isalnum() for sign in request.text):
            raise BadInput("There is nothing to read aloud: the text has no words.", where=self._section)
        asked = {
            "language": request.language,
            "voice": request.voice or self.options.voice,
            "rate": round(self.options.words_per_minute * request.pace),
            "pitch": self.options.pitch,
            "range": self.options.variation,
            "pause_seconds": self.options.pause_seconds,
            "paragraphs": [_COMMANDS.sub(" ", request.text[start:end]) for start, end in _paragraphs(request.text)],
        }
        raw = self._spoken(asked, request)
        return Answer(raw, "application/octet-stream", (Usage("characters", len(request.text)),), self.MODEL)

    def sound(self, answer: Answer, request: SpeechRequest) -> Sound:
        head, _, samples = answer.raw.partition(b"\n")
        said: dict[str, Any] = json.loads(head)
        begins = [start for start, _ in _paragraphs(request.text)]
        words = [(begins[number] + position, sample) for number, position, sample in said["words"]]
        return Sound(samples, said["rate"], tuple(_marks(request.text, words, said["rate"])))

    def check(self) -> list[Finding]:
        request = SpeechRequest(text="One.")
        try:
            self.ask(request)
        except (BadInput, ConfigurationError, Unavailable) as error:
            return [Finding(ok=False, what=error.what, todo=error.todo)]
        return [Finding(ok=True, what=f"{self._section} speaks with the voice {self.options.voice or 'plain'}.")]

    @property
    def _section(self) -> str:
        return f"[generators.{self.setup.name}]"

    def _spoken(self, asked: dict[str, Any], request: SpeechRequest) -> bytes:
        within = _LEAST_SECONDS + len(request.text) / _SLOWEST_CHARACTERS_A_SECOND
        command = [sys.executable, "-m", f"{__package__}._espeak_process"]
        todo = "It is tried again. If it goes on, choose another voice or generator."
        try:
            done = subprocess.run(command, input=json.dumps(asked).encode(), capture_output=True, timeout=within)
        except subprocess.TimeoutExpired as error:
            what = f"espeak-ng did not come to an end within {within:.0f} seconds."
            raise Unavailable(what, where=self._section, todo=todo) from error
        if done.returncode or not done.stdout:
            tail = done.stderr.decode(errors="replace").strip()[-300:]
            what = f"espeak-ng ended with code {done.returncode}."
            raise Unavailable(what, where=self._section, todo=todo, detail=tail)
        said: dict[str, Any] = json.loads(done.stdout.partition(b"\n")[0])
        if "unknown" in said:
            raise _unknown(said["unknown"], asked[said["unknown"]], said["known"], self._section)
        if "error" in said:
            raise ConfigurationError(said["error"], where=self._section, todo="Install Pressroom anew: make setup.")
        return done.stdout


def _paragraphs(text: str) -> list[tuple[int, int]]:
    """Return `(start, end)` of each paragraph: what stands between empty lines."""
    starts = [0, *(gap.end() for gap in _PARAGRAPH.finditer(text))]
    ends = [*(gap.start() for gap in _PARAGRAPH.finditer(text)), len(text)]
    return [(start, end) for start, end in zip(starts, ends, strict=True) if text[start:end].strip()]


def _marks(text: str, words: list[tuple[int, int]], rate: int) -> list[Mark]:
    """Return when each sentence begins: with the first word that is heard of it."""
    found: list[Mark] = []
    for start, end in sentences(text):
        first = next((sample for position, sample in words if start <= position < end), None)
        if first is not None:
            found.append(Mark(first / rate, start, end))
    return found


def _unknown(kind: str, wanted: str, known: list[str], section: str) -> BadInput:
    near = get_close_matches(wanted, known, n=4, cutoff=0.4) or known[:8]
    return BadInput(
        f"espeak-ng knows no {kind} {wanted!r}.",
        where=section,
        todo=f"Near ones: {', '.join(near)}." if near else "",
    )
