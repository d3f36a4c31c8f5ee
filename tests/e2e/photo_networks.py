"""Seven strict local networks for the photo feed, and what somebody who looks at them sees there."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.fakes.bluesky import FakeBluesky
from tests.fakes.bluesky_state import cid_of_bytes
from tests.fakes.facebook import FakeFacebook
from tests.fakes.instagram import FakeInstagram
from tests.fakes.linkedin import FakeLinkedIn
from tests.fakes.mastodon import FakeMastodon
from tests.fakes.messages import Request, parse_multipart
from tests.fakes.meta_messages import parameters
from tests.fakes.meta_pictures import fetch
from tests.fakes.meta_publishing import FakePublishing
from tests.fakes.server import FakeServer
from tests.fakes.threads import FakeThreads
from tests.fakes.x import FakeX
from tests.publishers.bluesky_bench import credentials
from tests.publishers.linkedin_bench import secrets_of
from tests.publishers.meta_checks import app_secrets
from tests.publishers.x_bench import oauth2_secrets

_LARGEST = 20_000_000


@dataclass(frozen=True)
class Shown:
    """One public post."""

    text: str
    alt_text: str
    picture: bytes


@dataclass(frozen=True)
class Network:
    fake: FakeServer
    settings: Mapping[str, str]
    """Of its channel, beside the address."""
    secrets: Mapping[str, str]
    public_call: str
    """The path of the one call that makes a post public."""
    shown: Callable[[], list[Shown]]


@contextmanager
def networks() -> Iterator[dict[str, Network]]:
    """Have one of each run; a channel bears its network's name."""
    with ExitStack() as stack:
        # None of them stops a second post by itself: that it is the same is for us to know.
        x, facebook = FakeX(refuse_repeats=False), FakeFacebook(refuse_repeats=False)
        linkedin, bluesky, mastodon = FakeLinkedIn(refuse_repeats=False), FakeBluesky(), FakeMastodon()
        instagram, threads = FakeInstagram(), FakeThreads()
        for fake in (x, bluesky, mastodon, facebook, instagram, threads, linkedin):
            stack.enter_context(fake)
        member = {"oauth_url": f"{linkedin.base_url}/oauth/v2", "author": linkedin.organization}
        yield {
            "x": Network(x, {}, oauth2_secrets(x, "x"), "/2/tweets", lambda: _on_x(x)),
            "facebook": Network(
                facebook, {}, app_secrets(facebook, "facebook"), "/v*/feed", lambda: _on_facebook(facebook)
            ),
            "linkedin": Network(
                linkedin, member, _of_channel("linkedin", secrets_of(linkedin)), "/rest/posts",
                lambda: _on_linkedin(linkedin),
            ),
            "bluesky": Network(
                bluesky, {}, credentials(bluesky, "bluesky"), "/xrpc/com.atproto.repo.putRecord",
                lambda: _on_bluesky(bluesky),
            ),
            "mastodon": Network(
                mastodon, {}, {"channels.mastodon.access_token": mastodon.token.text}, "/api/v1/statuses",
                lambda: _on_mastodon(mastodon),
            ),
            "instagram": Network(
                instagram, {}, _with_end("instagram", instagram), "/v*/media_publish", lambda: _fetched(instagram)
            ),
            "threads": Network(
                threads, {}, _with_end("threads", threads), "/v*/threads_publish", lambda: _fetched(threads)
            ),
        }  # fmt: skip


def _of_channel(name: str, secrets: Mapping[str, str]) -> dict[str, str]:
    return {key.replace("channels.main.", f"channels.{name}."): value for key, value in secrets.items()}


def _with_end(name: str, fake: FakePublishing) -> dict[str, str]:
    """Return what connecting an account stores: a token of which no end is known would be renewed at once."""
    end = datetime.now(UTC) + timedelta(days=60)
    return {**app_secrets(fake, name), f"channels.{name}.access_token_expires_at": end.isoformat()}


def _bodies(fake: FakeServer, wanted: Callable[[Request], Any]) -> dict[Any, bytes]:
    """Return the pictures among what was sent, by what `wanted` says names them; it says None of anything else."""
    found: dict[Any, bytes] = {}
    for request in fake.requests:
        named = wanted(request) if request.method in ("POST", "PUT") else None
        if named is not None:
            found[named[0]] = named[1]
    return found


def _part(request: Request, name: str) -> bytes:
    return next((part.data for part in parse_multipart(request) if part.name == name), b"")


def _on_x(x: FakeX) -> list[Shown]:
    def upload(request: Request) -> tuple[str, bytes] | None:
        if request.path != "/2/media/upload":
            return None
        data = _part(request, "media")
        return hashlib.sha256(data).hexdigest(), data

    sent, media = _bodies(x, upload), {one.id: one for one in x.media}
    uploads = [(post, media[key]) for post in x.posts for key in post.media_ids]
    return [Shown(post.text, one.alt_text or "", sent[one.sha256]) for post, one in uploads]


def _on_facebook(facebook: FakeFacebook) -> list[Shown]:
    def upload(request: Request) -> tuple[str, bytes] | None:
        if not request.path.endswith("/photos"):
            return None
        values = parameters(request, {"source", "published", "alt_text_custom", "caption", "message"})
        return values.get("alt_text_custom", ""), values["source"]

    sent, photos = _bodies(facebook, upload), {photo.id: photo for photo in facebook.photos}
    uploads = [(post, photos[key]) for post in facebook.posts for key in post.photo_ids]
    return [Shown(post.message, photo.alt_text, sent[photo.alt_text]) for post, photo in uploads]


def _on_linkedin(linkedin: FakeLinkedIn) -> list[Shown]:
    sent = _bodies(linkedin, lambda request: (request.path, request.body) if request.method == "PUT" else None)
    images = {image.urn: image for image in linkedin.images}
    uploads = [(post, post.content["media"]) for post in linkedin.posts]
    return [
        Shown(post.text, media.get("altText", ""), sent[images[media["id"]].upload_path]) for post, media in uploads
    ]


def _on_bluesky(bluesky: FakeBluesky) -> list[Shown]:
    def upload(request: Request) -> tuple[str, bytes] | None:
        return (cid_of_bytes(request.body), request.body) if request.path.endswith("uploadBlob") else None

    sent = _bodies(bluesky, upload)
    images = [(record.value, image) for record in bluesky.posts for image in record.value["embed"]["images"]]
    return [Shown(value["text"], image["alt"], sent[image["image"]["ref"]["$link"]]) for value, image in images]


def _on_mastodon(mastodon: FakeMastodon) -> list[Shown]:
    def upload(request: Request) -> tuple[str, bytes] | None:
        if request.path != "/api/v2/media":
            return None
        return _part(request, "description").decode(), _part(request, "file")

    sent, media = _bodies(mastodon, upload), {one.id: one for one in mastodon.media}
    uploads = [(status, media[key]) for status in mastodon.posts for key in status.media_ids]
    return [Shown(status.text, one.description or "", sent[one.description]) for status, one in uploads]


def _fetched(fake: FakePublishing) -> list[Shown]:
    """Fetch the pictures anew, from where the network found them."""
    containers = {container.id: container for container in fake.containers}
    made = [(post, containers[post.container_id]) for post in fake.posts]
    return [Shown(post.text, container.alt_text, fetch(container.url, _LARGEST)) for post, container in made]
