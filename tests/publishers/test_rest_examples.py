"""The ready-made examples of the how-to, each against a server that behaves as the product's documentation says."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from pressroom.errors import AccountDisconnected, OutcomeUnknown
from pressroom.publications import Attempt, Post, PostMedia
from pressroom.publishers.base import Absent, CannotTell, Found
from pressroom.publishers.rest import Rest
from tests.fakes.cms_ghost import FakeGhost
from tests.fakes.cms_products import FakeProduct
from tests.fakes.cms_strapi import FakeStrapi
from tests.fakes.cms_webhook import FakeWebhook
from tests.fakes.cms_wordpress import FakeWordPress
from tests.fakes.faults import Fault
from tests.publishers.fake_bench import PICTURE, jpeg
from tests.publishers.rest_bench import rest_on

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples" / "rest"
PRODUCTS: dict[str, type[FakeProduct]] = {
    "wordpress": FakeWordPress,
    "ghost": FakeGhost,
    "strapi": FakeStrapi,
    "webhook": FakeWebhook,
}
POST = Post(
    text='Happy Halloween from "Größe & Co" <here>! #pumpkins #ghosts',
    title="Halloween: Größe & Co",
    link="https://example.com/a?b=1&c=2",
    media=(PICTURE,),
    about={"day": "Halloween"},
)


@contextmanager
def on(name: str) -> Iterator[tuple[Rest, FakeProduct]]:
    """The example's channel, led to the fake of its product and given its secrets."""
    (values,) = tomllib.loads((EXAMPLES / f"{name}.toml").read_text(encoding="utf-8"))["channels"].values()
    with PRODUCTS[name]() as product:
        values["base_url"] = product.base_url + urlsplit(values["base_url"]).path
        secrets = {f"channels.blog.{key}": value for key, value in product.secrets.items()}
        yield rest_on(values["base_url"], values, secrets), product


def prepare(publisher: Rest, post: Post) -> dict[str, object]:
    return publisher.prepare(post, read, {}, lambda prepared: None)


def read(media: PostMedia) -> bytes:
    return jpeg()


def attempt(publisher: Rest) -> Attempt:
    return Attempt(number=1, started_at=publisher.channel.clock.now() - timedelta(minutes=5))


def test_every_example_is_tried() -> None:
    assert {file.stem for file in EXAMPLES.glob("*.toml")} == set(PRODUCTS)


@pytest.mark.parametrize("name", PRODUCTS)
def test_a_check_finds_the_credentials_good_and_posts_nothing(name: str) -> None:
    with on(name) as (publisher, product):
        findings = publisher.check()
        assert [finding.what for finding in findings if not finding.ok] == []
        assert not [finding.what for finding in findings if "without pictures" in finding.what]
        assert product.posts == product.pictures == []


@pytest.mark.parametrize("name", PRODUCTS)
def test_a_dry_run_shows_the_requests_without_the_secrets(name: str) -> None:
    with on(name) as (publisher, product):
        shown = "\n".join(publisher.dry_run())
        assert product.requests == []
        assert "•••" in shown
        assert " bytes of image/jpeg>" in shown
        assert not [value for value in product.secrets.values() if value in shown]


@pytest.mark.parametrize("name", PRODUCTS)
def test_a_post_goes_out_with_its_picture_and_alt_text(name: str) -> None:
    with on(name) as (publisher, product):
        receipt = publisher.publish(POST, prepare(publisher, POST))
        (post,) = product.posts
        assert receipt.remote_id
        assert receipt.url.startswith("https://") or name == "webhook"
        told = f"{post} {product.pictures}"
        assert PICTURE.alt_text in told
        assert "Größe" in told


@pytest.mark.parametrize("name", PRODUCTS)
@pytest.mark.parametrize("count", [0, 3])
def test_posts_without_and_with_several_pictures_go_out(name: str, count: int) -> None:
    post = Post(text="Boo! #a", media=(PICTURE,) * count)
    with on(name) as (publisher, product):
        assert publisher.publish(post, prepare(publisher, post)).remote_id
        assert len(product.posts) == 1


@pytest.mark.parametrize("name", PRODUCTS)
def test_two_posts_with_the_same_words_are_two(name: str) -> None:
    with on(name) as (publisher, product):
        ids = {publisher.publish(POST, prepare(publisher, POST)).remote_id for _ in range(2)}
        assert len(ids) == len(product.posts) == 2


@pytest.mark.parametrize("name", [name for name in PRODUCTS if name != "webhook"])
def test_a_post_without_a_clear_answer_is_found_again(name: str) -> None:
    with on(name) as (publisher, product):
        prepared = prepare(publisher, POST)
        assert isinstance(publisher.reconcile(POST, prepared, attempt(publisher)), Absent)
        product.script(Fault.CUT_AFTER_PROCESSING, method="POST", path="*/posts*" if name != "strapi" else "*/articles")
        with pytest.raises(OutcomeUnknown):
            publisher.publish(POST, prepared)
        reading = publisher.reconcile(POST, prepared, attempt(publisher))
        assert isinstance(reading, Found)
        assert reading.receipt.remote_id == str(product.posts[0].get("documentId") or product.posts[0]["id"])
        assert reading.receipt.url.startswith("https://")


def test_a_webhook_that_gave_no_clear_answer_is_for_a_person() -> None:
    with on("webhook") as (publisher, _):
        prepared = prepare(publisher, POST)
        assert isinstance(publisher.reconcile(POST, prepared, attempt(publisher)), CannotTell)


def test_markup_in_the_words_of_a_post_is_escaped() -> None:
    with on("wordpress") as (publisher, product):
        publisher.publish(POST, prepare(publisher, POST))
        content = product.posts[0]["content"]["rendered"]
        assert "&lt;here&gt;" in content
        assert "#pumpkins" not in content
        assert 'href="https://example.com/a?b=1&amp;c=2"' in content


def test_a_token_without_the_right_to_upload_pauses_the_channel() -> None:
    with on("strapi") as (publisher, product):
        assert isinstance(product, FakeStrapi)
        product.may_upload = False
        with pytest.raises(AccountDisconnected, match="Forbidden"):
            prepare(publisher, POST)
