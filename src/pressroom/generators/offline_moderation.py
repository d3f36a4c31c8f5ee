"""Moderation without a model and without a network: lists of words, links, personal data, pictures that show nothing.

What it cannot see: what a picture shows, or the words in it; irony, context, insults without a listed word, other
languages than its lists', letters of another alphabet in the place of ours. What it passes is not therefore harmless.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Literal

from pressroom.errors import BadInput, ConfigurationError, NotFound
from pressroom.findings import Finding
from pressroom.generators import base
from pressroom.generators.base import Answer, Flag, ModerationGenerator, ModerationRequest, Verdict
from pressroom.generators.offline_judging.word_lists import Entry, entries, entry

MODEL = "offline_moderation/1"


class OfflineModerationOptions(base.Options):
    languages: tuple[Literal["en", "de", "es", "fr", "it"], ...] = ("en", "de", "es", "fr", "it")
    """Whose lists are used. A word that is harmless in one of them is not looked for."""
    words: tuple[str, ...] = ()
    """Further words or phrases that must not be posted without a person's consent; "ad*" for all that begin so."""
    words_key: str = ""
    """The key of an asset with more of them, one a line."""
    allow: tuple[str, ...] = ()
    """Words or phrases that are fine although a list holds them, such as a name."""
    links: bool = True
    """Whether links over plain http and by URL shorteners are flagged."""
    personal_data: bool = True
    """Whether e-mail addresses and phone numbers are flagged."""
    pictures: bool = True
    """Whether pictures that show nothing, or whose files tell where they were taken, are flagged."""


class OfflineModeration(ModerationGenerator):
    """The same post gets the same verdict, score by score."""

    Options = OfflineModerationOptions
    options: OfflineModerationOptions

    def estimate(self, request: ModerationRequest) -> Decimal:
        return Decimal(0)

    def ask(self, request: ModerationRequest) -> Answer:
        """Look at words and pictures. Raises `ConfigurationError` if the list at `words_key` cannot be read."""
        flags = self._about_words(request.text)
        if self.options.pictures and request.pictures:
            from pressroom.generators.offline_judging.pictures import look_at

            flags += [flag for picture in request.pictures for flag in look_at(picture)]
        flags.sort(key=lambda flag: -flag.score)
        raw = json.dumps({"flags": [flag.model_dump() for flag in flags]}).encode()
        return Answer(raw, "application/json", model=MODEL)

    def verdict(self, answer: Answer, request: ModerationRequest) -> Verdict:
        return Verdict.model_validate_json(answer.raw)

    def basis(self) -> str:
        return "\n".join((super().basis(), *self._stored_words()))

    def check(self) -> list[Finding]:
        try:
            own = self._own_words()
        except ConfigurationError as error:
            return [Finding(ok=False, what=error.what, todo=error.todo)]
        known = len(entries(self.options.languages)) + len(own)
        return [Finding(ok=True, what=f"Its lists hold {known} words; what pictures show it cannot tell.")]

    def _about_words(self, text: str) -> list[Flag]:
        from pressroom.generators.offline_judging.links import risky_links
        from pressroom.generators.offline_judging.personal_data import personal_data
        from pressroom.generators.offline_judging.words_found import listed_words

        flags = listed_words(text, (*self._own_words(), *entries(self.options.languages)), self.options.allow)
        flags += risky_links(text) if self.options.links else []
        return flags + (personal_data(text) if self.options.personal_data else [])

    def _own_words(self) -> list[Entry]:
        lines = [*self.options.words, *self._stored_words()]
        return [entry(line, "own list", 1.0, "your own list") for line in lines if line.strip().strip("*").strip()]

    def _stored_words(self) -> list[str]:
        key = self.options.words_key
        if not key:
            return []
        section = f"[generators.{self.setup.name}] words_key"
        todo = f"Put a text file at assets/{key} in the workspace, one word a line, or name another."
        if self.setup.read is None:
            raise ConfigurationError(f"There is no asset store here to read {key} from.", where=section, todo=todo)
        try:
            return self.setup.read(key).decode("utf-8-sig").splitlines()
        except (NotFound, BadInput) as error:
            raise ConfigurationError(f"There is no list of words {key}.", where=section, todo=todo) from error
        except UnicodeDecodeError as error:
            raise ConfigurationError(
                f"The list of words {key} is no text in UTF-8: {error.reason}.", where=section, todo=todo
            ) from error
