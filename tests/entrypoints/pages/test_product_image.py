"""The result of a product image on its job's page."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from pressroom.changes import Change, change_job
from pressroom.events import Event
from pressroom.media import Asset
from pressroom.retention import remove_expired
from pressroom.testing import plain_png
from tests.entrypoints.site import Site, a_site

PRODUCT = {"name": "Mug <b>", "brand": "Nord", "price": "24.00", "currency": "EUR", "url": "https://shop.example/mug"}


def shown(site: Site, *, is_done: bool = True, **result: Any) -> str:
    """Store a job of a product image as it is when it is done; return the page's HTML."""
    job_id, now, ports = "job_1", site.clock.now(), site.runtime.ports
    requested = {"pipeline": "product_image", "input": {"url": "https://shop.example/mug"}}
    event = Event(type="JobRequested", subject=job_id, job_id=job_id, time=now, data=requested)
    change = change_job(None, [event])
    job = change.jobs[0].after
    known: dict[str, Any] = {"name": "Mug <b>", "product": PRODUCT, "photo": "mug.jpg"} | result
    assets: tuple[Asset, ...] = ()
    if is_done:
        about = {"alt_text": "A mug, and words."}
        key = "product-images/mug.png"
        stored = site.runtime.assets.store(
            key, plain_png(8, 6), job=job, width=8, height=6, about=about, expires_at=now + timedelta(days=7)
        )
        assets, known = (stored,), known | {"image_key": key, "overlay_text": "Mug · €24.00"}
    done = Event(type="StepCompleted", subject=job_id, job_id=job_id, time=now, data={"result": known})
    ended = Event(type="JobCompleted", subject=job_id, job_id=job_id, time=now, data={})
    ports.store.commit(change)
    ports.store.commit(change_job(job, [done, ended]) + Change(assets=assets))
    return site.page(f"/jobs/{job_id}")


@pytest.fixture
def site() -> Site:
    return a_site()


def test_the_page_shows_the_picture_and_the_facts_of_the_product(site: Site) -> None:
    html = shown(site)
    (source,) = re.findall(r'<img src="([^"]+product-images/mug\.png[^"]+)"', html)
    assert site.client.get(source.replace("&amp;", "&")).content == plain_png(8, 6)
    assert "<h1>Mug &lt;b&gt;</h1>" in html
    assert 'alt="A mug, and words."' in html
    assert "24.00 EUR" in html
    assert "Mug · €24.00" in html
    assert 'href="https://shop.example/mug" id="product-page" rel="noopener noreferrer"' in html
    assert 'href="/static/product_image.css' in html


def test_while_it_is_made_what_is_known_is_shown(site: Site) -> None:
    html = shown(site, is_done=False)
    assert 'id="product-title"' in html
    assert "product-plate" not in html


def test_a_product_without_a_photo_says_why(site: Site) -> None:
    assert "None could be used. The page shows no photo of it." in shown(
        site, photo="", photo_problem="The page shows no photo of it."
    )


def test_an_address_that_is_none_is_no_link(site: Site) -> None:
    html = shown(site, product=PRODUCT | {"url": "javascript:alert(1)"})
    assert 'href="javascript' not in html


def test_a_picture_whose_time_is_over_is_told(site: Site) -> None:
    shown(site)
    remove_expired(site.runtime, site.clock.advance(timedelta(days=8)))
    assert "is gone" in site.page("/jobs/job_1")
