"""What start-up and `check` say of a channel on any REST API: every mistake by its key, before anything is posted."""

from __future__ import annotations

from typing import Any

import pytest

from pressroom.errors import ConfigurationError
from pressroom.publishers.base import Finding
from tests.fakes.faults import Fault
from tests.publishers.rest_bench import CREATE, REPEATABLE, SEARCH, UPLOAD, a_bench, rest_on

GOOD: dict[str, Any] = {"requests": [{"name": "create", "path": "/posts", "json": {"text": "{{ text }}"}}]}


def changed(**request: Any) -> dict[str, Any]:
    return {"requests": [GOOD["requests"][0] | request]}


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"requests": []}, "requests: there is none"),
        ({**GOOD, "base_url": ""}, "base_url: must be an address"),
        ({**GOOD, "base_url": "https://me:secret@a.example"}, "base_url: must be an address without a user"),
        (changed(methd="PUT"), "requests.create.methd: there is no such setting (did you mean method?)"),
        (changed(success={"status": [200]}), "requests.create.success.status: there is no such setting (did you mean"),
        ({**GOOD, "auth": {"knd": "basic"}}, "auth.knd: there is no such setting (did you mean kind?)"),
        ({**GOOD, "auth": {"kind": "oauth2_refresh"}}, "auth.token_url: this setting is missing"),
        (
            changed(json={"a": {"b": ["x", "a\n{{ txt }}"]}}),
            "requests.create.json.a.b.1, line 2: 'txt' is undefined; did",
        ),
        (changed(json={"a": "{% if %}"}), "requests.create.json.a, line 1: Expected an expression"),
        (changed(path="/{{ nope }}"), "requests.create.path, line 1: 'nope' is undefined"),
        (changed(form={}), "requests.create: a request has one body, and this one has json and form"),
        (changed(method="GET"), "requests.create.json: a GET has no body"),
        (changed(headers={"Authorization": "x"}), "requests.create.headers.Authorization: this header cannot be set"),
        (changed(headers={"a b": "x"}), "requests.create.headers.a b: that is no name of a header"),
        (changed(for_each="media"), "requests.create.for_each: the request that makes the post public is made once"),
        (changed(take={"a": "$.b"}), "requests.create.take: nothing comes after the last request"),
        (changed(when="{{ text }}"), "requests.create.when: the request that makes the post public is always made"),
        (changed(public=False), "requests.create.public: the last request makes the post public"),
        (changed(success={"exists": ["id"]}), "requests.create.success.exists: 'id' is no JSON path"),
        ({"requests": [{**UPLOAD, "take": {"text": "$.id"}}, CREATE]}, "requests.upload.take.text: a value cannot be"),
        ({"requests": [{**UPLOAD, "take": {"a": "id"}}, CREATE]}, "requests.upload.take.a, line 1: 'id' leads nowhere"),
        ({"requests": [{**UPLOAD, "public": True}, CREATE]}, "requests.upload.public: only the last request can make"),
        ({"requests": [UPLOAD, UPLOAD, CREATE]}, "requests: two of them are called upload"),
        (changed(json=None, multipart={"f": {"fil": "picture"}}), "requests.create.multipart.f, line 1: a part is"),
        (changed(json=None, multipart={"f": {"file": "x"}}), "requests.create.multipart.f.file, line 1: it must be"),
        ({**GOOD, "id": "id"}, "id, line 1: 'id' leads nowhere"),
        ({**GOOD, "verify": {"found": "id"}}, "verify.found: 'id' is no JSON path"),
        ({**GOOD, "verify": {"path": "/{{ kye }}"}}, "verify.path, line 1: 'kye' is undefined; did you mean key?"),
        ({**GOOD, "outcomes": [{"means": "unknown"}]}, "outcomes.1: it would fit every reply"),
        ({**GOOD, "idempotent": True}, "idempotent: the public request bears no key"),
    ],
)
def test_a_mistake_is_told_by_its_key(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        rest_on("https://a.example", settings)
    assert said in raised.value.what
    assert raised.value.what.startswith("[channels.blog] ")
    assert raised.value.where == "[channels.blog]"


def test_every_mistake_is_told_at_once() -> None:
    with pytest.raises(ConfigurationError) as raised:
        rest_on("ftp://a", changed(methd="x", headers={"Host": "y"}))
    for said in ("base_url: ", "requests.create.methd: ", "requests.create.headers.Host: "):
        assert said in raised.value.what


def findings(settings: dict[str, Any], **fake: Any) -> list[Finding]:
    with a_bench(settings, **fake) as bench:
        found = bench.publisher.check()
        assert bench.cms.posts == []
        assert bench.cms.media == []
        return found


def test_credentials_are_tried_with_a_request_of_their_own() -> None:
    (last,) = (one for one in findings({"check_with": {"path": "/me"}}) if "accepts" in one.what)
    assert (last.ok, last.todo) == (True, "")


def test_else_they_are_tried_with_the_search_for_a_key_that_nothing_bears() -> None:
    (found,) = findings({"verify": SEARCH})
    assert found == Finding(ok=True, what="The CMS accepts the credentials.")


def test_a_search_that_finds_whatever_there_is_is_told() -> None:
    verify = {**SEARCH, "path": "/posts", "found": "$.items", "query": {"key": "{{ key }}"}}
    with a_bench({"verify": verify}) as bench:
        (found,) = (one for one in bench.publisher.check() if not one.ok)
    assert "a key that was never used" in found.what


def test_a_search_by_words_alone_is_a_warning() -> None:
    found = findings({"verify": {**SEARCH, "query": {"text": "{{ text }}"}}})
    assert any(one.ok and one.todo and "look-alike" in one.what for one in found)


def test_a_channel_that_cannot_find_its_posts_says_that_a_person_will_be_asked() -> None:
    assert any("held for a person" in one.what for one in findings({}))
    assert not any("held for a person" in one.what for one in findings(REPEATABLE, remembers_keys=True))


def test_a_template_that_needs_a_picture_is_a_warning() -> None:
    create = {**CREATE, "json": {"text": "{{ picture.alt_text }}"}}
    (warning,) = (one for one in findings({"requests": [create]}) if "without pictures" in one.what)
    assert "requests.create.json.text" in warning.what


def test_refused_credentials_are_no_good_news() -> None:
    with a_bench({"verify": SEARCH}) as bench:
        bench.revoke()
        (found,) = bench.publisher.check()
        assert not found.ok
        assert "no longer accepts the credentials" in found.what


def test_a_service_that_is_down_is_told() -> None:
    with a_bench({"verify": SEARCH}) as bench:
        bench.fake.script(Fault.UNAVAILABLE, path="/posts")
        (found,) = bench.publisher.check()
        assert (found.ok, bool(found.todo)) == (False, True)


def test_an_open_wire_is_a_warning() -> None:
    publisher = rest_on("http://a.example", GOOD)
    assert any("not encrypted" in one.what for one in publisher.check())
