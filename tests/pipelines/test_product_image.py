"""From a product's page to its picture, over a real local server; and everything that a page can get wrong."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pyvips

from pressroom.backends.memory import build_memory_ports
from pressroom.composition import compose
from pressroom.config import Config
from pressroom.errors import BadInput, ConfigurationError
from pressroom.jobs import Job, JobStatus
from pressroom.media import Asset
from pressroom.pipelines.product_image import PHOTO_ATTEMPTS, demo_input, pipeline
from pressroom.retention import remove_expired
from pressroom.testing import ManualClock, ScriptedImage, work_off
from pressroom.testing.generators import plain_png
from pressroom.waiting import next_due
from tests.pipelines.newsroom import Scripted
from tests.product_pictures.shop import busy_photo, jpeg, photo
from tests.raw_server import RawServer, answer

PRODUCT: dict[str, Any] = {
    "@context": "https://schema.org",
    "@type": "Product",
    "name": "Terra Mug",
    "brand": {"name": "Studio Nord"},
    "image": ["/mug.jpg"],
    "offers": {"@type": "Offer", "price": "24.00", "priceCurrency": "EUR"},
}
MUG = answer(jpeg(photo("mug", "clay")), "Content-Type: image/jpeg")
HTML = "Content-Type: text/html; charset=utf-8"


def page(language: str = "en", **facts: Any) -> bytes:
    said = json.dumps(PRODUCT | facts)
    html = f'<html lang="{language}"><script type="application/ld+json">{said}</script><h1>A page</h1></html>'
    return answer(html.encode(), HTML)


class Shop:
    """A runtime in memory and a shop on this machine, whose answers may change."""

    def __init__(self, *, image: ScriptedImage | None = None, **settings: Any) -> None:
        self.clock = ManualClock()
        self.ports = build_memory_ports(self.clock)
        self.answers: dict[str, bytes] = {"/mug": page(), "/mug.jpg": MUG}
        self.server = RawServer(self._answer)
        self._image = image
        self._settings = {"width": 400, "height": 400} | settings

    def __enter__(self) -> Shop:
        self.server.__enter__()
        self.runtime = self.runtime_with([self.server.entry])
        return self

    def __exit__(self, *_: Any) -> None:
        self.server.__exit__(None, None, None)

    def runtime_with(self, allowed: list[str]) -> Any:
        sections = {
            "workspace": "/nowhere",
            "fetch": {"allow_hosts": allowed},
            "pipelines": {"product_image": self._settings | ({"image": "artist"} if self._image else {})},
        }
        generators = Scripted(self._image) if self._image else None
        return compose(Config.model_validate(sections), self.ports, {"product_image": pipeline}, generators)

    def _answer(self, path: str) -> Iterable[bytes]:
        return [self.answers.get(path, answer(b"gone", HTML, status="404 Not Found"))]

    def made(self, path: str = "/mug", **wish: Any) -> Job:
        """Run a job for a page of the shop to its end, with all its retries."""
        return self.run({"url": f"{self.server.url}{path}"} | wish)

    def run(self, wish: dict[str, Any]) -> Job:
        (job,) = self.runtime.runner.request("product_image", wish)
        work_off(self.runtime)
        while (found := self.job(job.id)) and not found.status.has_ended:
            due = next_due(self.runtime)
            assert due is not None
            self.clock.advance(max(due - self.clock.now(), timedelta(0)))
            work_off(self.runtime)
        return found

    def job(self, job_id: str) -> Job:
        found = self.ports.jobs.get(job_id)
        assert found is not None
        return found

    def picture(self, job: Job) -> tuple[Asset, pyvips.Image]:
        asset = self.ports.assets.get(job.result["image_key"])
        assert asset is not None
        return asset, pyvips.Image.new_from_buffer(self.ports.blobs.get(asset.key, asset.revision), "")

    def paths(self) -> list[str]:
        return [request.split(b" ")[1].decode() for request in self.server.requests]


def test_a_page_becomes_a_picture_with_its_words() -> None:
    with Shop() as shop:
        job = shop.made()
        assert job.status is JobStatus.COMPLETED, job.error
        assert shop.paths() == ["/mug", "/mug.jpg"]
        asset, image = shop.picture(job)
    assert (image.width, image.height, asset.media_type) == (400, 400, "image/jpeg")
    assert job.result["overlay_text"] == "Studio Nord · Terra Mug · €24.00"
    assert job.result["file_name"] == f"terra-mug-{job.id[-10:]}.jpg"
    assert job.result["product"]["price"] == "24.00"
    assert job.result["contrast"] >= 7
    assert asset.about["alt_text"].startswith("Terra Mug on a plain surface")
    red, _, blue = image.getpoint(190, 140)
    assert red > blue + 40, "the mug of the photo is seen"


def test_the_same_page_gives_the_same_bytes() -> None:
    with Shop() as shop:
        one, other = shop.picture(shop.made())[0], shop.picture(shop.made())[0]
    assert one.key != other.key
    assert one.sha256 == other.sha256


def test_the_first_photo_that_is_a_picture_large_enough_is_taken() -> None:
    with Shop() as shop:
        shop.answers["/mug"] = page(image=["/gone.jpg", "/words.jpg", "/icon.jpg", "/mug.jpg"])
        shop.answers["/words.jpg"] = answer(b"<html>login</html>", "Content-Type: image/jpeg")
        shop.answers["/icon.jpg"] = answer(jpeg(photo().thumbnail_image(64)), "Content-Type: image/jpeg")
        job = shop.made()
    assert job.result["photo"].endswith("/mug.jpg")
    assert "photo_problem" not in job.result


def test_without_any_photo_the_scene_is_made_of_words_alone() -> None:
    with Shop() as shop:
        shop.answers["/mug"] = page(image=[], name="Chocolate Cake")
        job = shop.made()
    assert job.status is JobStatus.COMPLETED
    assert job.result["photo_problem"] == "The page shows no photo of it."
    assert job.result["alt_text"].startswith("A drawing of a layer cake")


def test_a_photo_that_cannot_be_had_for_a_while_is_waited_for_and_then_done_without() -> None:
    with Shop() as shop:
        shop.answers["/mug.jpg"] = answer(b"", HTML, status="503 Service Unavailable")
        job = shop.made()
        assert shop.paths().count("/mug.jpg") == PHOTO_ATTEMPTS
    assert job.status is JobStatus.COMPLETED
    assert "503" in job.result["photo_problem"]


def test_a_page_that_cannot_be_had_for_a_while_is_asked_for_again() -> None:
    with Shop() as shop:
        shop.answers["/mug"] = answer(b"", HTML, status="503 Service Unavailable")
        (job,) = shop.runtime.runner.request("product_image", {"url": f"{shop.server.url}/mug"})
        work_off(shop.runtime)
        assert shop.job(job.id).status is JobStatus.PROCESSING
        shop.answers["/mug"] = page()
        shop.clock.advance(timedelta(minutes=1))
        work_off(shop.runtime)
        assert shop.job(job.id).status is JobStatus.COMPLETED


@pytest.mark.parametrize(
    ("served", "said"),
    [
        (answer(b"<html><h1>About us</h1></html>", HTML), "No product was found"),
        (answer(b"", HTML), "is no web page"),
        (answer(b"", HTML, status="404 Not Found"), "404"),
        (answer(b"", HTML, status="403 Forbidden"), "403"),
        (answer(b"{}", "Content-Type: application/json"), "application/json"),
        (answer(b"", HTML, length=30_000_000), "larger|more than|bytes"),
        (answer(b"", "Location: http://127.0.0.1:9/", status="302 Found"), "not fetched"),
        (answer(b"", "Location: http://169.254.169.254/latest", status="302 Found"), "not public"),
    ],
)
def test_a_page_of_no_use_fails_the_job_and_says_why_where_and_what_to_do(served: bytes, said: str) -> None:
    with Shop() as shop:
        shop.answers["/mug"] = served
        job = shop.made()
    assert job.status is JobStatus.FAILED
    assert job.error is not None
    assert any(part in job.error.what for part in said.split("|")), job.error
    assert job.error.where
    assert job.error.todo


def test_an_address_that_is_not_public_starts_nothing_and_is_never_asked() -> None:
    with Shop() as shop:
        shop.runtime = shop.runtime_with([])
        with pytest.raises(BadInput, match="is not fetched") as refused:
            shop.made()
        assert shop.server.requests == []
        assert shop.ports.jobs.find() == []
    assert "allow_hosts" in refused.value.todo


def test_a_photo_elsewhere_is_guarded_as_the_page_is() -> None:
    with Shop() as shop:
        shop.answers["/mug"] = page(image=["http://127.0.0.1:9/inside.jpg", "http://[::1]/inside.jpg"])
        job = shop.made()
    assert job.status is JobStatus.COMPLETED
    assert "is not fetched" in job.result["photo_problem"]


def test_what_the_wish_says_goes_before_the_page() -> None:
    with Shop() as shop:
        shop.answers["/mug"] = page(offers={"price": "24", "priceCurrency": "EUR", "highPrice": "30"})
        job = shop.made(name="Cup", brand="Nord", price="9.5", original_price="12", currency="USD", offer="Final sale")
    assert job.result["overlay_text"] == "Nord · Cup · $9.50 · $12.00 · Final sale"


def test_a_price_of_the_wish_leaves_none_of_the_page() -> None:
    offer = {
        "price": "24.00",
        "priceCurrency": "EUR",
        "priceSpecification": {
            "priceType": "https://schema.org/StrikethroughPrice",
            "price": "32.00",
            "priceCurrency": "EUR",
        },
    }
    with Shop() as shop:
        shop.answers["/mug"] = page(offers=offer)
        assert shop.made().result["overlay_text"] == "Studio Nord · Terra Mug · €24.00 · €32.00 · −25%"
        assert shop.made(price="20").result["overlay_text"] == "Studio Nord · Terra Mug · €20.00"


def test_a_name_needs_neither_page_nor_product() -> None:
    with Shop() as shop:
        shop.answers["/about"] = answer(b"<html><h1>About us</h1></html>", HTML)
        assert shop.made("/about", name="Mug").result["overlay_text"] == "Mug"
        assert (
            shop.run({"name": "Guitar", "price": "80", "currency": "GBP"}).result["overlay_text"] == "Guitar · £80.00"
        )


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({}, "give the address"),
        ({"name": "  "}, "give the address"),
        ({"url": "ftp://shop.example/mug"}, "does not begin with https:// or http://"),
        ({"url": "https://user:secret@shop.example/"}, "a user name stands before its host"),
        ({"url": "mug"}, "does not begin with"),
        ({"url": "https://shop.example/", "price": -1}, "price"),
        ({"url": "https://shop.example/", "currency": "Euro"}, "currency"),
    ],
)
def test_a_wish_that_cannot_be_met_is_refused_before_a_job_exists(wish: dict[str, Any], said: str) -> None:
    with Shop() as shop:
        with pytest.raises(BadInput, match=said):
            shop.runtime.runner.request("product_image", wish)
        assert shop.ports.jobs.find() == []


def test_a_saved_page_brings_its_photo_and_nothing_from_elsewhere(tmp_path: Path) -> None:
    shop_page = tmp_path / "saved" / "mug.html"
    (shop_page.parent / "mug_files").mkdir(parents=True)
    (shop_page.parent / "mug_files" / "the mug.jpg").write_bytes(jpeg(photo("mug", "blue")))
    (tmp_path / "secret.jpg").write_bytes(jpeg(busy_photo()))
    said = PRODUCT | {"image": ["../secret.jpg", "mug_files/the%20mug.jpg"]}
    shop_page.write_text(f'<script type="application/ld+json">{json.dumps(said)}</script>')
    with Shop() as shop:
        job = shop.run({"file": str(shop_page)})
        assert shop.server.requests == []
    assert job.status is JobStatus.COMPLETED, job.error
    assert job.result["photo"] == "the mug.jpg"


def test_a_saved_page_that_is_not_there_is_told() -> None:
    with Shop() as shop:
        job = shop.run({"file": "/nowhere/mug.html"})
    assert job.error is not None
    assert job.error.what.startswith("The saved page /nowhere/mug.html cannot be read")


def test_the_sample_of_the_demo_shows_everything_within_two_seconds() -> None:
    with Shop(width=1080, height=1080) as shop:
        begun = time.process_time()
        job = shop.run(dict(demo_input()))
        spent = time.process_time() - begun
    assert job.result["overlay_text"] == "Studio Nord · Terra Stoneware Mug, 350 ml · €24.00 · €32.00 · −25%"
    assert job.result["photo"] == "terra-mug.jpg"
    assert spent < 4, "twice the target, in time of the processor: other tests run beside this one"


def test_a_model_gets_the_photo_only_if_it_can_use_it() -> None:
    drawn = plain_png(320, 320)
    with Shop(image=(artist := ScriptedImage(name="artist"))) as shop:
        artist.script.enqueue_raw(drawn)
        job = shop.made()
        _, image = shop.picture(job)
    (request,) = artist.script.history
    assert request.references == ()
    assert (request.style, request.calm_side, request.theme) == ("studio", "bottom", "Terra Mug")
    assert "Terra Mug by Studio Nord" in request.prompt
    assert "lower third" in request.prompt
    assert "as in the photo" not in request.prompt
    red, _, blue = image.getpoint(190, 140)
    assert red > blue + 40, "the product stands before what the model drew"


def test_a_prompt_of_the_settings_is_filled_in() -> None:
    with Shop(image=(artist := ScriptedImage(name="artist")), prompt="{name} on the moon, {calm} dark") as shop:
        artist.script.enqueue_raw(plain_png(320, 320))
        shop.made()
    assert artist.script.history[0].prompt == "Terra Mug on the moon, lower third dark"
    with pytest.raises(ConfigurationError, match="placeholders"):
        Shop(prompt="{price}").runtime_with([])


def test_words_in_a_script_without_a_font_fail_the_job_by_name() -> None:
    with Shop() as shop:
        shop.answers["/mug"] = page(name="Ꮳ Mug")
        job = shop.made()
        assert shop.made(name="Mug").status is JobStatus.COMPLETED
    assert job.error is not None
    assert "'Ꮳ' (U+13E3)" in job.error.what


def test_the_language_of_the_page_writes_the_price() -> None:
    with Shop() as shop:
        shop.answers["/mug"] = page("de-DE")
        assert shop.made().result["overlay_text"].endswith("24,00\u00a0€")


def test_the_job_goes_after_a_day_and_its_picture_after_a_week() -> None:
    with Shop() as shop:
        job = shop.made()
        kept = {asset.key for asset in shop.ports.assets.of_job(job.id)}
        assert any(key.startswith("product-photos/") for key in kept)
        remove_expired(shop.runtime, shop.clock.advance(timedelta(hours=24)))
        assert shop.job(job.id).status is JobStatus.EXPIRED
        assert {asset.key for asset in shop.ports.assets.of_job(job.id)} == {job.result["image_key"]}
        shop.picture(job)
        remove_expired(shop.runtime, shop.clock.advance(timedelta(days=6)))
        assert shop.ports.assets.of_job(job.id) == []


def test_it_is_posted_only_if_channels_are_set() -> None:
    with Shop() as shop:
        assert shop.ports.publications.of_job(shop.made().id) == []
    with Shop(channels=["preview"]) as shop:
        job = shop.made()
        (publication,) = shop.ports.publications.of_job(job.id)
    assert publication.state == "published"
    assert publication.post.text.startswith("Terra Mug – €24.00")
    assert publication.post.media[0].alt_text
