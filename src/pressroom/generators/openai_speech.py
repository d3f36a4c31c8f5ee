"""Speech by OpenAI's voices, or by any server that answers `POST /audio/speech` as they do."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import Field

from pressroom.errors import BadInput
from pressroom.findings import Finding
from pressroom.generators import _openai
from pressroom.generators._openai_checks import findings
from pressroom.generators._openai_models import SPEECH_DEFAULT
from pressroom.generators._wave_reading import read_wave
from pressroom.generators.base import Answer, SpeechGenerator, Usage
from pressroom.speech import Mark, Sound, SpeechRequest

LONGEST_TEXT = 4096  # openai 3.52.0, audio.speech.create, 2026-11-20
ENDS = date(2027, 1, 6)
"""Of the whole address, whatever the model; https://platform.openai.com/docs/deprecations, 2026-11-20."""
_SLOWEST_CHARACTERS_A_SECOND = 6
"""No voice is slower at its own pace: by it the most that a text can cost is reckoned."""


class VoiceOptions(_openai.ServerOptions):
    model: str = SPEECH_DEFAULT
    timeout_seconds: float = Field(180, gt=0)
    """How long one call may take; a call that was given up may be billed all the same."""
    voice: str = "sage"
    """alloy, ash, ballad, coral, echo, fable, onyx, nova, sage, shimmer, verse, marin, cedar; or another server's."""
    instructions: str = "Read this bedtime story slowly, warmly and softly, with a smile."
    """How it is to be spoken; empty for a model that takes none."""
    price_per_minute: Decimal = Field(Decimal("0.015"), ge=0)
    """US dollars for a minute of sound. The service does not tell what a call has cost."""


class OpenAISpeech(SpeechGenerator):
    Options = VoiceOptions
    needs_secrets = ("api_key",)
    longest_text = LONGEST_TEXT
    options: VoiceOptions

    def estimate(self, request: SpeechRequest) -> Decimal:
        seconds = len(request.text) / _SLOWEST_CHARACTERS_A_SECOND / request.pace + 1
        return self._price(seconds)

    def ask(self, request: SpeechRequest) -> Answer:
        """Have the text spoken in one call. Raises `BadInput` for one that is empty or too long."""
        if not any(sign.isalnum() for sign in request.text):
            raise BadInput("There is nothing to read aloud: the text has no words.", where=self._section)
        if len(request.text) > LONGEST_TEXT:
            raise BadInput(
                f"The text has {len(request.text):,} characters, and OpenAI reads {LONGEST_TEXT:,} at once.",
                where=self._section,
                todo="Ask for it in pieces.",
            )
        body: dict[str, Any] = {
            "model": self.options.model,
            "input": request.text,
            "voice": request.voice or self.options.voice,
            "response_format": "wav",
            "speed": request.pace,
        }
        if self.options.instructions:
            body["instructions"] = self.options.instructions
        raw = _openai.ask(self.setup, self.options, "/audio/speech", body)
        try:
            money = min(self._price(read_wave(raw).seconds), self.estimate(request))
        except ValueError:
            money = self.estimate(request)  # it is billed although nobody can hear it
        return Answer(raw, "audio/wav", (Usage("characters", len(request.text), money),), self.options.model)

    def sound(self, answer: Answer, request: SpeechRequest) -> Sound:
        try:
            sound = read_wave(answer.raw)
        except ValueError as error:
            raise _openai.unreadable(self.setup, f"its sound cannot be read ({error})", answer.raw) from error
        # When each sentence begins is not told; that the whole begins at once is known.
        start = len(request.text) - len(request.text.lstrip())
        return Sound(sound.samples, sound.rate, (Mark(0.0, start, len(request.text.rstrip())),))

    def check(self) -> list[Finding]:
        found = findings(self.setup, self.options, SPEECH_DEFAULT)
        today = self.setup.clock.now().date()
        if self.options.host == "api.openai.com":
            found.append(
                Finding(
                    ok=today < ENDS,
                    what=f"OpenAI's speech service {'ends' if today < ENDS else 'ended'} on {ENDS.isoformat()}.",
                    todo=f"Move {self._section} to another server or generator in time: espeak and polly go on.",
                )
            )
        return found

    @property
    def _section(self) -> str:
        return f"[generators.{self.setup.name}]"

    def _price(self, seconds: float) -> Decimal:
        return (self.options.price_per_minute * Decimal(str(seconds)) / 60).quantize(Decimal("0.000001"))
