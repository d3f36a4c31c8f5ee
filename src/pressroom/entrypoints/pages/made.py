"""What a job made, as people are told of it: title, words, page and files, by the names that its result gives them.

The one place where those names mean something; `run`, `jobs` and the demo read it. A pipeline is shown well if its
result has `title` or `name`, `text` or `caption`, and the keys of its assets, each under a name of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pressroom.entrypoints.pages.headlines import headline
from pressroom.entrypoints.pages.pictures import is_over
from pressroom.errors import NotFound

if TYPE_CHECKING:
    from pressroom.jobs import Job
    from pressroom.media import Asset
    from pressroom.ports import Ports
    from pressroom.story_text import Story

TITLES = ("title", "name", "theme")
TEXTS = ("text", "caption")
STORY = "story"
"""The name of a stored story's key: title and words stand in that file alone, and it has a page for its readers."""
FOR_PROGRAMS = "application/json"
ANSWERS = "answers/"
"""Under this the raw answers of models are kept; nobody looks for them first."""
_KINDS = ("text/", "image/", "audio/")
"""What is looked at first where one file stands for all."""


@dataclass(frozen=True, slots=True)
class Made:
    title: str
    text: str
    """All of it; empty if there is none, or it is gone."""
    page: str
    """The path of the page on which it is looked at."""
    files: tuple[tuple[str, Asset], ...]
    """Those that the result names, with that name; what only programs read is left out."""
    more_files: int
    """What else was stored on the way."""

    @property
    def main_file(self) -> Asset | None:
        """The one file that shows it best."""
        assets = [asset for _, asset in self.files]
        return next((one for kind in _KINDS for one in assets if one.media_type.startswith(kind)), None) or next(
            iter(assets), None
        )


def headline_of(ports: Ports, job: Job) -> str:
    """Return a job in a few words; a story by its title, which stands in its file alone."""
    key = job.result.get(STORY)
    story = ports.assets.get(key) if isinstance(key, str) else None
    told = _told(ports, story) if story and not is_over(story, ports.clock.now()) else None
    return told.title if told else headline(job)


def made(ports: Ports, job: Job) -> Made:
    """Read what a job made, as far as it has come."""
    now = ports.clock.now()
    stored = {
        asset.key: asset
        for asset in ports.assets.of_job(job.id)
        if not asset.key.startswith(ANSWERS) and not is_over(asset, now)
    }
    names = {value: name for name, value in job.result.items() if isinstance(value, str) and value in stored}
    files = [(_word(name, stored[key]), stored[key]) for key, name in names.items()]
    if not names:
        files = [(_word("", asset), asset) for asset in stored.values()]
    story = stored.get(str(job.result.get(STORY)))
    told = _told(ports, story) if story else None
    shown = [(word, asset) for word, asset in files if asset.media_type != FOR_PROGRAMS]
    return Made(
        title=_first(job, TITLES) or (told.title if told else ""),
        text="\n\n".join(told.paragraphs) if told else _first(job, TEXTS),
        page=f"/stories/{job.id}" if story else f"/jobs/{job.id}",
        files=tuple(shown),
        more_files=len(stored) - len(shown),
    )


def _first(job: Job, names: Sequence[str]) -> str:
    """Return the first text that the result has under one of these names."""
    values = (job.result.get(name) for name in names)
    return next((text for value in values if isinstance(value, str) and (text := value.strip())), "")


def _word(name: str, asset: Asset) -> str:
    """Return what a file is called: as the result does, or after its kind if nothing names it."""
    if not name:
        kinds = {"image": "picture", "text": "text", "audio": "sound"}
        return kinds.get(asset.media_type.partition("/")[0], "file")
    word = name.removesuffix("_key").replace("_", " ")
    return f"{word} file" if asset.media_type.startswith("text/") else word


def _told(ports: Ports, story: Asset) -> Story | None:
    from pressroom.story_text import Story

    try:
        data = ports.blobs.get(story.key, story.revision)
    except NotFound:
        return None  # it has gone at this very moment
    return Story.model_validate_json(data)
