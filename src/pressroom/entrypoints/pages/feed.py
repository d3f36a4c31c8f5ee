"""A publication as its network would show it."""

from __future__ import annotations

from dataclasses import dataclass

from pressroom.entrypoints.pages import pictures
from pressroom.errors import PressroomError
from pressroom.publications import Publication
from pressroom.publishers.base import Preview
from pressroom.runtime import Runtime


@dataclass(frozen=True, slots=True)
class FeedPost:
    publication: Publication
    preview: Preview
    counted_in: str
    pictures: list[pictures.Shown]

    @property
    def name(self) -> str:
        return self.preview.account.lstrip("@") or self.publication.channel

    @property
    def share(self) -> float:
        """How much of the text's limit is used, in per cent."""
        return min(100.0, 100 * self.preview.length / self.preview.limit) if self.preview.limit else 0.0


def feed_post(runtime: Runtime, publication: Publication) -> FeedPost:
    post = publication.post
    try:
        publisher = runtime.publishing.publisher(publication.channel)
    except PressroomError as error:
        # The channel was taken out of the settings, or they are broken: the post can be shown all the same.
        preview = Preview(
            network=publication.network,
            text=post.text,
            length=len(post.text),
            limit=0,
            media=post.media,
            warnings=(str(error),),
        )
        return FeedPost(publication, preview, "characters", pictures.of_post(runtime, post))
    return FeedPost(
        publication, publisher.preview(post), publisher.text_rules.counted_in, pictures.of_post(runtime, post)
    )
