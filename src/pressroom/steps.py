"""Steps that several pipelines share."""

from __future__ import annotations

from pydantic import BaseModel

from pressroom.arguments import Context
from pressroom.channel_desk import QUEUE_PREFIX
from pressroom.fitting import fit_text
from pressroom.pipeline import ForEach, Outcome, PipelineSettings, Step
from pressroom.publications import Post, PostMedia
from pressroom.publishing import Publishing
from pressroom.retry import Policy


class PublishingSettings(PipelineSettings):
    """For pipelines that publish."""

    channels: tuple[str, ...] = ("preview",)
    """Names of `[channels.NAME]` sections; `preview` is always there."""


class DraftMedia(BaseModel):
    key: str
    revision: int
    media_type: str
    width: int
    height: int
    alt_text: str


class Draft(BaseModel):
    """What is to be posted, before it is fitted to a channel."""

    text: str
    media: list[DraftMedia] = []
    link: str = ""
    title: str = ""
    about: dict[str, str] = {}
    """What the gallery and reports show beside it: the day, the theme."""


class Published(BaseModel):
    channel: str
    url: str
    remote_id: str


def channels(settings: PublishingSettings, publishing: Publishing) -> list[str]:
    """Each channel once, in the order of the settings; raises for one that is not configured, or wrongly.

    A post for it would wait on a queue that nobody serves.
    """
    names = list(dict.fromkeys(settings.channels))
    for name in names:
        publishing.publisher(name)
    return names


def publish_post(draft: Draft, item: str, publishing: Publishing, context: Context) -> Outcome[Published]:
    """Publish the draft on the channel `item`, once, whatever happens."""
    publisher = publishing.publisher(item)
    post = Post(
        text=fit_text(draft.text, publisher.text_rules.limit, publisher.length),
        media=tuple(PostMedia(**media.model_dump()) for media in draft.media),
        link=draft.link,
        title=draft.title,
        about=dict(draft.about),
    )
    publication = publishing.publish(context, item, post)
    assert publication.receipt is not None
    receipt = publication.receipt
    return Outcome(
        output=Published(channel=item, url=receipt.url, remote_id=receipt.remote_id),
        phase="posted",
        result={"url": receipt.url},
    )


def publish_everywhere() -> ForEach:
    """Publish the draft on every channel of the pipeline's settings, each on its own queue."""
    patient = Policy(attempts=12, lost_workers=50)
    return ForEach(channels, Step(publish_post, retry=patient, queue=QUEUE_PREFIX + "{item}"))
