"""What a service replies is read without trust: junk, endless, deep, misleading."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pressroom.errors import OutcomeUnknown, PostRejected, PressroomError, Unavailable
from pressroom.http_answers import Answer
from pressroom.publications import Post
from pressroom.publishers._rest_replies import Place, Reply, address_of, text_of, words_of
from pressroom.publishers._rest_settings import Errors
from pressroom.publishers._rest_templates import TemplateMistake
from tests.fakes.messages import Answer as Sent
from tests.fakes.messages import Request, json_answer
from tests.fakes.server import FakeServer
from tests.publishers.rest_bench import CREATE, UPLOAD, RestBench, a_bench, rest_on

NO_CLEAR_ANSWER = [
    b"",
    b"<html>",
    b"[" * 200_000,
    b'{"id": ' + b"9" * 5000 + b"}",
    b'{"id": NaN}',
    b'{"id": null}',
    b'{"id": true}',
    b'{"id": ""}',
    b'{"id": {"a": 1}}',
    b'{"id": "\\ud800"}',
    b'{"id": "a\\nb"}',
    b'{"id": "' + b"a" * 30_000 + b'"}',
    b'{"id": "1", "more": "' + b"a" * 4_000_001 + b'"}',
    b'\xff{"id": 1}',
    b'{"other": 1}',
    b"[1, 2]",
    b"1",
]


@pytest.mark.parametrize("body", NO_CLEAR_ANSWER, ids=range(len(NO_CLEAR_ANSWER)))
def test_a_success_without_a_usable_id_is_no_clear_answer(body: bytes) -> None:
    with a_bench() as bench:
        prepared = bench.prepare()
        bench.cms.mangle = lambda answer: Sent(201, body, {"content-type": "application/json"})
        with pytest.raises(OutcomeUnknown) as raised:
            bench.publisher.publish(bench.post, prepared)
        assert len(str(raised.value)) < 1_000


@pytest.mark.parametrize(
    ("place", "found"),
    [
        ("$.a.b", 1),
        ("$.list[*].id", [3, 4]),
        ("$.none", None),
        ("$.missing", None),
        ("header:Location", "/posts/9"),
        ("header:x-nothing", None),
        ("{{ headers.location.split('/') | last }}", "9"),
        ("{{ reply.a.b + 1 }}", 2),
        ("{{ key }}", "k"),
    ],
)
def test_values_are_taken_by_path_header_or_template(place: str, found: Any) -> None:
    body = b'{"a": {"b": 1}, "list": [{"id": 3}, {"id": 4}], "none": null}'
    reply = Reply(Answer(200, {"location": "/posts/9"}, body))
    one = Place(place, "take.a")
    one.check()
    assert one.find(reply, {"key": "k"}) == found


def test_a_reply_that_is_a_text_is_taken_whole() -> None:
    assert Place("body", "id").find(Reply(Answer(200, {}, b" 42\n")), {}) == "42"


@pytest.mark.parametrize("place", ["$.", "$[", "id", "$.a[?", "{{ reply. }}", "{{ reply.__class__("])
def test_a_place_that_cannot_be_read_is_told_at_once(place: str) -> None:
    with pytest.raises(TemplateMistake, match=r"^id, line 1"):
        Place(place, "id").check()


def test_a_path_through_a_deep_reply_ends() -> None:
    deep = b'{"a":' * 900 + b"1" + b"}" * 900
    assert Reply(Answer(200, {}, deep)).at("$..b") is None


@pytest.mark.parametrize(
    ("found", "address"),
    [
        ("https://a.example/1", "https://a.example/1"),
        ("/p/1", "https://blog.example/p/1"),
        ("javascript:alert(1)", ""),
        ("//evil.example/1", "https://evil.example/1"),
        ("https://a.example/1 2", ""),
        (["https://a.example/1"], "https://a.example/1"),
        ({"a": 1}, ""),
    ],
)
def test_only_what_a_browser_may_open_is_an_address(found: Any, address: str) -> None:
    assert address_of(found, "https://blog.example/api") == address


def test_an_id_is_a_text_or_a_whole_number() -> None:
    assert [text_of(one) for one in (17, "a", True, None, 1.5, [], [5], [1, 2])] == ["17", "a", "", "", "", "", "5", ""]


@pytest.mark.parametrize(
    "body",
    [
        b'{"error": {"message": "no"}}',
        b'{"errors": [{"message": "no", "code": 1}]}',
        b'{"message": "no"}',
        b'{"error": "invalid", "error_description": "no"}',
        b'{"type": "about:blank", "title": "Bad", "detail": "no"}',
        b'{"error": "no"}',
    ],
)
def test_the_reason_is_found_where_most_services_put_it(body: bytes) -> None:
    assert words_of(Errors(), Answer(400, {}, body)) == "no"


def test_an_error_quotes_no_secret_that_the_service_repeats() -> None:
    with a_bench() as bench:
        token = bench.cms.door.credentials.token
        prepared = bench.prepare()
        bench.cms.mangle = lambda answer: json_answer(400, {"error": {"message": f"Bad token {token}!"}})
        with pytest.raises(PostRejected, match="Bad token") as raised:
            bench.publisher.publish(bench.post, prepared)
        assert token not in f"{raised.value} {raised.value.detail}"


class Elsewhere(FakeServer):
    """Another host, which takes whatever is put there."""

    def answer(self, request: Request) -> Sent:
        return Sent(204)


def on_another_host(elsewhere: Elsewhere, **settings: Any) -> dict[str, Any]:
    ask = {
        **UPLOAD,
        "name": "ask",
        "take": {"upload_url": f"{{{{ '{elsewhere.base_url}/put?id=' ~ reply.media.id }}}}"},
    }
    put = {"name": "put", "method": "PUT", "path": "{{ picture.upload_url }}", "for_each": "media", "raw": "picture"}
    create = {**CREATE, "json": {"text": "{{ text }}"}}
    return {"requests": [ask, put, create], **settings}


def test_an_address_of_another_host_gets_the_picture_and_no_credentials() -> None:
    with Elsewhere() as elsewhere, a_bench(on_another_host(elsewhere)) as bench:
        bench.publisher.publish(bench.post, bench.prepare())
        (request,) = elsewhere.requests
        assert (request.method, request.path, request.query) == ("PUT", "/put", {"id": "m-1"})
        assert request.body == bench.picture
        assert "authorization" not in request.headers


def test_another_host_gets_credentials_only_if_the_settings_name_it() -> None:
    with Elsewhere() as elsewhere:
        host = elsewhere.base_url.removeprefix("http://")
        with a_bench(on_another_host(elsewhere, send_credentials_to=[host])) as bench:
            bench.prepare()
            assert elsewhere.requests[0].headers["authorization"].startswith("Bearer ")


def test_a_service_on_the_internet_cannot_lead_into_the_network() -> None:
    requests = [{"path": "{{ about.to }}", "json": {"text": "a"}}]
    publisher = rest_on("https://1.1.1.1", {"requests": requests})
    for inner in ("http://127.0.0.1:9/", "http://169.254.169.254/latest", "http://[::1]:9/", "http://10.0.0.1/"):
        post = Post(text="a", about={"to": inner})
        with pytest.raises(PostRejected, match="inside of a network"):
            publisher.publish(post, publisher.prepare(post, lambda item: b"", {}, lambda prepared: None))


@pytest.mark.parametrize("address", ["file:///etc/passwd", "https://user:pass@a.example/", "gopher://a"])
def test_what_is_no_address_of_the_web_is_never_asked(address: str) -> None:
    publisher = rest_on("http://127.0.0.1:9", {"requests": [{"path": "{{ about.to }}", "json": {}}]})
    with pytest.raises(PressroomError, match="no address"):
        publisher.prepare(Post(text="a", about={"to": address}), lambda item: b"", {}, lambda prepared: None)


def test_a_redirect_is_not_followed() -> None:
    with Elsewhere() as elsewhere, a_bench() as bench:
        prepared = bench.prepare()
        bench.cms.mangle = lambda answer: replace(answer, status=302, headers={"location": elsewhere.base_url})
        with pytest.raises(OutcomeUnknown, match="redirect"):
            bench.publisher.publish(bench.post, prepared)
        assert elsewhere.requests == []


def test_an_upload_that_takes_a_huge_value_of_the_reply_is_refused() -> None:
    with a_bench({"requests": [{**UPLOAD, "take": {"media_id": "$.huge"}}, CREATE]}) as bench:
        bench.fake.answer = _huge(bench)  # type: ignore[method-assign]
        with pytest.raises(Unavailable, match="did not say media_id"):
            bench.prepare()


def _huge(bench: RestBench) -> Any:
    return lambda request: json_answer(201, {"huge": "a" * 100_000})
