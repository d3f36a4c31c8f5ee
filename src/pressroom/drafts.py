"""The draft: what is to be posted, before and after it is fitted to each channel."""

from __future__ import annotations

from pydantic import AwareDatetime, BaseModel

from pressroom.errors import Problem
from pressroom.media import Asset
from pressroom.photos import PhotoInfo
from pressroom.publications import Post, PostMedia


class DraftMedia(BaseModel):
    key: str
    revision: int
    media_type: str
    width: int
    height: int
    alt_text: str

    @classmethod
    def of(cls, asset: Asset, alt_text: str) -> DraftMedia:
        assert asset.width is not None
        assert asset.height is not None
        return cls(
            key=asset.key,
            revision=asset.revision,
            media_type=asset.media_type,
            width=asset.width,
            height=asset.height,
            alt_text=alt_text,
        )


class Draft(BaseModel):
    """What is to be posted, the same for every channel but for its `texts`."""

    text: str
    texts: dict[str, str] = {}
    """By channel, where the words are others than `text`."""
    media: list[DraftMedia] = []
    link: str = ""
    title: str = ""
    about: dict[str, str] = {}
    """What the gallery and reports show beside it: the day, the theme."""
    info: PhotoInfo = PhotoInfo()
    """What is known of the photo, for filters that write it into the picture."""
    publish_at: AwareDatetime | None = None
    """Not before; None for as soon as the channel lets it."""


class Variants(BaseModel):
    """The pictures of a draft in the form that each channel wants them."""

    by_channel: dict[str, list[DraftMedia]]
    problems: dict[str, Problem] = {}
    """Why a picture cannot be had in the form that a channel wants; the others are not held up by that."""


def post_for(draft: Draft, channel: str, variants: Variants | None) -> Post:
    """Return what is to be posted on one channel, its text not yet fitted."""
    media = draft.media if variants is None else variants.by_channel.get(channel, draft.media)
    return Post(
        text=draft.texts.get(channel, draft.text),
        media=tuple(PostMedia(**item.model_dump()) for item in media),
        link=draft.link,
        title=draft.title,
        about=dict(draft.about),
        publish_at=draft.publish_at,
    )
