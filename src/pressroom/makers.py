"""What a step asks a generator through: one maker for each kind of media. A parameter of a step is named as the
setting that chooses its generator."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel

from pressroom.arguments import Context
from pressroom.changes import Change
from pressroom.errors import BadInput, ConfigurationError
from pressroom.following import job_event
from pressroom.generation import Asking, Maker
from pressroom.generators.base import (
    ImageGenerator,
    ImageRequest,
    ModerationGenerator,
    ModerationRequest,
    Picture,
    RecognitionGenerator,
    SpeechGenerator,
    TextGenerator,
    TextRequest,
    Verdict,
)
from pressroom.recognition import RecognisedText, RecognitionRequest
from pressroom.sentences import pieces
from pressroom.speech import Speech, SpeechRequest

T = TypeVar("T")


class ImageMaker(Maker[ImageGenerator]):
    """A step's parameter of this type is named as the setting that chooses the generator: `image: ImageMaker`."""

    @property
    def takes_references(self) -> bool:
        """Whether what a request's references show is seen in the picture."""
        return self._generator.takes_references

    def draw(self, request: ImageRequest) -> Picture:
        return self.read(request, self._generator.picture)


class TextMaker(Maker[TextGenerator]):
    """A step's parameter of this type is named as the setting that chooses the generator: `text: TextMaker`."""

    def write(self, request: TextRequest) -> str:
        return self.read(request, self._generator.text)

    def compose(self, request: TextRequest, reading: Callable[[str], T]) -> T:
        """Return what `reading` makes of the text; if it raises, the text is of no use and is not kept as an answer."""
        return self.read(request, lambda answer, request: reading(self._generator.text(answer, request)))


class Moderator(Maker[ModerationGenerator]):
    """A step's parameter of this type is named as the setting that chooses the generator: `moderation: Moderator`."""

    def judge(self, request: ModerationRequest) -> Verdict:
        return self.read(request, self._generator.verdict)

    def tell(self, verdict: Verdict) -> None:
        """Store durably what was found, for whoever has to decide; told again after a crash, which changes nothing."""
        context = self._context
        flags = [flag.model_dump() for flag in verdict.flags]
        data = {"step": context.path, "generator": self._generator.setup.name, "flags": flags}
        flagged = job_event("PostFlagged", context.job, self._asking.clock.now(), context.cause, data=data)
        self._asking.bus.commit(Change(events=(flagged,)))

    def _key(self, request: BaseModel) -> str:
        """Keep answers by the judge's settings too: after a list of words was mended, the old verdict is not one."""
        return f"{super()._key(request)}-{hashlib.sha256(self._generator.basis().encode()).hexdigest()[:8]}"


class SpeechMaker(Maker[SpeechGenerator]):
    """A step's parameter of this type is named as the setting that chooses the generator: `speech: SpeechMaker`."""

    def speak(self, request: SpeechRequest) -> Speech:
        """Return the text as one finished sound. Of a long text each piece is asked for, and paid for, by itself."""
        from pressroom.sound_finishing import finished

        found = pieces(request.text, self._generator.longest_text)
        # A row of stars or an emoji may be left for a piece of its own, and no voice can say it.
        spans = [(start, end) for start, end in found if any(map(str.isalnum, request.text[start:end]))]
        if not spans:
            raise BadInput("There is nothing to read aloud: the text has no words.", where=self._context.path)
        parts = [request.model_copy(update={"text": request.text[start:end]}) for start, end in spans]
        sounds = [self.read(part, self._generator.sound) for part in parts]
        return finished([(sound, start) for sound, (start, _) in zip(sounds, spans, strict=True)])


class Recogniser(Maker[RecognitionGenerator]):
    """A step's parameter of this type is named as the setting that chooses the generator: `recognition: Recogniser`."""

    def recognise(self, request: RecognitionRequest) -> RecognisedText:
        return self.read(request, self._generator.recognised)


KINDS: Mapping[Any, Any] = {
    ImageMaker: ImageGenerator,
    TextMaker: TextGenerator,
    Moderator: ModerationGenerator,
    SpeechMaker: SpeechGenerator,
    Recogniser: RecognitionGenerator,
}
"""Which kind of generator each maker asks."""


def maker(asking: Asking, context: Context, role: str, wanted: type[Maker[Any]]) -> Maker[Any] | None:
    """Return what a step asks a generator through, for the setting that its parameter is named after.

    None if that setting is empty: the pipeline can do without.
    """
    name = getattr(context.settings, role, None)
    if name == "":
        return None
    if not isinstance(name, str):
        raise ConfigurationError(
            f"The pipeline {context.pipeline.name} has no setting {role!r} that names a generator.",
            where=f"[pipelines.{context.pipeline.name}]",
            todo=f'Add `{role} = "NAME"` there.',
        )
    generator = asking.generators.named(name)
    if not isinstance(generator, KINDS[wanted]):
        raise ConfigurationError(
            f"{name} generates {generator.kind}, which is not what {role} of {context.pipeline.name} is for.",
            where=f"[pipelines.{context.pipeline.name}] {role}",
            todo="Name a generator that does.",
        )
    return wanted(asking, context, generator)
