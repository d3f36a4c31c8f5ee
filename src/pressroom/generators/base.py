"""What a generator is: a request, the raw answer of a model, and what that answer reads as.

Asking and reading are two methods on purpose. Asking may cost money, so its answer is stored before anything
is done with it; reading is pure and is simply done again after a crash.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from pressroom.findings import Finding
from pressroom.ports import Clock, Secrets
from pressroom.recognition import RecognisedText, RecognitionRequest
from pressroom.speech import Sound, SpeechRequest


class Options(BaseModel):
    """The settings of one `[generators.NAME]` section; a generator extends it with its own."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)

    use: str = ""
    """The generator's module name; empty when the section's own name is one."""


class ReferencePicture(BaseModel):
    """A picture to go by. Where the request is written down, the digest stands for the bytes."""

    model_config = ConfigDict(frozen=True)

    sha256: str
    media_type: str
    data: bytes = Field(exclude=True, repr=False)


class ImageRequest(BaseModel):
    """A picture to be drawn."""

    model_config = ConfigDict(frozen=True)

    prompt: str
    """The whole instruction to a model, the style included."""
    theme: str
    """What the picture is about, in a few words: "Dress Up Your Pet"."""
    style: str = ""
    """The mood asked for, in a word or a phrase: "spooky"."""
    title: str = ""
    """Words to set into the picture; empty for none."""
    width: int = 1600
    """Pixels."""
    height: int = 900
    """Pixels."""
    seed: str = ""
    """The same request with the same seed gives the same offline picture."""
    references: tuple[ReferencePicture, ...] = ()
    """What is to be seen in it as it really looks, such as the photo of a product; the most important first."""
    calm_side: Literal["", "bottom", "left", "right"] = ""
    """Which side is to be kept calm, for words that are set over the picture later."""


class TextRequest(BaseModel):
    """A text to be written."""

    model_config = ConfigDict(frozen=True)

    purpose: str
    """What the text is for: "caption", "alt_text", "story"."""
    prompt: str
    """The whole instruction to a model."""
    theme: str
    """What the text is about, in a few words."""
    style: str = ""
    max_characters: int = 280
    """The longest text that is of use, in characters as Python counts them."""
    seed: str = ""
    facts: dict[str, Any] = {}
    """What the text is made of, for a writer that reads no prompt: a story's characters and scenes. JSON."""


class ModerationPicture(BaseModel):
    """A picture to be judged. Where the request is written down, the digest stands for the bytes."""

    model_config = ConfigDict(frozen=True)

    sha256: str
    media_type: str
    number: int = 1
    """Its place in the post, from 1; flags name it so."""
    keeps_metadata: bool = True
    """Whether the file goes out with its metadata; False if it is fitted to the channels first, which removes that."""
    data: bytes = Field(exclude=True, repr=False)


class ModerationRequest(BaseModel):
    """Words and pictures to be judged before they are public."""

    model_config = ConfigDict(frozen=True)

    text: str
    """Everything that can be read in the post, alt texts included; empty for a picture alone."""
    pictures: tuple[ModerationPicture, ...] = ()
    """One at the most where a step asks: models take no more, and no more need lie in memory at a time."""


@dataclass(frozen=True)
class Usage:
    """One line of what an answer used: 1,204 `output_tokens` for 0.0361 USD."""

    unit: str
    quantity: int
    money: Decimal = Decimal(0)
    currency: str = "USD"


@dataclass(frozen=True)
class Answer:
    """What a model answered, byte for byte as it came, and what it used."""

    raw: bytes
    media_type: str
    """Of `raw`: "application/json" for an API's reply, "image/jpeg" for a picture made here."""
    usage: tuple[Usage, ...] = ()
    model: str = ""


@dataclass(frozen=True)
class Picture:
    """A finished picture, read from an answer."""

    data: bytes
    media_type: str
    width: int
    height: int
    alt_text: str
    """What can be seen, in a sentence for somebody who cannot see it; empty if the generator cannot tell."""


