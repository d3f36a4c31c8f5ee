"""The steps that tell readers of a bedtime story: who is written to, each one's letter, and what became of all."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from pressroom.arguments import Context
from pressroom.assets import Assets
from pressroom.channel_desk import QUEUE_PREFIX
from pressroom.drafts import DraftMedia
from pressroom.errors import BadInput, ConfigurationError, Problem
from pressroom.jobs import Job, StepStatus
from pressroom.links import Links
from pressroom.media import EXTENSIONS, Asset
from pressroom.pipeline import (
    PICTURES_QUEUE,
    ForEach,
    Node,
    Outcome,
    Parallel,
    Part,
    Pipeline,
    PipelineSettings,
    Schedule,
    Step,
)
from pressroom.populating import table_of
from pressroom.ports import AssetIndex, BlobStore, Clock, Tables
from pressroom.publications import GIVEN_UP, Letter, Post, PostMedia
from pressroom.publishers.base import Publisher
from pressroom.publishing import GivenUp, Publishing
from pressroom.readers import Readers, Subscriber
from pressroom.retry import Policy
from pressroom.story_letter import HowMuch, Ways, write_letter
from pressroom.story_reading import ToRead, to_read

if TYPE_CHECKING:
    from pressroom.variants import Variant

READERS = "readers"
"""The pipeline's table of them."""
_PICTURE_WIDTH = 1200
_PICTURE_BYTES = 200_000
"""A letter is to be there at once, also where the connection is slow."""


class MailSettings(PipelineSettings):
    """For a pipeline that tells readers of its stories."""

    mail: str = ""
    """The channel by which readers are written to, one of mail; empty: nobody is."""
    mail_text: HowMuch = "beginning"
    """How much of the story stands in the letter: its beginning, or all of it."""


class Letters(BaseModel):
    """Who is to have a letter of this evening's story, by keys that show no address, and its picture."""

    channel: str = ""
    readers: list[str] = []
    picture: DraftMedia | None = None


class LetterWritten(BaseModel):
    why_not: str = ""
    """Why it was not sent after all; empty if it was."""


def telling() -> tuple[Node, ...]:
    """Return the steps; they find the story where `to_read` does, and its evening in the job's input as `date`."""
    patient = Policy(attempts=12, lost_workers=50)
    letter = Step(write_to_reader, retry=patient, queue=QUEUE_PREFIX + "{item[channel]}")
    # Optional, twice: what keeps letters back is a dead delivery, to be redriven. One letter takes none of the others
    # with it, and all of them do not take the story, which is told.
    letters: list[Part] = [Step(find_readers, queue=PICTURES_QUEUE), ForEach(readers_to_tell, letter, optional=True)]
    return (Parallel(letters, optional=True), Step(count_letters))


def find_readers(
    job: Job,
    settings: MailSettings,
    publishing: Publishing,
    tables: Tables,
    assets: Assets,
    index: AssetIndex,
    blobs: BlobStore,
    clock: Clock,
) -> Outcome[Letters]:
    """Note who is to have a letter, and make its picture; raises if the channel is none that takes letters."""
    if not settings.mail:
        return Outcome(output=Letters(), result={"mail": _nobody(f"[pipelines.{job.pipeline}] mail names no channel")})
    publisher = letter_publisher(publishing, settings.mail)
    readers = Readers(tables, table_of(job.pipeline, READERS))
    subscribed = sorted(readers.subscribed())
    if not subscribed:
        empty = f"no reader is listed; `pressroom populate {job.pipeline}` reads readers.yaml"
        why = "all readers have left" if readers.all() else empty
        return Outcome(output=Letters(), result={"mail": _nobody(why)})
    found = to_read(index, blobs, job.id, clock.now())
    picture, made, trouble = _picture(found, job, publisher, assets)
    letters = Letters(channel=settings.mail, readers=subscribed, picture=picture)
    return Outcome(output=letters, assets=made, result={"mail_picture": trouble} if trouble else {})


def readers_to_tell(letters: Letters) -> list[dict[str, str]]:
    return [{"channel": letters.channel, "reader": key} for key in letters.readers]


def write_to_reader(
    item: dict[str, str],
    letters: Letters,
    job: Job,
    settings: MailSettings,
    context: Context,
    publishing: Publishing,
    links: Links,
    tables: Tables,
    index: AssetIndex,
    blobs: BlobStore,
    clock: Clock,
) -> Outcome[LetterWritten]:
    """Send a reader their letter, once, when it is evening for them; not to one who has left meanwhile."""
    channel = item["channel"]
    reader = Readers(tables, table_of(job.pipeline, READERS)).subscribed().get(item["reader"])
    found = to_read(index, blobs, job.id, clock.now())
    if reader is None or found is None:
        why = "The reader has left." if reader is None else "The story's time was over before the letter could go out."
        kept = publishing.withdraw(context, channel, Problem(why, channel, kind="NotWanted"), one_of_many=True)
        if kept is None:
            return Outcome(output=LetterWritten(why_not=why))
        post = kept.post  # it may be out: what became of it is found out all the same
    else:
        post = _post(found, reader, letters.picture, job, settings, zone_of(context.pipeline, settings), links)
    try:
        publishing.publish(context, channel, post, one_of_many=True)
    except GivenUp as given_up:
        return Outcome(output=LetterWritten(why_not=given_up.what))
    return Outcome(output=LetterWritten(), phase="mailed", result=_redriven(context))


