"""What goes over the wire, byte for byte: every kind of body, addresses and headers."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import datetime
from typing import Any

import pytest

from pressroom.errors import ConfigurationError
from pressroom.publications import Post, PostMedia
from tests.fakes.messages import parse_multipart
from tests.publishers.fake_bench import PICTURE
from tests.publishers.rest_bench import CREATE, UPLOAD, RestBench, a_bench

TWO = (PICTURE, PostMedia(**{**{name: getattr(PICTURE, name) for name in PICTURE.__slots__}, "key": 'b/ü "x".jpg'}))


def publish(bench: RestBench) -> None:
    bench.publisher.publish(bench.post, bench.prepare())


def request_to(bench: RestBench, path: str) -> Any:
    return next(one for one in bench.cms.requests if one.path == path)


def test_a_multipart_body_has_the_very_bytes_of_every_picture() -> None:
    body = {
        "text": "{{ text }}",
        "tags": "{{ tags }}",
        "pictures": {"file": "media", "filename": "{{ picture.number }} {{ title }}.jpg"},
        "title": "{{ none }}",
        "key": {"value": "{{ key }}", "content_type": "text/plain"},
    }
    post = Post(text="Boo #a #b", title='"quoted"\r\nline', media=TWO)
    with a_bench({"requests": [{"path": "/posts", "multipart": body}]}, post) as bench:
        publish(bench)
        request = request_to(bench, "/posts")
        parts = parse_multipart(request)
        assert [part.name for part in parts] == ["text", "tags", "tags", "pictures", "pictures", "key"]
        assert [part.data for part in parts if part.filename] == [bench.picture, bench.picture]
        assert [part.filename for part in parts if part.filename] == [
            "1 %22quoted%22%0D%0Aline.jpg",
            "2 %22quoted%22%0D%0Aline.jpg",
        ]
        assert {part.content_type for part in parts if part.filename} == {"image/jpeg"}
        assert int(request.headers["content-length"]) == len(request.body)
        assert bench.cms.posts[0].pictures == [hashlib.sha256(bench.picture).hexdigest()] * 2


def test_a_part_can_be_json_without_quoting_it() -> None:
    multipart = {"file": {"file": "picture"}, "meta": {"json": {"alt": "{{ picture.alt_text }}"}}}
    with a_bench({"requests": [{**UPLOAD, "multipart": multipart}, CREATE]}) as bench:
        publish(bench)
        assert bench.cms.media[0].alt == PICTURE.alt_text


def test_a_picture_goes_as_base64_in_json() -> None:
    upload = {key: value for key, value in UPLOAD.items() if key != "multipart"}
    document = {"data": "{{ picture.base64 }}", "type": "{{ picture.media_type }}", "name": "{{ picture.name }}"}
    with a_bench({"requests": [{**upload, "json": document}, CREATE]}) as bench:
        publish(bench)
        assert base64.b64decode(json.loads(request_to(bench, "/media").body)["data"]) == bench.picture
        assert bench.cms.media[0].size_bytes == len(bench.picture)


def test_a_picture_goes_as_the_raw_body() -> None:
    upload = {key: value for key, value in UPLOAD.items() if key != "multipart"} | {
        "raw": "picture",
        "query": {"alt": "{{ picture.alt_text }}"},
        "headers": {"Content-Disposition": 'attachment; filename="{{ picture.name }}"'},
    }
    with a_bench({"requests": [upload, CREATE]}, Post(text="Boo", media=TWO)) as bench:
        publish(bench)
        assert request_to(bench, "/media").body == bench.picture
        assert [item.file_name for item in bench.cms.media] == ["october_31_0_Halloween.jpg", "x.jpg"]
        assert bench.cms.posts[0].media == ["m-1", "m-2"]


def test_a_picture_goes_as_an_address_that_is_the_same_for_every_try() -> None:
    asked: list[datetime] = []

    def media_url(item: PostMedia, until: datetime) -> str:
        asked.append(until)
        return f"https://press.example/{item.key}?until={until:%s}"

    requests = [{"path": "/posts", "json": {"text": "{{ text }} {{ picture.url }}"}}]
    with a_bench({"requests": requests}, media_url=media_url) as bench:
        prepared = bench.prepare()
        bench.publisher.publish(bench.post, prepared)
        bench.clock.advance(days=5)
        bench.publisher.publish(bench.post, bench.prepare(prepared))
        first, second = (one.body for one in bench.cms.requests)
        assert first == second
        bench.clock.advance(days=30)
        bench.prepare(prepared)
        assert asked[-1] > bench.now()


def test_without_a_public_address_a_template_that_needs_one_is_told() -> None:
    requests = [{"path": "/posts", "json": {"text": "{{ picture.url }}"}}]
    with a_bench({"requests": requests}) as bench:
        with pytest.raises(ConfigurationError, match="reached from outside"):
            bench.prepare()
        assert [finding.ok for finding in bench.publisher.check()].count(False) == 1


def test_a_form_repeats_lists_and_leaves_out_what_is_nothing() -> None:
    form = {"text": "{{ text }} & more", "title": "{{ none }}", "key": "{{ omit }}", "media": "{{ media_id }}"}
    post = Post(text="Boo", media=TWO)
    with a_bench({"requests": [UPLOAD, {"path": "/posts", "form": form}]}, post) as bench:
        publish(bench)
        assert request_to(bench, "/posts").body == b"text=Boo+%26+more&media=m-1&media=m-2"


def test_a_body_can_be_text() -> None:
    with a_bench({"requests": [{"path": "/posts", "text": "{{ title }}: {{ text }}"}]}) as bench:
        publish(bench)
        assert request_to(bench, "/posts").body.decode() == "Halloween: Happy Halloween! #pumpkins"


def test_the_address_and_the_headers_are_templates() -> None:
    settings = {
        "headers": {"X-Channel": "blog", "X-Day": "{{ now | date('%Y') }}"},
        "requests": [
            {**CREATE, "query": {"q": "a b&c", "n": ["1", "2"]}, "headers": {"X-Channel": "{{ key }}"}},
        ],
    }
    settings["requests"] = [UPLOAD, *settings["requests"]]
    with a_bench(settings) as bench:
        prepared = bench.prepare()
        bench.publisher.publish(bench.post, prepared)
        request = request_to(bench, "/posts")
        assert request.query_string == "q=a%20b%26c&n=1&n=2"
        assert request.headers["x-channel"] == prepared["key"]
        assert request.headers["x-day"] == str(bench.now().year)


@pytest.mark.parametrize("title", ["a\r\nX-Evil: 1", "é", "\x00"])
def test_a_header_takes_nothing_that_ends_it(title: str) -> None:
    requests = [{**CREATE, "json": {"text": "a"}, "headers": {"X-Title": "{{ title }}"}}]
    post = Post(text="a", title=title)
    with a_bench({"requests": requests}, post) as bench, pytest.raises(ConfigurationError, match="ASCII"):
        bench.prepare()


def test_half_a_character_is_told_before_anything_is_sent() -> None:
    settings = {"requests": [{**CREATE, "json": {"text": "{{ text }}"}}]}
    said = "half of a character"
    with a_bench(settings, Post(text="a\ud800")) as bench, pytest.raises(ConfigurationError, match=said):
        bench.prepare()