class Flag(BaseModel):
    """One thing that moderation found."""

    model_config = ConfigDict(frozen=True)

    category: str
    """In the generator's own words: "hate", "self-harm/intent", "link"."""
    score: float = Field(ge=0, le=1)
    why: str
    """What was found and where, in a sentence for a person. Personal data is named and not repeated."""


class Verdict(BaseModel):
    """What moderation makes of a post; without any flag it is clean."""

    model_config = ConfigDict(frozen=True)

    flags: tuple[Flag, ...] = ()

    @property
    def is_clean(self) -> bool:
        return not self.flags


@dataclass(frozen=True)
class Setup:
    """What a generator is given: its section of the settings, and what it may need of the runtime."""

    name: str
    """Of its section: "art" for `[generators.art]`, else the module's name."""
    options: Options
    """Of the generator's own `Options`."""
    secrets: Secrets = field(repr=False)
    clock: Clock = field(repr=False)
    read: Callable[[str], bytes] | None = field(default=None, repr=False)
    """Returns the newest bytes of an asset by its key, such as a list of words; None where there is no store."""

    def secret(self, name: str) -> str | None:
        return self.secrets.get(f"generators.{self.name}.{name}")


R = TypeVar("R", bound=BaseModel)


class Generator(ABC, Generic[R]):
    """One model behind one door; a module holds one, and its name is the module's."""

    kind: ClassVar[str]
    """What it makes: "image", "text", "speech", "recognition", "moderation"; a pipeline asks for one of a kind."""
    Options: ClassVar[type[Options]] = Options
    needs_secrets: ClassVar[tuple[str, ...]] = ()
    """Names under its section that must be set: ("api_key",)."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self.options = setup.options

    @abstractmethod
    def estimate(self, request: R) -> Decimal:
        """The most that asking will cost, in US dollars; a budget is held against it before the call."""

    @abstractmethod
    def ask(self, request: R) -> Answer:
        """Ask the model once. Never retries by itself: a second call may be billed a second time."""

    def check(self) -> list[Finding]:
        """Look, without making anything, whether asking would go well: key, reachability, the model's end."""
        return []


class ImageGenerator(Generator[ImageRequest]):
    kind = "image"
    takes_references: ClassVar[bool] = False
    """Whether what `references` show is seen in the picture; else they are not given."""

    @abstractmethod
    def picture(self, answer: Answer, request: ImageRequest) -> Picture:
        """Read the picture out of a stored answer; pure, so it may be done again."""


class TextGenerator(Generator[TextRequest]):
    kind = "text"

    @abstractmethod
    def text(self, answer: Answer, request: TextRequest) -> str:
        """Read the text out of a stored answer; pure, so it may be done again."""


class ModerationGenerator(Generator[ModerationRequest]):
    kind = "moderation"

    @abstractmethod
    def verdict(self, answer: Answer, request: ModerationRequest) -> Verdict:
        """Read the verdict out of a stored answer; pure, so it may be done again."""

    def basis(self) -> str:
        """Return what its verdicts rest on besides the request: after a change of it a kept answer is not used."""
        return self.options.model_dump_json()


class SpeechGenerator(Generator[SpeechRequest]):
    kind = "speech"
    longest_text: ClassVar[int] = 20_000
    """Characters in one request; a longer text is asked for in pieces, each at the end of a sentence."""

    @abstractmethod
    def sound(self, answer: Answer, request: SpeechRequest) -> Sound:
        """Read the sound out of a stored answer; pure, so it may be done again."""


class RecognitionGenerator(Generator[RecognitionRequest]):
    kind = "recognition"

    @abstractmethod
    def recognised(self, answer: Answer, request: RecognitionRequest) -> RecognisedText:
        """Read the lines out of a stored answer; pure, so it may be done again."""
