"""Steps that several pipelines share."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel

from pressroom.arguments import Context
from pressroom.assets import Assets
from pressroom.channel_desk import QUEUE_PREFIX
from pressroom.drafts import Draft, DraftMedia, Variants, post_for
from pressroom.errors import BadInput
from pressroom.filters import Filters, make_filters
from pressroom.fitting import fit_text
from pressroom.jobs import Job
from pressroom.media import EXTENSIONS, Asset
from pressroom.pipeline import PICTURES_QUEUE, ForEach, Outcome, PipelineSettings, Step
from pressroom.publications import Post
from pressroom.publishing import Publishing
from pressroom.retry import Policy
from pressroom.transforms.base import Surroundings

if TYPE_CHECKING:
    from pressroom.variants import Variant, Wanted


_AT_ONCE = 8
"""Variants of one picture that are stored at the same time."""


class PublishingSettings(PipelineSettings):
    """For pipelines that publish."""

    channels: tuple[str, ...] = ("preview",)
    """Names of `[channels.NAME]` sections; `preview` is always there."""
    filters: Filters = ()
    """Transforms of every picture, before it is fitted to the channels: { use = "tone", contrast = 0.1 }."""
    moderation: str = ""
    """The generator that judges a post before it goes out, such as "offline_moderation"; empty for none."""
    moderation_action: Literal["hold", "refuse"] = "hold"
    """What becomes of a post in which it finds something: hold it for a person, or refuse it by itself."""


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


def fit_pictures(
    draft: Draft, job: Job, settings: PublishingSettings, publishing: Publishing, assets: Assets
) -> Outcome[Variants]:
    """Fit the draft's pictures to every channel: one decode a picture, and what several want is made once."""
    names = channels(settings, publishing)
    variants = Variants(by_channel={name: [] for name in names})
    stored: dict[str, Asset] = {}
    for place, media in enumerate(draft.media):
        takers = [name for name in names if place < publishing.publisher(name).image_rules.most]
        made_for, refused = _made(draft, media, takers, settings, publishing, assets)
        variants.problems |= {name: error.problem(media.key) for name, error in refused.items()}
        assets_of = _stored(made_for, media, job, assets, stored)
        for name in made_for:
            asset = assets_of.get(name)
            variants.by_channel[name].append(DraftMedia.of(asset, media.alt_text) if asset else media)
    return Outcome(output=variants, assets=tuple(stored.values()))


def _made(
    draft: Draft,
    media: DraftMedia,
    names: list[str],
    settings: PublishingSettings,
    publishing: Publishing,
    assets: Assets,
) -> tuple[dict[str, Variant], dict[str, BadInput]]:
    """Return the variants by channel, and why others can have none."""
    from pressroom.variants import Wanted, make_variants, refusals

    publishers = {name: publishing.publisher(name) for name in names}
    pictures = {name: publisher.channel.settings.picture for name, publisher in publishers.items()}
    data = assets.read(media.key, media.revision)
    wanted = [Wanted(name=name, rules=publishers[name].image_rules, picture=pictures[name]) for name in names]
    refused = refusals(data, wanted)
    make = partial(
        make_variants,
        data,
        filters=make_filters(settings.filters, "filters"),
        filters_of={
            name: make_filters(picture.filters, f"[channels.{name}.picture] filters")
            for name, picture in pictures.items()
        },
        around=Surroundings(info=draft.info, read=assets.read),
    )
    possible = [one for one in wanted if one.name not in refused]
    try:
        return make(possible), refused
    except BadInput as error:
        return _one_by_one(make, possible, refused, error)


def _one_by_one(
    make: Callable[[Sequence[Wanted]], dict[str, Variant]],
    wanted: Sequence[Wanted],
    refused: dict[str, BadInput],
    error: BadInput,
) -> tuple[dict[str, Variant], dict[str, BadInput]]:
    """Find out which channels are in trouble, so that the others have their pictures; raises if all of them are."""
    made: dict[str, Variant] = {}
    for one in wanted:
        try:
            made |= make([one])
        except BadInput as its_own:
            refused[one.name] = its_own
    if not made:
        raise error
    return made, refused


def _stored(
    made_for: Mapping[str, Variant], media: DraftMedia, job: Job, assets: Assets, stored: dict[str, Asset]
) -> dict[str, Asset]:
    """Store each variant once, however many channels it is for; return the assets by channel, but for originals."""
    takers: dict[int, list[str]] = {}
    for name, made in made_for.items():
        if not made.is_original:
            takers.setdefault(id(made), []).append(name)
    keys: dict[str, str] = {}
    new: dict[str, Callable[[], Asset]] = {}
    for names in takers.values():
        made = made_for[names[0]]
        digest = hashlib.sha256(made.data).hexdigest()
        key = f"variants/{media.key.rpartition('.')[0] or media.key}-{digest[:12]}{EXTENSIONS[made.media_type]}"
        keys |= dict.fromkeys(names, key)
        if key not in stored:
            new.setdefault(key, partial(_store, made, key, digest, names, media, job, assets))
    if new:
        # At the same time, so that the disk is waited for once and not once for each.
        with ThreadPoolExecutor(min(len(new), _AT_ONCE)) as threads:
            stored |= zip(new, threads.map(lambda store: store(), new.values()), strict=True)
    return {name: stored[key] for name, key in keys.items()}


def _store(
    variant: Variant, key: str, digest: str, takers: list[str], media: DraftMedia, job: Job, assets: Assets
) -> Asset:
    return assets.store(
        key,
        variant.data,
        job=job,
        media_type=variant.media_type,
        width=variant.width,
        height=variant.height,
        sha256=digest,
        about={
            "original": media.key,
            "original_revision": media.revision,
            "channels": takers,
            "alt_text": media.alt_text,
        },
    )


def fitting_step() -> Step:
    """Fit pictures on the queue for steps that decode photos."""
    return Step(fit_pictures, queue=PICTURES_QUEUE)


def publish_post(
    draft: Draft, variants: Variants | None, item: str, publishing: Publishing, context: Context
) -> Outcome[Published]:
    """Publish the draft on the channel `item`, once, whatever happens."""
    publisher = publishing.publisher(item)
    post = post_for(draft, item, variants)
    if variants is not None and (problem := variants.problems.get(item)) is not None:
        raise publishing.refuse(context, item, post, problem)
    publication = publishing.publish(context, item, _fitted(post, publisher.text_rules.limit, publisher.length))
    assert publication.receipt is not None
    receipt = publication.receipt
    return Outcome(
        output=Published(channel=item, url=receipt.url, remote_id=receipt.remote_id),
        phase="posted",
        result={"url": receipt.url},
    )


def _fitted(post: Post, limit: int, length: Callable[[str], int]) -> Post:
    return replace(post, text=fit_text(post.text, limit, length))


def publish_everywhere() -> ForEach:
    """Publish the draft on every channel of the pipeline's settings, each on its own queue."""
    patient = Policy(attempts=12, lost_workers=50)
    return ForEach(channels, Step(publish_post, retry=patient, queue=QUEUE_PREFIX + "{item}"))
