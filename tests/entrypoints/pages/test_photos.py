"""The pages of photos."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

from pressroom.changes import Change
from pressroom.events import Event
from pressroom.read_models.photos import photo_key
from tests.entrypoints.site import KEY, Site, a_site
from tests.photo_events import PhotoEvents
from tests.post_events import NOON, REFUSED, PostEvents

PHOTO = f"/photos/{photo_key('inbox', 'p1')}"


def tell(site: Site, *events: Event) -> Site:
    site.runtime.bus.commit(Change(events=events))
    return site


def ended(type_: str, **data: Any) -> Event:
    return Event(type=type_, subject="job_1", time=NOON, job_id="job_1", data=data)


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html.partition("<main")[2]).split())


def a_photo(**about: Any) -> Site:
    """One on main with three likes, refused by sky."""
    one = PhotoEvents(job_id="job_1")
    main, sky = PostEvents(1, "main", job_id="job_1"), PostEvents(2, "sky", job_id="job_1")
    media = [{"key": one.variant_key("main"), "revision": 1, "width": 1600, "height": 900}]
    words: dict[str, Any] = {"title": "Dunes", "caption": "At dawn"} | about
    return tell(
        a_site(),
        one.original(**words),
        one.variant("main"),
        *(main.requested(), sky.requested(), main.published(media=media), sky.rejected()),
        *(main.read(likes=3), main.noticed("comment")),
    )


def test_before_the_first_photo_it_says_where_photos_come_from() -> None:
    html = a_site().page("/photos")
    assert "No photo has come in yet." in html
    assert "[sources.NAME]" in html
    assert "pressroom run photo_feed -i file=PATH" in html


def test_each_photo_shows_where_it_went_and_its_numbers() -> None:
    text = text_of(a_photo().page("/photos"))
    assert "Dunes" in text
    assert "main : published" in text
    assert "sky : rejected" in text
    assert "3 likes" in text
    assert "≥" not in text.partition("≥ stands before")[0], "it is known of the only published post"


def test_a_sum_that_not_every_network_told_is_a_bound() -> None:
    site = a_photo()
    more = PostEvents(3, "gram", job_id="job_1")
    tell(site, more.requested(), more.published(media=[]))
    assert "≥3" in text_of(site.page("/photos"))


def test_a_photo_without_a_title_is_named_by_its_caption_or_its_file() -> None:
    assert "At dawn" in a_photo(title="").page("/photos")
    site = tell(a_site(), PhotoEvents("walks/fig-tree").original(title=""))
    assert re.search(r'class="headline"[^>]*>fig-tree<', site.page("/photos"))


def test_a_photo_with_no_words_at_all_is_called_what_its_file_is() -> None:
    photo = PhotoEvents("5f1d0000000000000000000000000abc")
    site = tell(a_site(), photo.original(title="", name="IMG_2041.jpg"))
    assert re.search(r'class="headline"[^>]*>IMG_2041.jpg<', site.page("/photos"))


def test_a_photo_that_failed_says_why_and_leads_to_its_job() -> None:
    why = REFUSED | {"what": "The picture cannot be read."}
    site = tell(a_site(), PhotoEvents().original(), ended("JobFailed", error=why))
    for path in ("/photos", PHOTO):
        html = site.page(path)
        text = text_of(html)
        assert "Failed The picture cannot be read." in text
        assert "On no channel yet" not in text
        assert 'href="/jobs/job_1"' in html
    assert "Failed" not in text_of(tell(site, ended("JobResumed")).page("/photos"))


def test_what_few_browsers_show_is_shown_as_a_small_jpeg() -> None:
    original = PhotoEvents().original()
    heic = replace(original, data={**original.data, "media_type": "image/heic"})
    site = tell(a_site(), heic)
    for path in ("/photos", PHOTO):
        [image] = re.findall(r"<img [^>]*>", site.page(path))
        assert "&amp;width=800" in image
        assert "srcset" not in image
        assert 'width="800"' in image


def test_a_form_that_no_browser_shows_is_left_out() -> None:
    original = PhotoEvents().original()
    raw = Event(**{name: getattr(original, name) for name in ("subject", "time", "job_id")} | {
        "type": "AssetStored", "data": {**original.data, "media_type": "image/x-canon-cr3"}})  # fmt: skip
    html = tell(a_site(), raw).page("/photos")
    assert "/assets/photos/" not in html
    assert "No form of this photo can be shown" in tell(a_site(), raw).page(PHOTO)


def test_photos_are_shown_page_by_page() -> None:
    events = [PhotoEvents(f"p{number}").original(at=NOON + timedelta(minutes=number)) for number in range(30)]
    site = tell(a_site(), *events)
    first = site.page("/photos")
    older = re.search(r'href="([^"]+)" rel="next"', first)
    assert older is not None
    second = site.page(older[1].replace("&amp;", "&"))
    assert [len(re.findall(r'id="photo-', html)) for html in (first, second)] == [24, 6]


def test_a_photos_own_page_tells_everything_that_is_known_of_it() -> None:
    html = a_photo(keywords=["sand", "sea"], captured_at="2026-10-30T06:12:00").page(PHOTO)
    text = text_of(html)
    for words in ("Dunes", "At dawn", "sand, sea", "2026-10-30, 06:12", "It is too long.", "1600 × 900", "for main"):
        assert words in text
    assert 'href="https://net_main.example/pub_0001"' in html
    assert 'alt="A dune"' in html


def test_its_counts_say_what_is_unknown() -> None:
    html = a_photo().page(PHOTO)
    row = html.partition('id="row-pub_0001"')[2].partition("</tr>")[0]
    assert 'data-label="likes">3<' in row
    assert 'aria-label="at least 1">≥1<' in row
    assert row.count('aria-label="unknown"') == 2


def test_what_happened_comes_newest_first() -> None:
    site = a_photo()
    tell(site, PhotoEvents().original(2, NOON + timedelta(days=1), job_id="job_2"))
    text = text_of(site.page(PHOTO)).partition("What happened")[2]
    said = ["An edit came in: revision 2.", "The channel sky refused", "The post is on the channel main.", "came in."]
    assert [text.index(words) for words in said] == sorted(text.index(words) for words in said)


def test_a_photo_without_alt_text_says_what_that_means() -> None:
    assert "learns nothing of it" in a_photo(alt_text="").page(PHOTO)


def test_a_photo_that_is_gone_is_told() -> None:
    assert "There is no photo" in a_site().page(PHOTO, 404)


def test_words_of_others_are_shown_and_never_run() -> None:
    evil = '"><script>alert(1)</script>'
    site = a_photo(title=evil, caption=evil, alt_text=evil, keywords=[evil])
    for path in ("/photos", PHOTO):
        assert "<script>alert" not in site.page(path)


def test_an_address_that_runs_a_script_is_not_linked() -> None:
    one, post = PhotoEvents(job_id="job_1"), PostEvents(1, job_id="job_1")
    site = tell(a_site(), one.original(), post.requested(), post.published(url="javascript:alert(1)"))
    assert "javascript:" not in site.page(PHOTO)


def test_they_are_the_operators() -> None:
    site = a_site(host="0.0.0.0", key=KEY, base_url="http://press.example")
    assert site.client.get("/photos").status_code == 401
    assert site.client.get(PHOTO).status_code == 401
