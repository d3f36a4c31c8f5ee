"""Signed asset URLs."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
import pyvips

from pressroom.changes import Change
from pressroom.testing import plain_png
from tests.entrypoints.edition import Edition
from tests.entrypoints.site import KEY, Site, a_site
from tests.photos import photo


@pytest.fixture
def site() -> Site:
    return a_site(host="0.0.0.0", key=KEY)


@pytest.fixture
def url(site: Site) -> str:
    """A signed URL of a stored picture that lives for an hour."""
    asset = site.runtime.ports.assets.of_job(site.edition.job("Cake"))[0]
    return site.runtime.ports.blobs.sign(asset.key, asset.revision, site.clock.now() + timedelta(hours=1))


def large(site: Site) -> str:
    """A signed URL of a picture of 1600 by 900 pixels."""
    edition = Edition(site.runtime.ports, lambda theme: (plain_png(1600, 900), "image/png", 1600, 900, theme))
    asset = site.runtime.ports.assets.of_job(edition.job("Mousse"))[0]
    return site.runtime.ports.blobs.sign(asset.key, asset.revision, site.clock.now() + timedelta(hours=1))


def test_a_signed_url_opens_its_asset_to_everybody(site: Site, url: str) -> None:
    response = site.client.get(url)
    assert response.status_code == 200
    assert response.content.startswith(b"\x89PNG")
    assert response.headers["content-type"] == "image/png"
    assert response.headers["x-content-type-options"] == "nosniff"


def test_an_asset_may_be_kept_as_long_as_its_url_lives(site: Site, url: str) -> None:
    assert site.client.get(url).headers["cache-control"] == "private, max-age=3600, immutable"


def test_an_asset_that_the_browser_has_is_not_sent_again(site: Site, url: str) -> None:
    etag = site.client.get(url).headers["etag"]
    assert site.client.get(url, headers={"if-none-match": etag}).status_code == 304


@pytest.mark.parametrize(("width", "made"), [(320, 320), (800, 800)])
def test_a_large_picture_can_be_asked_for_smaller(site: Site, width: int, made: int) -> None:
    response = site.client.get(f"{large(site)}&width={width}")
    assert response.headers["content-type"] == "image/jpeg"
    assert pyvips.Image.new_from_buffer(response.content, "").width == made


def test_a_small_picture_stays_as_it_is(site: Site, url: str) -> None:
    assert site.client.get(f"{url}&width=320").content == site.client.get(url).content


def test_no_other_width_is_made(site: Site, url: str) -> None:
    assert site.client.get(f"{url}&width=321").status_code == 400


def test_what_cannot_be_read_as_a_picture_is_served_as_it_is(site: Site) -> None:
    edition = Edition(site.runtime.ports, lambda theme: (b"\x89PNG no more", "image/png", 1600, 900, theme))
    asset = site.runtime.ports.assets.of_job(edition.job("Bread"))[0]
    url = site.runtime.ports.blobs.sign(asset.key, asset.revision, site.clock.now() + timedelta(hours=1))
    assert site.client.get(f"{url}&width=320").content == b"\x89PNG no more"


def test_an_asset_cannot_run_as_a_page_of_ours(site: Site, url: str) -> None:
    assert "sandbox" in site.client.get(url).headers["content-security-policy"]


@pytest.mark.parametrize(
    ("part", "other"), [("revision=1", "revision=2"), ("signature=", "signature=0"), ("Cake", "Bread")]
)
def test_an_altered_url_is_refused(site: Site, url: str, part: str, other: str) -> None:
    assert part in url
    assert site.client.get(url.replace(part, other)).status_code == 403


def test_a_url_whose_time_was_prolonged_is_refused(site: Site, url: str) -> None:
    expires = str(int((site.clock.now() + timedelta(hours=1)).timestamp()))
    assert site.client.get(url.replace(expires, str(int(expires) + 60))).status_code == 403


def test_a_url_whose_time_is_over_is_gone(site: Site, url: str) -> None:
    site.clock.advance(hours=1)
    assert site.client.get(url).status_code == 410


def test_an_asset_that_was_removed_is_gone(site: Site, url: str) -> None:
    [asset] = site.runtime.ports.assets.find("images/")
    site.runtime.ports.store.commit(Change(removed_assets=(asset,)))
    assert site.client.get(url).status_code == 410


def test_an_asset_whose_bytes_are_missing_is_gone(site: Site, url: str) -> None:
    [asset] = site.runtime.ports.assets.find("images/")
    site.runtime.ports.blobs.remove(asset.key, asset.revision)
    assert site.client.get(url).status_code == 410


@pytest.mark.parametrize(
    "query", ["", "?revision=1", "?revision=x&expires=1&signature=2", "?revision=1&expires=&signature="]
)
def test_a_url_without_a_signature_opens_nothing(site: Site, url: str, query: str) -> None:
    assert site.client.get(url.partition("?")[0] + query).status_code in (400, 403)


@pytest.mark.parametrize("kind", ["heic", "tif"])
def test_a_picture_that_few_browsers_show_is_a_jpeg_where_a_width_is_asked_for(site: Site, kind: str) -> None:
    picture = photo(1200, 800)
    if kind == "heic":
        import pillow_heif
        from PIL import Image

        made = io.BytesIO()
        drawn = Image.frombytes("RGB", (1200, 800), picture.write_to_memory())
        pillow_heif.from_pillow(drawn).save(made, quality=80)
        data = made.getvalue()
    else:
        data = picture.tiffsave_buffer()
    asset = site.runtime.assets.store(f"photos/a.{kind}", data, width=1200, height=800)
    site.runtime.bus.commit(Change(assets=(asset,)))
    url = site.runtime.ports.blobs.sign(asset.key, asset.revision, site.clock.now() + timedelta(hours=1))
    response = site.client.get(f"{url}&width=320")
    assert response.headers["content-type"] == "image/jpeg"
    assert pyvips.Image.new_from_buffer(response.content, "").width == 320


def test_a_player_gets_the_part_that_it_asks_for(site: Site, url: str) -> None:
    whole = site.client.get(url)
    assert whole.headers["accept-ranges"] == "bytes"
    part = site.client.get(url, headers={"range": "bytes=1-3"})
    assert (part.status_code, part.content) == (206, whole.content[1:4])
    assert part.headers["content-range"] == f"bytes 1-3/{len(whole.content)}"
    assert part.headers["content-length"] == "3"
    assert part.headers["content-type"] == "image/png"
    assert site.client.get(url, headers={"range": "bytes=-4"}).content == whole.content[-4:]


def test_the_parts_of_an_asset_make_the_whole(site: Site) -> None:
    url = large(site)
    size = len(site.client.get(url).content)
    parts = [
        site.client.get(url, headers={"range": f"bytes={first}-{first + 999}"}).content
        for first in range(0, size, 1000)
    ]
    assert b"".join(parts) == site.client.get(url).content


def test_a_part_behind_the_end_is_told_with_the_size(site: Site, url: str) -> None:
    size = len(site.client.get(url).content)
    response = site.client.get(url, headers={"range": f"bytes={size}-"})
    assert response.status_code == 416
    assert response.headers["content-range"] == f"bytes */{size}"
    assert "behind the end" in response.json()["message"]


def test_a_part_of_other_bytes_than_were_begun_with_is_the_whole(site: Site, url: str) -> None:
    etag = site.client.get(url).headers["etag"]
    again = site.client.get(url, headers={"range": "bytes=0-1", "if-range": etag})
    assert again.status_code == 206
    assert site.client.get(url, headers={"range": "bytes=0-1", "if-range": '"other"'}).status_code == 200


def test_several_parts_at_once_are_answered_by_the_whole(site: Site, url: str) -> None:
    assert site.client.get(url, headers={"range": "bytes=0-1,3-4"}).status_code == 200


def test_a_small_picture_of_a_large_one_has_parts_of_its_own(site: Site) -> None:
    url = f"{large(site)}&width=320"
    whole = site.client.get(url).content
    assert site.client.get(url, headers={"range": "bytes=2-"}).content == whole[2:]
