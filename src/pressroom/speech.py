"""Speech: what is to be spoken, and the sound of it with the moment at which each piece of the text begins."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field


class SpeechRequest(BaseModel):
    """A text to be read aloud."""

    model_config = ConfigDict(frozen=True)

    text: str
    """Plain words; an empty line is a longer pause."""
    language: str = "en"
    """A BCP 47 tag: "en", "en-GB", "de"."""
    voice: str = ""
    """In the generator's own words; empty for its setting."""
    pace: float = Field(1.0, ge=0.5, le=2.0)
    """1 is the voice's own; a story at night is a little slower."""


@dataclass(frozen=True, slots=True)
class Mark:
    """The moment at which a piece of the text begins to be heard."""

    at_seconds: float
    start: int
    """Of its first character in the request's text."""
    end: int
    """Behind its last character."""


@dataclass(frozen=True, slots=True)
class Sound:
    """A sound as a generator makes it, before it is finished for listening."""

    samples: bytes
    """Mono, 16 bits each, little-endian."""
    rate: int
    """Samples a second."""
    marks: tuple[Mark, ...] = ()
    """In the order of the text, one a sentence or finer; empty if the generator cannot tell."""

    @property
    def seconds(self) -> float:
        return len(self.samples) / 2 / self.rate


@dataclass(frozen=True, slots=True)
class Speech:
    """A finished sound: mono at 44.1 kHz, as loud as any other of ours, encoded for listening."""

    data: bytes
    media_type: str
    seconds: float
    marks: tuple[Mark, ...] = ()
    """Where in the sound each piece of the text begins; empty if the generator could not tell."""
    is_synthetic: bool = True
    """Whether a machine speaks; whoever listens is told."""
