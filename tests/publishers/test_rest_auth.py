"""Every way to sign in, against a server that checks it to the letter."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest

from pressroom.errors import AccountDisconnected, ConfigurationError, PostRejected, PressroomError, Unavailable
from pressroom.http_answers import Deadline
from pressroom.publications import Post
from tests.fakes.cms_auth import KINDS, TOKEN_SECONDS
from tests.fakes.faults import Fault
from tests.publishers.rest_bench import RestBench, a_bench, rest_on

_POST = Post(text="Boo")
OAUTH = ("oauth2_client_credentials", "oauth2_refresh")


def publish(bench: RestBench) -> None:
    bench.publisher.publish(bench.post, bench.prepare())


def token_calls(bench: RestBench) -> int:
    return len(bench.calls("/token"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_post_goes_out_with_every_kind_of_credentials(kind: str) -> None:
    with a_bench(auth=kind) as bench:
        publish(bench)
        assert bench.count_posts() == 1


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "none"])
def test_credentials_that_were_revoked_disconnect_the_account_and_stand_in_no_error(kind: str) -> None:
    with a_bench(auth=kind) as bench:
        prepared = bench.prepare()
        bench.revoke()
        with pytest.raises(AccountDisconnected) as raised:
            bench.publisher.publish(bench.post, prepared)
        said = f"{raised.value!r} {raised.value.todo} {raised.value.detail}"
        assert not [name for name in bench.secrets.names() if _is_told(bench, name, said)]


def _is_told(bench: RestBench, name: str, said: str) -> bool:
    return not name.endswith((".username", ".client_id")) and str(bench.secrets.get(name)) in said


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "none"])
def test_a_missing_secret_is_told_with_its_name(kind: str) -> None:
    with a_bench(auth=kind) as bench:
        (names,) = bench.publisher.needs_secrets
        for name in bench.secrets.names():
            bench.secrets.remove(name)
        with pytest.raises(PressroomError) as raised:
            bench.prepare()
        if kind not in OAUTH:
            assert isinstance(raised.value, AccountDisconnected)
            assert f"channels.blog.{names[0]}" in raised.value.what


def test_a_token_is_asked_for_once_and_again_only_shortly_before_its_end() -> None:
    with a_bench(auth="oauth2_client_credentials") as bench:
        publish(bench)
        publish(bench)
        assert token_calls(bench) == 1
        bench.clock.advance(seconds=TOKEN_SECONDS - 30)
        publish(bench)
        assert token_calls(bench) == 2


def test_a_token_that_is_asked_for_by_many_threads_is_asked_for_once() -> None:
    with a_bench(auth="oauth2_client_credentials") as bench:
        threads = [threading.Thread(target=bench.publisher.check) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert token_calls(bench) == 1


@pytest.mark.parametrize("kind", OAUTH)
def test_two_posts_whose_token_was_refused_at_the_same_time_renew_it_once(kind: str) -> None:
    with a_bench(auth=kind) as bench:
        tokens, deadline = bench.rest.service.tokens, Deadline(timedelta(seconds=10))
        refused, before = tokens.current(deadline), token_calls(bench)
        tokens.renew(refused, deadline)
        tokens.renew(refused, deadline)
        assert tokens.current(deadline) != refused
        assert token_calls(bench) == before + 1


@pytest.mark.parametrize("kind", OAUTH)
def test_a_token_that_the_service_has_dropped_is_renewed_once(kind: str) -> None:
    with a_bench(auth=kind) as bench:
        prepared, before = bench.prepare(), token_calls(bench)
        bench.cms.door.access.clear()
        bench.publisher.publish(bench.post, prepared)
        assert token_calls(bench) == before + 1
        assert bench.count_posts() == 1


def test_both_renewed_tokens_are_stored_and_used_by_the_next_process() -> None:
    with a_bench(auth="oauth2_refresh") as bench:
        old = {name: bench.secrets.get(name) for name in bench.secrets.names()}
        bench.cms.door.access.clear()
        publish(bench)
        for name in ("channels.blog.access_token", "channels.blog.refresh_token"):
            assert bench.secrets.get(name) != old[name]
        bench.publisher = type(bench.publisher)(bench.publisher.channel)
        publish(bench)
        assert token_calls(bench) == 1


def test_a_first_access_token_is_asked_for_with_the_refresh_token() -> None:
    with a_bench(auth="oauth2_refresh") as bench:
        bench.secrets.remove("channels.blog.access_token")
        publish(bench)
        assert token_calls(bench) == 1


def test_the_end_of_a_token_is_told() -> None:
    with a_bench(auth="oauth2_refresh") as bench:
        assert bench.publisher.tokens() == []
        bench.cms.door.access.clear()
        publish(bench)
        (token,) = bench.publisher.tokens()
        assert (token.expires_at - bench.now()).total_seconds() == TOKEN_SECONDS
        assert token.renews_itself


@pytest.mark.parametrize("client_in", ["header", "form"])
def test_the_client_says_who_it_is_where_the_service_wants_it(client_in: str) -> None:
    auth = {"kind": "oauth2_client_credentials", "token_url": "/token", "client_in": client_in, "scopes": ["a", "b"]}
    with a_bench({"auth": auth}, auth="oauth2_client_credentials", client_in=client_in) as bench:
        publish(bench)
        (request,) = (one for one in bench.cms.requests if one.path == "/token")
        assert b"scope=a+b" in request.body


@pytest.mark.parametrize(
    "fault", [Fault.SERVER_ERROR, Fault.JUNK_BODY, Fault.CUT_BEFORE_PROCESSING, Fault.RATE_LIMITED]
)
def test_a_token_endpoint_in_trouble_is_tried_again_later_and_nothing_was_posted(fault: Fault) -> None:
    with a_bench(auth="oauth2_client_credentials") as bench:
        prepared = bench.prepare()
        bench.cms.door.access.clear()
        bench.fake.script(fault, path="/token")
        with pytest.raises(Unavailable):
            bench.publisher.publish(bench.post, prepared)
        assert bench.count_posts() == 0


def test_a_key_can_stand_in_a_header_of_its_own_with_a_word_before_it() -> None:
    publisher = rest_on("https://a.example", _posting({"kind": "api_key_header", "header": "X-Key", "prefix": "Token"}))
    (shown,) = publisher.dry_run()
    assert "x-key: Token •••" in shown


def test_a_key_that_is_not_written_as_the_settings_say_is_told_without_the_key() -> None:
    settings = _posting({"kind": "jwt_hs256"})
    publisher = rest_on("http://127.0.0.1:9", settings, {"channels.blog.api_key": "id:not-hexadecimal"})
    with pytest.raises(AccountDisconnected, match="not written as hex") as raised:
        publisher.publish(_POST, publisher.prepare(_POST, bytes_of, {}, no_keep))
    assert "hexadecimal" not in str(raised.value)


def test_an_account_can_be_connected_in_a_browser_where_the_settings_say_how() -> None:
    auth = {"kind": "oauth2_refresh", "token_url": "/token", "authorize_url": "https://a.example/authorize"}
    publisher = rest_on("https://a.example/api", _posting(auth))
    with pytest.raises(ConfigurationError, match="client_id"):
        publisher.oauth()
    publisher.channel.secrets.set("channels.blog.client_id", "me")
    flow = publisher.oauth()
    assert flow is not None
    assert (flow.token_url, flow.client_id) == ("https://a.example/api/token", "me")
    connected = flow.finish({"access_token": "access", "refresh_token": "refresh"})
    assert connected.secrets == {"access_token": "access", "refresh_token": "refresh"}
    with pytest.raises(PostRejected, match="refresh token"):
        flow.finish({"access_token": "access"})
    assert rest_on("https://a.example", _posting({"kind": "bearer"})).oauth() is None


def _posting(auth: dict[str, Any]) -> dict[str, Any]:
    return {"auth": auth, "requests": [{"path": "/posts", "json": {"text": "{{ text }}"}}]}


def bytes_of(media: object) -> bytes:
    return b""


def no_keep(prepared: dict[str, Any]) -> None:
    """What is prepared here is thrown away."""
