"""X's OAuth 2 tokens are renewed once, kept, and given up only on X's own word; no secret is shown."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from pressroom.backends.memory.secrets import MemorySecrets
from pressroom.errors import AccountDisconnected, PressroomError, Unavailable
from pressroom.publications import Post
from pressroom.publishers.base import Channel
from pressroom.publishers.x import X
from tests.fakes.faults import Fault
from tests.publishers.x_bench import XBench, a_bench

TOKEN_PATH = "/2/oauth2/token"
ACCESS, REFRESH = "channels.main.access_token", "channels.main.refresh_token"


@pytest.fixture
def bench() -> Iterator[XBench]:
    with a_bench(Post(text="Boo")) as bench:
        yield bench


def let_the_access_token_end(bench: XBench) -> None:
    bench.x.advance(3 * 60 * 60)


def with_secrets(bench: XBench, **changed: str | None) -> X:
    channel = bench.publisher.channel
    known = {name: bench.secrets.get(name) or "" for name in bench.secrets.names()}
    known |= {f"channels.main.{name}": value or "" for name, value in changed.items()}
    secrets = MemorySecrets({name: value for name, value in known.items() if value})
    return X(Channel(channel.name, channel.settings, secrets, channel.clock))


def test_an_ended_token_is_renewed_and_the_post_is_sent_once(bench: XBench) -> None:
    before = (bench.secrets.get(ACCESS), bench.secrets.get(REFRESH))
    let_the_access_token_end(bench)
    bench.publisher.publish(bench.post, {})
    after = (bench.secrets.get(ACCESS), bench.secrets.get(REFRESH))
    assert set(before).isdisjoint(after)
    assert all(after)
    assert bench.count_posts() == 1
    assert [path for _, path in bench.calls()] == ["/2/tweets", TOKEN_PATH, "/2/tweets"]


def test_the_next_call_uses_the_renewed_token(bench: XBench) -> None:
    let_the_access_token_end(bench)
    bench.publisher.publish(bench.post, {})
    bench.publisher.publish(Post(text="Boo again"), {})
    assert len(bench.calls(TOKEN_PATH)) == 1


def test_many_who_meet_the_end_at_once_renew_it_once(bench: XBench) -> None:
    let_the_access_token_end(bench)
    publishers = [X(bench.publisher.channel) for _ in range(4)]
    together = threading.Barrier(4)

    def publish(number: int) -> str:
        together.wait(10)
        return publishers[number].publish(Post(text=f"Boo {number}"), {}).remote_id

    with ThreadPoolExecutor(4) as threads:
        ids = set(threads.map(publish, range(4)))
    assert len(ids) == bench.count_posts() == 4
    assert len(bench.calls(TOKEN_PATH)) == 1


def test_a_client_without_a_secret_names_itself_in_the_form() -> None:
    with a_bench(Post(text="Boo"), client_secret=None) as bench:
        let_the_access_token_end(bench)
        bench.publisher.publish(bench.post, {})
        assert bench.count_posts() == 1


PASSING = [
    Fault.SERVER_ERROR,
    Fault.UNAVAILABLE,
    Fault.RATE_LIMITED,
    Fault.OUT_OF_CREDIT,
    Fault.DUPLICATE,
    Fault.TOO_LARGE,
    Fault.JUNK_BODY,
    Fault.EMPTY_BODY,
    Fault.CUT_BEFORE_PROCESSING,
    Fault.TIMEOUT_NOT_PROCESSED,
]


@pytest.mark.parametrize("fault", PASSING)
def test_no_passing_error_disconnects_the_account(bench: XBench, fault: Fault) -> None:
    before = (bench.secrets.get(ACCESS), bench.secrets.get(REFRESH))
    let_the_access_token_end(bench)
    bench.script(fault, path=TOKEN_PATH)
    with pytest.raises(Unavailable):
        bench.publisher.publish(bench.post, {})
    assert (bench.secrets.get(ACCESS), bench.secrets.get(REFRESH)) == before
    assert bench.count_posts() == 0
    bench.publisher.publish(bench.post, {})
    assert bench.count_posts() == 1


def test_a_refused_refresh_token_disconnects_and_says_what_to_do(bench: XBench) -> None:
    let_the_access_token_end(bench)
    publisher = with_secrets(bench, refresh_token="stale-refresh-token")
    with pytest.raises(AccountDisconnected) as raised:
        publisher.publish(bench.post, {})
    assert "refresh_token" in raised.value.todo
    assert bench.count_posts() == 0


def test_a_wrong_client_secret_is_named_as_the_cause(bench: XBench) -> None:
    let_the_access_token_end(bench)
    with pytest.raises(AccountDisconnected) as raised:
        with_secrets(bench, client_secret="wrong").publish(bench.post, {})
    assert "client_secret" in raised.value.todo


@pytest.mark.parametrize("name", ["client_id", "access_token", "refresh_token"])
def test_a_missing_secret_is_named_before_anything_is_sent(bench: XBench, name: str) -> None:
    with pytest.raises(AccountDisconnected, match=rf"channels\.main\.{name} missing"):
        with_secrets(bench, **{name: None}).publish(bench.post, {})
    assert bench.calls() == []


def test_without_any_secret_both_ways_to_sign_in_are_named(bench: XBench) -> None:
    with pytest.raises(AccountDisconnected) as raised:
        with_secrets(bench, client_id=None, access_token=None, refresh_token=None).publish(bench.post, {})
    assert "channels.main.api_key, channels.main.api_secret" in raised.value.what
    assert "missing, or else channels.main.client_id" in raised.value.what


def test_a_secret_that_cannot_be_one_is_named_and_not_shown(bench: XBench) -> None:
    with pytest.raises(AccountDisconnected, match=r"channels\.main\.access_token") as raised:
        with_secrets(bench, access_token="two\nlines").publish(bench.post, {})
    assert "two" not in str(raised.value)


def test_a_blank_around_a_secret_does_no_harm(bench: XBench) -> None:
    with_secrets(bench, access_token=f" {bench.secrets.get(ACCESS)}\n").publish(bench.post, {})
    assert bench.count_posts() == 1


@pytest.mark.parametrize("oauth", [1, 2])
def test_no_secret_is_in_a_log_an_error_or_a_repr(oauth: int, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    shown: list[str] = []
    with a_bench(oauth=oauth) as bench:
        prepared = bench.prepare()
        secrets = [bench.secrets.get(name) for name in bench.secrets.names() if not name.endswith(("_id", "api_key"))]
        let_the_access_token_end(bench)
        for fault in (Fault.BAD_REQUEST, Fault.SERVER_ERROR, Fault.TIMEOUT_NOT_PROCESSED, Fault.CUT_BEFORE_PROCESSING):
            bench.script(fault, method="POST", path="/2/tweets", skip=1 if oauth == 2 and not shown else 0)
            with pytest.raises(PressroomError) as raised:
                bench.publisher.publish(bench.post, prepared)
            shown += [str(raised.value), repr(raised.value), str(raised.value.problem()), repr(raised.value.__cause__)]
        secrets += [bench.secrets.get(name) for name in bench.secrets.names() if "token" in name]
        shown += [repr(bench.publisher), repr(vars(bench.publisher)), repr(prepared), caplog.text]
        shown += [repr(replace(bench, picture=b"", x=bench.x))]
    assert caplog.text
    for secret in filter(None, secrets):
        assert not any(secret in text for text in shown)
