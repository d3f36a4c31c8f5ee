"""Photos from a source, or by hand: each is kept, fitted to every channel and posted there, once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import timedelta
from importlib.resources import files
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from pressroom.assets import Assets
from pressroom.drafts import Draft, DraftMedia
from pressroom.errors import BadInput, Skip
from pressroom.generators.base import TextRequest
from pressroom.hashtags import as_hashtags
from pressroom.imaging.picture_opening import PictureLimits, open_picture
from pressroom.jobs import Job
from pressroom.makers import TextMaker
from pressroom.media import EXTENSIONS, media_type_of
from pressroom.moderating import moderate
from pressroom.photo_history import PhotoHistory
from pressroom.photo_metadata import read_info
from pressroom.photos import PhotoInfo
from pressroom.pipeline import Choice, Outcome, Pipeline, Poll, Start
from pressroom.ports import Clock, JobStore, Ledger, Publications
from pressroom.publishing import Publishing
from pressroom.source_desk import SourceDesk
from pressroom.sources.base import FoundPhoto, Original
from pressroom.steps import PublishingSettings, channels, fitting_step, publish_everywhere
from pressroom.text_templates import Templates, first_that_fits

_NOT_IN_A_KEY = re.compile(r"[^\w.-]+")
_LONGEST_NAME = 80
_ID_DIGITS = 32
BY_HAND = "by_hand"
"""Where the keys of photos begin that came without a source."""


class Photo(BaseModel):
    model_config = ConfigDict(extra="forbid")

    file: Path | None = Field(None, description="A photo on this machine, posted without a source.")
    publish_at: AwareDatetime | None = Field(
        None, description="Not before this time, with its zone: 2026-12-01T18:00+01:00; at once by default."
    )
    again: bool = Field(False, description="Post the file again although it has been posted.")
    found: FoundPhoto | None = Field(
        None, description="Set by the source that found the photo.", json_schema_extra={"by_hand": False}
    )


class Settings(PublishingSettings):
    source: str = ""
    """The `[sources.NAME]` section that photos come from; empty: only by hand."""
    post_text: Templates = ("{title}\n\n{caption}\n\n{hashtags}", "{title}\n\n{hashtags}", "{title}")
    """Templates of the posts' words, the fullest first: the first that fits a network is taken."""
    writer: str = ""
    """The generator that writes captions for photos without one; empty for none."""
    republish_edits: bool = False
    """Whether a photo that was posted is posted again after it was edited; its revision is kept in any case."""


class TakenIn(BaseModel):
    """The photo as it is now stored."""

    media: DraftMedia
    info: PhotoInfo
    why_not: str = ""
    """Why it is not posted; empty if it is."""


def one_job_per_photo(photo: Photo, settings: Settings, clock: Clock) -> Sequence[Start]:
    """A file is posted once, whatever its name; what a source finds has been told apart by the source."""
    values = photo.model_dump(mode="json", exclude_defaults=True)
    if photo.found is not None:
        found = photo.found
        return [Start(values, f"photo_feed:{found.source}:{found.id}:{found.version}")]
    if photo.file is None:
        raise BadInput(
            "Which photo? Nothing was named.",
            where="photo_feed",
            todo="Give -i file=PATH, or name a [sources.NAME] section under `source` and run `pressroom up`.",
        )
    again = f":{clock.now().isoformat()}" if photo.again else ""
    return [Start(values, f"photo_feed:{_digest(_bytes_of(photo.file))}{again}")]


def take_in(
    photo: Photo,
    job: Job,
    settings: Settings,
    sources: SourceDesk,
    assets: Assets,
    publishing: Publishing,
    ledger: Ledger,
    jobs: JobStore,
    publications: Publications,
    clock: Clock,
) -> Outcome[TakenIn]:
    """Fetch the photo and store it as it is, as a new revision if it was known; decide whether it is posted."""
    channels(settings, publishing)  # a photo that can be posted nowhere is not fetched
    found = photo.found
    original = sources.source(found.source).fetch(found.item) if found else _from_file(photo)
    picture = open_picture(original.data, PictureLimits(), original.info.name)
    source, id = (found.source, found.id) if found else (BY_HAND, original.sha256[:_ID_DIGITS])
    alt_text = _alt_text(original.info)
    asset = assets.store(
        f"photos/{source}/{_as_key(id)}{EXTENSIONS.get(picture.media_type, '')}",
        original.data,
        job=job,
        media_type=picture.media_type,
        width=picture.width,
        height=picture.height,
        about={**_about(original.info), "alt_text": alt_text, "source": source, "photo_id": id},
        sha256=original.sha256,
    )
    why_not = ""
    if found and not settings.republish_edits:
        history = PhotoHistory(f"{job.pipeline}:{source}:{id}", ledger, jobs, publications)
        why_not = history.why_not_again(job, clock.now())
    taken = TakenIn(media=DraftMedia.of(asset, alt_text), info=original.info, why_not=why_not)
    result = {"photo": asset.key, "title": original.info.title or original.info.name}
    if why_not:
        result["not_posted"] = why_not
    return Outcome(output=taken, assets=(asset,), phase="kept" if why_not else "taken_in", result=result)


