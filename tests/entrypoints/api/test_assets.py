"""Signed asset URLs."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import Any

import pytest
import pyvips

from pressroom.changes import Change
from pressroom.entrypoints.api.piecewise import PIECE_BYTES
from pressroom.ports import BlobStore
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


class Watched:
    """A store that tells what was read of it, and may have an address of its own."""

    def __init__(self, blobs: BlobStore, address: str = "") -> None:
        self._blobs, self._address = blobs, address
        self.read: list[tuple[int, int | None]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._blobs, name)

    def get(self, key: str, revision: int, *, start: int = 0, length: int | None = None) -> bytes:
        self.read.append((start, length))
        return self._blobs.get(key, revision, start=start, length=length)

    def direct_url(self, key: str, revision: int, expires_at: datetime, media_type: str) -> str:
        return f"{self._address}/{key}?until={expires_at.isoformat()}&type={media_type}" if self._address else ""


def watched(site: Site, address: str = "") -> Watched:
    blobs = Watched(site.runtime.ports.blobs, address)
    object.__setattr__(site.runtime.ports, "blobs", blobs)
    return blobs


def long_recording(site: Site) -> tuple[str, bytes]:
    """Return a signed URL of a sound of three and a half pieces, and its bytes."""
    data = bytes(range(256)) * (7 * PIECE_BYTES // 512)
    asset = site.runtime.assets.store("stories/long.mp3", data, media_type="audio/mpeg")
    site.runtime.bus.commit(Change(assets=(asset,)))
    return site.runtime.ports.blobs.sign(asset.key, asset.revision, site.clock.now() + timedelta(hours=1)), data


def test_a_large_file_is_never_in_memory_whole(site: Site) -> None:
    url, data = long_recording(site)
    blobs = watched(site)
    whole = site.client.get(url)
    assert (whole.content, whole.headers["content-length"]) == (data, str(len(data)))
    assert all(length is not None and length <= PIECE_BYTES for _, length in blobs.read)
    assert sum(length or 0 for _, length in blobs.read) == len(data)


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        (f"bytes={PIECE_BYTES - 2}-{PIECE_BYTES + 1}", PIECE_BYTES - 2, PIECE_BYTES + 1),
        (f"bytes=5-{2 * PIECE_BYTES + 4}", 5, 2 * PIECE_BYTES + 4),
        (f"bytes=7-{2 * PIECE_BYTES + 7}", 7, 2 * PIECE_BYTES + 7),
        ("bytes=-3", 7 * PIECE_BYTES // 2 - 3, 7 * PIECE_BYTES // 2 - 1),
    ],
)
def test_of_a_part_nothing_else_is_read(site: Site, asked: str, first: int, last: int) -> None:
    url, data = long_recording(site)
    blobs = watched(site)
    part = site.client.get(url, headers={"range": asked})
    assert (part.status_code, part.content) == (206, data[first : last + 1])
    assert part.headers["content-length"] == str(last + 1 - first)
    assert sum(length or 0 for _, length in blobs.read) == last + 1 - first


def test_of_what_nobody_reads_only_the_first_piece_is_read(site: Site) -> None:
    url, data = long_recording(site)
    blobs = watched(site)
    head = site.client.request("HEAD", url)
    assert (head.headers["content-length"], head.content) == (str(len(data)), b"")
    assert blobs.read == [(0, PIECE_BYTES)]


def test_an_empty_file_is_answered(site: Site) -> None:
    asset = site.runtime.assets.store("OCR/none.txt", b"", media_type="text/plain")
    site.runtime.bus.commit(Change(assets=(asset,)))
    answer = site.client.get(site.runtime.ports.blobs.sign(asset.key, 1, site.clock.now() + timedelta(hours=1)))
    assert (answer.status_code, answer.content, answer.headers["content-length"]) == (200, b"", "0")


def test_a_store_with_an_address_of_its_own_gives_the_bytes_out_itself(site: Site, url: str) -> None:
    blobs = watched(site, "https://store.example")
    answer = site.client.get(url, headers={"range": "bytes=0-3"})
    assert (answer.status_code, blobs.read) == (307, [])
    until = (site.clock.now() + timedelta(hours=1)).isoformat()
    assert answer.headers["location"].startswith("https://store.example/images/")
    assert answer.headers["location"].endswith(f"?until={until}&type=image/png")
    assert answer.headers["cache-control"] == "private, max-age=60"
    assert site.client.get(url.replace("signature=", "signature=0")).status_code == 403


def test_what_a_page_of_ours_shows_comes_from_us_for_the_page_loads_nothing_from_elsewhere(
    site: Site, url: str
) -> None:
    watched(site, "https://store.example")
    within = {"sec-fetch-site": "same-origin", "sec-fetch-dest": "image"}
    assert site.client.get(url, headers=within).status_code == 200
    for other in ({"sec-fetch-site": "cross-site"}, {"sec-fetch-dest": "document"}):
        assert site.client.get(url, headers=within | other).status_code == 307