def count_letters(letters: Letters | None, context: Context) -> Outcome[Any]:
    """Say in a plain word what became of the letters, or why none could be written."""
    if letters is None:
        return Outcome(result={"mail": _why_none(context)})
    return Outcome(result={"mail": _word(context)} if letters.readers else {})


def letter_publisher(publishing: Publishing, channel: str) -> Publisher:
    """Return the publisher of a channel that takes letters; raises for any other, where everybody would read them."""
    publisher = publishing.publisher(channel)
    if not publisher.takes_letters:
        raise ConfigurationError(
            f"The channel {channel} posts on {publisher.title}, and a letter goes to one reader alone.",
            where=f"channel {channel}",
            todo="Name a channel that sends mail; `pressroom channels` lists yours.",
        )
    return publisher


def zone_of(pipeline: Pipeline, settings: PipelineSettings) -> str:
    """Return the zone of readers who name none: the pipeline's own."""
    return settings.zone or (pipeline.trigger.zone if isinstance(pipeline.trigger, Schedule) else "UTC")


def _post(
    found: ToRead,
    reader: Subscriber,
    picture: DraftMedia | None,
    job: Job,
    settings: MailSettings,
    zone: str,
    links: Links,
) -> Post:
    asset, evening = found.asset, datetime.date.fromisoformat(job.input["date"])
    assert asset.expires_at is not None, "a story ends with its job"
    link = links.signed(f"/stories/{job.id}", asset.key, asset.revision, asset.expires_at)
    ways = Ways(story=link, leave=links.to(f"/leave/{reader.token}"))
    media = PostMedia(**picture.model_dump()) if picture else None
    written = write_letter(found, reader, ways, zone=zone, how_much=settings.mail_text, picture=media)
    due = reader.due(evening, zone)
    return Post(
        text=written.text,
        title=found.story.title,
        media=(media,) if media else (),
        about={"day": evening.isoformat()},
        # A letter about a story that would be gone by then is sent at once.
        publish_at=due if due and due < asset.expires_at else None,
        letter=Letter(to=reader.address, html=written.html, unsubscribe_url=ways.leave, language=found.story.language),
    )


def _picture(
    found: ToRead | None, job: Job, publisher: Publisher, assets: Assets
) -> tuple[DraftMedia | None, tuple[Asset, ...], str]:
    """Return the letter's picture, the assets that it took, and why there is none although the story has one."""
    from pressroom.variants import Wanted, make_variants

    original = found.picture if found else None
    if original is None:
        return None, (), ""
    rules = publisher.image_rules
    limit = min(rules.max_bytes, _PICTURE_BYTES)
    rules = replace(
        rules, formats=("image/jpeg",), max_bytes=limit, best_width=_PICTURE_WIDTH, best_height=_PICTURE_WIDTH
    )
    wanted = Wanted(name=publisher.channel.name, rules=rules, picture=publisher.channel.settings.picture)
    try:
        made = make_variants(assets.read(original.key, original.revision), [wanted])[wanted.name]
    except BadInput as error:
        return None, (), f"The letter has no picture: {error.what}"
    alt_text = str(original.about.get("alt_text", ""))
    asset = original if made.is_original else _stored(made, original, alt_text, job, assets)
    return DraftMedia.of(asset, alt_text), () if made.is_original else (asset,), ""


def _stored(made: Variant, original: Asset, alt_text: str, job: Job, assets: Assets) -> Asset:
    digest = hashlib.sha256(made.data).hexdigest()
    return assets.store(
        f"variants/stories/{job.id}-{digest[:12]}{EXTENSIONS[made.media_type]}",
        made.data,
        job=job,
        media_type=made.media_type,
        width=made.width,
        height=made.height,
        sha256=digest,
        about={"original": original.key, "original_revision": original.revision, "alt_text": alt_text},
    )


def _nobody(why: str) -> str:
    return f"Nobody is written to: {why}."


def _why_none(context: Context) -> str:
    problem = context.records[find_readers.__name__].error or Problem("A step failed without saying why.")
    return f"No letter went out: {problem} Once that is mended, `pressroom jobs retry {context.job.id}` sends them."


def _redriven(context: Context) -> dict[str, str]:
    """Return the word anew when a letter goes out after all were summed up: one that had failed was redriven."""
    summed = context.records.get(count_letters.__name__)
    return {"mail": _word(context, now_sent=context.path)} if summed and summed.status.is_over else {}


def _word(context: Context, now_sent: str = "") -> str:
    records = [one for one in context.records.values() if one.path.startswith(f"{write_to_reader.__name__}[")]
    outputs = [
        LetterWritten.model_validate(one.output)
        for one in records
        if one.status is StepStatus.COMPLETED and one.path != now_sent
    ]
    sent = sum(not one.why_not for one in outputs) + bool(now_sent)
    word = f"{sent or 'No'} letter{'s' if sent > 1 else ''} went out."
    for why in sorted({one.why_not for one in outputs if one.why_not}):
        word += f" {sum(one.why_not == why for one in outputs)} did not: {why}"
    failed = [one for one in records if one.status is StepStatus.FAILED and one.path != now_sent]
    if failed:
        why = failed[0].error.what if failed[0].error else ""
        again = any(one.error is None or one.error.kind != GIVEN_UP for one in failed)
        word += f" {len(failed)} could not: {why}"
        word += f" `pressroom jobs retry {context.job.id}` tries again." if again else ""
    return word
