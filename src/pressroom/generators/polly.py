"""Speech by Amazon Polly, in a region of yours or at any address that answers as it does; needs the extra `aws`."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from pressroom.errors import BadInput, PressroomError
from pressroom.findings import Finding
from pressroom.generators._aws_service import AwsOptions, AwsService
from pressroom.generators.base import Answer, SpeechGenerator, Usage
from pressroom.speech import Mark, Sound, SpeechRequest

# 3,000 billed characters a call; https://docs.aws.amazon.com/polly/latest/dg/limits.html, 2026-11-20
LONGEST_TEXT = 2900
_RATE = 16_000
"""Samples a second: the most that it gives uncompressed, which joins without a seam."""
# US dollars for a million characters; https://aws.amazon.com/polly/pricing, from general knowledge, 2026-11-21
_PRICES = {"standard": Decimal(4), "neural": Decimal(16), "long-form": Decimal(100), "generative": Decimal(30)}


class VoiceOptions(AwsOptions):
    voice: str = "Amy"
    """https://docs.aws.amazon.com/polly/latest/dg/available-voices.html"""
    engine: Literal["standard", "neural", "long-form", "generative"] = "neural"
    """Not every voice speaks with every one."""
    sentence_marks: bool = False
    """Whether to ask when each sentence begins: a second call, which is billed like the first."""
    price: Decimal | None = Field(None, ge=0)
    """US dollars for a million characters; without it, what is known of the engine."""


class Polly(SpeechGenerator):
    Options = VoiceOptions
    longest_text = LONGEST_TEXT
    options: VoiceOptions

    def estimate(self, request: SpeechRequest) -> Decimal:
        calls = 2 if self.options.sentence_marks else 1
        price = _PRICES[self.options.engine] if self.options.price is None else self.options.price
        return calls * price * len(request.text) / 1_000_000

    def ask(self, request: SpeechRequest) -> Answer:
        """Have the text spoken. Raises `BadInput` for one that is empty or too long, or a voice that there is not."""
        if not any(sign.isalnum() for sign in request.text):
            raise BadInput("There is nothing to read aloud: the text has no words.", where=self._section)
        if len(request.text) > LONGEST_TEXT:
            raise BadInput(
                f"The text has {len(request.text):,} characters, and Polly reads {LONGEST_TEXT:,} at once.",
                where=self._section,
                todo="Ask for it in pieces.",
            )
        client = self._service.client()
        samples = self._call(client, request, OutputFormat="pcm", SampleRate=str(_RATE))
        said: list[dict[str, Any]] = []
        if self.options.sentence_marks:
            lines = self._call(client, request, OutputFormat="json", SpeechMarkTypes=["sentence"])
            said = [json.loads(line) for line in lines.splitlines() if line.strip()]
        raw = json.dumps(said).encode() + b"\n" + samples
        used = Usage("characters", len(request.text), self.estimate(request))
        return Answer(raw, "application/octet-stream", (used,), f"polly/{self.options.engine}")

    def sound(self, answer: Answer, request: SpeechRequest) -> Sound:
        head, _, samples = answer.raw.partition(b"\n")
        spoken = _in_characters(json.loads(head), request)
        if not spoken:
            start = len(request.text) - len(request.text.lstrip())
            spoken = (Mark(0.0, start, len(request.text.rstrip())),)
        return Sound(samples[: len(samples) // 2 * 2], _RATE, spoken)

    def check(self) -> list[Finding]:
        try:
            client = self._service.client()
            with self._service.told(self._refusal):
                voices = client.describe_voices(Engine=self.options.engine)["Voices"]
        except PressroomError as error:
            return [Finding(ok=False, what=error.what, todo=error.todo)]
        names = sorted(voice["Id"] for voice in voices)
        if self.options.voice not in names:
            return [
                Finding(
                    ok=False,
                    what=f"{self.options.voice} does not speak with the engine {self.options.engine}.",
                    todo=f"In {self._section} choose one of {', '.join(names[:12])}, or another engine.",
                )
            ]
        return [Finding(ok=True, what=f"Polly answers, and {self.options.voice} speaks there.")]

    @property
    def _section(self) -> str:
        return self._service.section

    @property
    def _service(self) -> AwsService:
        return AwsService("polly", "Polly", "polly:SynthesizeSpeech", self.setup, self.options)

    def _refusal(self, code: str, said: str) -> BadInput:
        return BadInput(
            f"Polly does not speak this with the voice {self.options.voice}: {said or code}",
            where=self._section,
            todo="Choose another voice or engine there: see the table of voices in Amazon's documentation.",
        )

    def _call(self, client: Any, request: SpeechRequest, **more: Any) -> bytes:
        speed = round(request.pace * 100)
        # Its SSML is XML: what the text holds of that is escaped, so that it is read and not obeyed.
        text = {"Text": request.text}
        if speed != 100 and self.options.engine != "generative":
            from xml.sax.saxutils import escape

            inner = escape(request.text)
            text = {"Text": f'<speak><prosody rate="{speed}%">{inner}</prosody></speak>', "TextType": "ssml"}
        with self._service.told(self._refusal):
            answer = client.synthesize_speech(
                **text, VoiceId=request.voice or self.options.voice, Engine=self.options.engine, **more
            )
            return bytes(answer["AudioStream"].read())


def _in_characters(said: list[dict[str, Any]], request: SpeechRequest) -> tuple[Mark, ...]:
    """Return the marks by characters of the request; Polly counts bytes, of the SSML where there is one."""
    found: list[Mark] = []
    at = 0
    for mark in said:
        place = request.text.find(mark["value"].strip(), at)
        if place >= 0 and mark["value"].strip():
            at = place + len(mark["value"].strip())
            found.append(Mark(mark["time"] / 1000, place, at))
    return tuple(found)
