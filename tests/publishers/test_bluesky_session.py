"""Sessions on Bluesky are scarce: one is opened, kept, renewed with tokens that are good for once, and shared."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest

from pressroom.errors import AccountDisconnected, PressroomError, RateLimited, Unavailable
from pressroom.publications import Post
from pressroom.publishers._bluesky_session import ends_at
from pressroom.publishers.bluesky import Bluesky
from tests.fakes.faults import Fault
from tests.publishers.bluesky_bench import OPEN, PUT, RENEW, BlueskyBench, a_bench

ACCESS, REFRESH, PASSWORD = (f"channels.sky.{name}" for name in ("access_token", "refresh_token", "app_password"))


@pytest.fixture
def bench() -> Iterator[BlueskyBench]:
    with a_bench(Post(text="Boo")) as bench:
        yield bench


def stored(bench: BlueskyBench) -> tuple[str | None, str | None]:
    return bench.secrets.get(ACCESS), bench.secrets.get(REFRESH)


def publish(bench: BlueskyBench, text: str = "Boo") -> None:
    bench.post = Post(text=text)
    bench.publisher.publish(bench.post, bench.prepare())


def test_one_session_serves_many_posts(bench: BlueskyBench) -> None:
    for number in range(5):
        publish(bench, f"Boo {number}")
    assert len(bench.calls(OPEN)) == 1
    assert bench.calls(RENEW) == []


def test_a_process_started_anew_goes_on_with_the_session(bench: BlueskyBench) -> None:
    publish(bench)
    bench.publisher = Bluesky(bench.publisher.channel)
    publish(bench, "Boo again")
    assert len(bench.calls(OPEN)) == 1


def test_a_session_is_opened_once_by_many_at_once(bench: BlueskyBench) -> None:
    together = threading.Barrier(4)

    def one(number: int) -> None:
        publisher = Bluesky(bench.publisher.channel)
        together.wait(10)
        publisher.prepare(Post(text=f"Boo {number}"), bench.read, {}, lambda _: None)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(one, range(4)))
    assert len(bench.calls(OPEN)) == 1


def test_an_ended_access_token_is_renewed_without_a_new_session(bench: BlueskyBench) -> None:
    publish(bench)
    before = stored(bench)
    bench.let_time_pass(timedelta(hours=3))
    publish(bench, "Boo again")
    assert set(before).isdisjoint(stored(bench))
    assert (len(bench.calls(OPEN)), len(bench.calls(RENEW))) == (1, 1)


def test_many_who_meet_the_end_at_once_renew_it_once(bench: BlueskyBench) -> None:
    publish(bench)
    bench.let_time_pass(timedelta(hours=3))
    together = threading.Barrier(4)

    def one(number: int) -> None:
        publisher = Bluesky(bench.publisher.channel)
        together.wait(10)
        publisher.prepare(Post(text=f"Boo {number}"), bench.read, {}, lambda _: None)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(one, range(4)))
    assert len(bench.calls(RENEW)) == 1
    assert len(bench.calls(OPEN)) == 1


def test_a_refresh_token_that_is_used_or_ended_leads_to_a_new_session(bench: BlueskyBench) -> None:
    publish(bench)
    bench.let_time_pass(timedelta(days=91))
    publish(bench, "Boo again")
    assert (len(bench.calls(OPEN)), len(bench.calls(RENEW))) == (2, 1)
    assert bench.count_posts() == 2


def test_a_renewal_whose_answer_was_lost_costs_one_new_session(bench: BlueskyBench) -> None:
    publish(bench)
    bench.let_time_pass(timedelta(hours=3))
    bench.script(Fault.CUT_AFTER_PROCESSING, path=RENEW)
    with pytest.raises(Unavailable):
        publish(bench, "Boo again")
    publish(bench, "Boo again")
    assert len(bench.calls(OPEN)) == 2
    assert bench.count_posts() == 2


def test_a_deleted_app_password_disconnects_with_what_to_do(bench: BlueskyBench) -> None:
    publish(bench)
    bench.revoke()
    with pytest.raises(AccountDisconnected, match="Invalid identifier or password") as raised:
        publish(bench, "Boo again")
    assert PASSWORD in raised.value.todo


def test_another_app_password_begins_another_session(bench: BlueskyBench) -> None:
    publish(bench)
    other = bench.sky.add_account("other.example.com", "zzzz-zzzz-zzzz-zzzz")
    bench.secrets.set("channels.sky.identifier", "other.example.com")
    bench.secrets.set(PASSWORD, other.app_password)
    publish(bench, "From the other")
    assert [post.did for post in bench.sky.posts] == [bench.sky.account.did, other.did]


def test_an_identifier_may_be_written_with_its_at_sign_and_blanks(bench: BlueskyBench) -> None:
    bench.secrets.set("channels.sky.identifier", f" @{bench.sky.account.handle}\n")
    publish(bench)
    assert bench.count_posts() == 1


def test_the_accounts_own_password_that_wants_a_code_is_told_from_an_app_password(bench: BlueskyBench) -> None:
    bench.sky.account.needs_code = True
    bench.secrets.set(PASSWORD, bench.sky.account.password)
    with pytest.raises(AccountDisconnected) as raised:
        publish(bench)
    assert "app password" in raised.value.todo


@pytest.mark.parametrize("name", ["identifier", "app_password"])
def test_a_missing_secret_is_named_before_anything_is_sent(bench: BlueskyBench, name: str) -> None:
    bench.secrets.remove(f"channels.sky.{name}")
    with pytest.raises(AccountDisconnected, match=f"channels.sky.{name} is not set"):
        publish(bench)
    assert bench.calls() == []


def test_too_many_sessions_are_waited_for() -> None:
    with a_bench(Post(text="Boo"), limits={"sessions": 1}) as bench:
        publish(bench)
        for name in (ACCESS, REFRESH):
            bench.secrets.remove(name)
        with pytest.raises(RateLimited) as raised:
            publish(bench)
        assert raised.value.retry_at is not None
        assert timedelta(0) < raised.value.retry_at - bench.now() <= timedelta(minutes=5, seconds=1)


PASSING = [
    Fault.SERVER_ERROR,
    Fault.UNAVAILABLE,
    Fault.RATE_LIMITED,
    Fault.OUT_OF_CREDIT,
    Fault.TOO_LARGE,
    Fault.JUNK_BODY,
    Fault.EMPTY_BODY,
    Fault.CUT_BEFORE_PROCESSING,
    Fault.TIMEOUT_NOT_PROCESSED,
]


@pytest.mark.parametrize("path", [OPEN, RENEW])
@pytest.mark.parametrize("fault", PASSING)
def test_no_passing_error_disconnects_the_account(bench: BlueskyBench, fault: Fault, path: str) -> None:
    if path == RENEW:
        publish(bench)
        bench.let_time_pass(timedelta(hours=3))
    before, posts = stored(bench), bench.count_posts()
    bench.script(fault, path=path)
    with pytest.raises(Unavailable):
        publish(bench, "Boo again")
    assert stored(bench) == before
    publish(bench, "Boo again")
    assert bench.count_posts() == posts + 1


@pytest.mark.parametrize("status", ["takendown", "deactivated", "suspended"])
def test_an_account_that_is_switched_off_disconnects(bench: BlueskyBench, status: str) -> None:
    prepared = bench.prepare()
    bench.sky.account.status = status
    for act in (bench.prepare, lambda: bench.publisher.publish(bench.post, prepared)):
        with pytest.raises(AccountDisconnected) as raised:
            act()
        assert "Look at the account" in raised.value.todo


def test_the_end_of_the_session_is_known_and_no_warning(bench: BlueskyBench) -> None:
    assert bench.publisher.tokens() == []
    publish(bench)
    [token] = bench.publisher.tokens()
    assert token.renews_itself
    assert timedelta(days=89) < token.expires_at - bench.now() <= timedelta(days=90, seconds=5)


@pytest.mark.parametrize("token", ["", "opaque", "a.b.c", "a.e30.c", "a.eyJleHAiOiJ4In0.c", "a.eyJleHAiOjFlOTl9.c"])
def test_a_token_that_says_no_end_has_none(token: str) -> None:
    assert ends_at(token) is None


def test_no_secret_is_in_a_log_an_error_or_a_repr(bench: BlueskyBench, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    shown: list[Any] = []
    for path, fault in [(OPEN, Fault.BAD_REQUEST), (OPEN, Fault.SERVER_ERROR), (PUT, Fault.BAD_REQUEST)]:
        bench.script(fault, path=path)
        with pytest.raises(PressroomError) as raised:
            publish(bench)
        shown += [str(raised.value), repr(raised.value), repr(raised.value.problem()), repr(raised.value.__cause__)]
    shown += [repr(bench.publisher), repr(vars(bench.publisher)), repr(vars(bench.publisher)["_api"].sign_in())]
    shown += [caplog.text]
    secrets = [bench.secrets.get(name) for name in bench.secrets.names() if not name.endswith("identifier")]
    assert len(secrets) == 4
    assert not [text for text in shown for secret in secrets if secret and secret in text]


def test_the_time_of_a_token_is_in_utc(bench: BlueskyBench) -> None:
    publish(bench)
    end = ends_at(bench.secrets.get(ACCESS) or "")
    assert isinstance(end, datetime)
    assert end.utcoffset() == timedelta(0)
