"""Speech by Amazon Polly, in a region of yours or at any address that answers as it does; needs the extra `aws`."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from pressroom.errors import BadInput, ConfigurationError, OutOfCredit, PressroomError, RateLimited, Unavailable
from pressroom.findings import Finding
from pressroom.generators.base import Answer, Options, SpeechGenerator, Usage
from pressroom.speech import Mark, Sound, SpeechRequest

# 3,000 billed characters a call; https://docs.aws.amazon.com/polly/latest/dg/limits.html, 2026-11-20
LONGEST_TEXT = 2900
_RATE = 16_000
"""Samples a second: the most that it gives uncompressed, which joins without a seam."""
# US dollars for a million characters; https://aws.amazon.com/polly/pricing, from general knowledge, 2026-11-21
_PRICES = {"standard": Decimal(4), "neural": Decimal(16), "long-form": Decimal(100), "generative": Decimal(30)}
_BUSY = frozenset({"ThrottlingException", "Throttling", "TooManyRequestsException", "RequestLimitExceeded"})
_REFUSED_KEYS = frozenset(
    {"UnrecognizedClientException", "InvalidSignatureException", "AccessDeniedException", "ExpiredTokenException"}
    | {"InvalidClientTokenId", "SignatureDoesNotMatch"}
)


class VoiceOptions(Options):
    base_url: str = ""
    """Empty for Amazon's own address of the region."""
    region: str = ""
    """Such as eu-central-1; empty for the machine's own setting."""
    voice: str = "Amy"
    """https://docs.aws.amazon.com/polly/latest/dg/available-voices.html"""
    engine: Literal["standard", "neural", "long-form", "generative"] = "neural"
    """Not every voice speaks with every one."""
    sentence_marks: bool = False
    """Whether to ask when each sentence begins: a second call, which is billed like the first."""
    timeout_seconds: float = Field(60, gt=0)
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
        client = self._client()
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
            client = self._client()
            with _Told(self):
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
        return f"[generators.{self.setup.name}]"

    def _client(self) -> Any:
        try:
            import boto3
            from botocore.config import Config
            from botocore.exceptions import BotoCoreError, NoRegionError, PartialCredentialsError
        except ImportError as error:
            raise ConfigurationError(
                f"{self._section} needs boto3, which is not installed.",
                where=self._section,
                todo="Install it: .venv/bin/pip install 'pressroom[aws]'",
            ) from error
        seconds = self.options.timeout_seconds
        # A second call is billed a second time: whether there is one, the step decides.
        once = Config(retries={"total_max_attempts": 1}, connect_timeout=min(10, seconds), read_timeout=seconds)
        keys = (self.setup.secret("access_key_id"), self.setup.secret("secret_access_key"))
        try:
            return boto3.session.Session().client(
                "polly",
                region_name=self.options.region or None,
                endpoint_url=self.options.base_url or None,
                aws_access_key_id=keys[0] or None,
                aws_secret_access_key=keys[1] or None,
                aws_session_token=self.setup.secret("session_token") or None,
                config=once,
            )
        except NoRegionError as error:
            raise ConfigurationError(
                f"{self._section} names no region, and this machine has none set.",
                where=self._section,
                todo=f'Add `region = "eu-central-1"` or another one to {self._section}.',
            ) from error
        except PartialCredentialsError as error:
            names = f"generators.{self.setup.name}.access_key_id and .secret_access_key"
            raise ConfigurationError(
                "Of Polly's two credentials one is missing.",
                where=self._section,
                todo=f"Set both secrets, {names}, or neither, for this machine's own role.",
            ) from error
        except (BotoCoreError, ValueError) as error:
            raise ConfigurationError(
                f"{self._section} cannot be used: {error}",
                where=self._section,
                todo="Correct its region and base_url, or the machine's own settings for AWS.",
            ) from error

    def _call(self, client: Any, request: SpeechRequest, **more: Any) -> bytes:
        speed = round(request.pace * 100)
        # Its SSML is XML: what the text holds of that is escaped, so that it is read and not obeyed.
        text = {"Text": request.text}
        if speed != 100 and self.options.engine != "generative":
            from xml.sax.saxutils import escape

            inner = escape(request.text)
            text = {"Text": f'<speak><prosody rate="{speed}%">{inner}</prosody></speak>', "TextType": "ssml"}
        with _Told(self):
            answer = client.synthesize_speech(
                **text, VoiceId=request.voice or self.options.voice, Engine=self.options.engine, **more
            )
            return bytes(answer["AudioStream"].read())


class _Told:
    """Tells what a call of boto3 comes to in our own errors."""

    def __init__(self, polly: Polly) -> None:
        self._polly = polly

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if error is None:
            return
        from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

        where, voice = self._polly._section, self._polly.options.voice
        if isinstance(error, NoCredentialsError):
            names = f"generators.{self._polly.setup.name}.access_key_id and .secret_access_key"
            raise ConfigurationError(
                "Polly needs credentials, and there are none.",
                where=where,
                todo=f"Set the secrets {names} (pressroom secrets set NAME), or give this machine a role.",
            ) from None
        if isinstance(error, ClientError):
            raise _refusal(error.response, where, voice) from None
        if isinstance(error, BotoCoreError):
            what = "Polly could not be reached, or its answer broke off; what it made may be billed."
            raise Unavailable(what, where=where, todo="It is tried again.", detail=str(error)) from None


def _refusal(response: Any, where: str, voice: str) -> PressroomError:
    code, said = response["Error"].get("Code", ""), response["Error"].get("Message", "")
    status = response["ResponseMetadata"].get("HTTPStatusCode", 0)
    if code in _BUSY or status == 429:
        return RateLimited("Polly asks for patience: too many requests.", where=where, todo="It is tried again later.")
    if code in _REFUSED_KEYS or status in (401, 403):
        what = f"Polly refuses the credentials ({code})."
        return ConfigurationError(what, where=where, todo="Check them, and that they may call polly:SynthesizeSpeech.")
    if status == 402:
        return OutOfCredit("The account has no credit for Polly.", where=where, todo="Look at its bills.")
    if status >= 500:
        what = f"Polly is in trouble ({status})."
        return Unavailable(what, where=where, todo="It is tried again.", detail=said)
    return BadInput(
        f"Polly does not speak this with the voice {voice}: {said or code}",
        where=where,
        todo="Choose another voice or engine there: see the table of voices in Amazon's documentation.",
    )


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