def is_to_be_posted(taken: TakenIn) -> bool:
    return not taken.why_not


def keep_only(taken: TakenIn, job: Job) -> None:
    """End the job here, and say in every list of jobs why; the photo's new revision is stored by now."""
    raise Skip(
        f"{taken.info.name or taken.media.key} is kept and not posted: it counts as an edit. {taken.why_not}",
        where=taken.media.key,
        todo=f"To post this version too: pressroom run {job.pipeline} -i file=PATH -i again=true\n"
        f"To post every edit: republish_edits = true in [pipelines.{job.pipeline}].",
    )


def write_words(
    photo: Photo, taken: TakenIn, job: Job, settings: Settings, publishing: Publishing, writer: TextMaker | None
) -> Outcome[Draft]:
    """Write each channel's words from what is known of the photo."""
    info = taken.info
    caption = info.caption or (_written(info, writer, job) if writer is not None else "")
    values = _values(info.model_copy(update={"caption": caption}))
    texts = {}
    for channel in channels(settings, publishing):
        publisher = publishing.publisher(channel)
        templates = publisher.channel.settings.post_text or settings.post_text
        texts[channel] = first_that_fits(templates, values, publisher.fits)
    title = info.title or caption
    draft = Draft(
        text=first_that_fits(settings.post_text, values, lambda text: True),
        texts=texts,
        media=[taken.media],
        title=title,
        about={"day": values["day"], "photo": taken.media.key},
        info=info,
        publish_at=photo.publish_at,
    )
    return Outcome(output=draft, result={"caption": draft.text})


def demo_input() -> dict[str, str]:
    """Return what a demo shows: the sample photo that comes with Pressroom."""
    return {"file": str(files("pressroom.samples") / "lighthouse.jpg")}


def _from_file(photo: Photo) -> Original:
    assert photo.file is not None, "a job is for one photo"
    data = _bytes_of(photo.file)
    info = read_info(data, name=photo.file.name)
    return Original(data=data, media_type=media_type_of(data), info=info, sha256=hashlib.sha256(data).hexdigest())


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise BadInput(
            f"The photo {file} cannot be read: {error.strerror}.",
            where=str(file),
            todo="Name a file that is there and that this user may read.",
        ) from error


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:_ID_DIGITS]


def _as_key(id: str) -> str:
    return _NOT_IN_A_KEY.sub("_", id).strip("._")[:_LONGEST_NAME] or _digest(id.encode())


def _about(info: PhotoInfo) -> dict[str, object]:
    told = info.model_dump(mode="json", exclude_defaults=True)
    told.pop("alt_text", None)
    return told


def _alt_text(info: PhotoInfo) -> str:
    """Return what the photo shows in its author's words, as far as there are any: no picture goes out without."""
    return info.alt_text or info.caption or info.title or "A photo."


def _values(info: PhotoInfo) -> dict[str, str]:
    return {
        "title": info.title,
        "caption": info.caption,
        "hashtags": as_hashtags(info.keywords),
        "link": "",
        "copyright": info.copyright,
        "credit": info.credit,
        "name": Path(info.name).stem,
        "day": info.captured_at.date().isoformat() if info.captured_at else "",
    }


def _written(info: PhotoInfo, writer: TextMaker, job: Job) -> str:
    theme = info.title or ", ".join(info.keywords) or "a photo"
    return writer.write(
        TextRequest(
            purpose="caption",
            prompt=(
                f"Write the caption of a photo for social media, at most 260 characters. Its title: {info.title!r}. "
                f"Its keywords: {', '.join(info.keywords)}. Say nothing about it that these do not say. "
                "Answer with the caption alone, without quotation marks and hashtags."
            ),
            theme=theme,
            max_characters=260,
            seed=job.key or job.id,
        )
    )


pipeline = Pipeline(
    "photo_feed",
    trigger=Poll(),
    input=Photo,
    settings=Settings,
    starts=one_job_per_photo,
    keep=timedelta(days=365),
    steps=[
        take_in,
        Choice(
            is_to_be_posted,
            then=[write_words, moderate, fitting_step(), publish_everywhere()],
            otherwise=[keep_only],
        ),
    ],
)
