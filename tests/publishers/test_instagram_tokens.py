"""Instagram's long-lived tokens are renewed before they end, once, and kept with their end."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from pressroom.errors import AccountDisconnected, PressroomError, Unavailable
from pressroom.publishers.instagram import Instagram
from tests.fakes.faults import Fault
from tests.fakes.meta_state import HOUR_SECONDS
from tests.publishers.instagram_bench import InstagramBench, a_bench

ACCESS, EXPIRES = "channels.main.access_token", "channels.main.access_token_expires_at"
PATH = "/refresh_access_token"


@pytest.fixture
def bench() -> Iterator[InstagramBench]:
    with a_bench() as bench:
        yield bench


def end(bench: InstagramBench) -> datetime:
    return bench.publisher.tokens()[-1].expires_at


def test_a_token_of_which_no_end_is_known_is_renewed_and_its_end_kept(bench: InstagramBench) -> None:
    before = bench.secrets.get(ACCESS)
    assert bench.publisher.tokens() == []
    bench.publisher.publish(bench.post, bench.prepare())
    assert bench.secrets.get(ACCESS) != before
    assert end(bench) == bench.now() + timedelta(days=60)
    assert bench.publisher.tokens()[-1].renews_itself


def test_a_token_is_left_alone_until_a_week_before_its_end(bench: InstagramBench) -> None:
    bench.prepare()
    bench.clock.advance(days=52)
    bench.prepare()
    assert len(bench.calls(PATH)) == 1
    bench.clock.advance(days=2)
    bench.instagram.advance(54 * 24 * HOUR_SECONDS)
    bench.prepare()
    assert len(bench.calls(PATH)) == 2
    assert end(bench) == bench.now() + timedelta(days=60)


def test_a_token_that_is_too_young_stays_and_is_not_asked_for_again_before_the_next_day(bench: InstagramBench) -> None:
    young = bench.instagram.connect(bench.instagram.account, age_seconds=0).text
    bench.secrets.set(ACCESS, young)
    bench.prepare()
    bench.prepare()
    assert bench.secrets.get(ACCESS) == young
    assert len(bench.calls(PATH)) == 1
    bench.clock.advance(hours=25)
    bench.instagram.advance(25 * HOUR_SECONDS)
    bench.prepare()
    assert bench.secrets.get(ACCESS) != young


@pytest.mark.parametrize("fault", [Fault.SERVER_ERROR, Fault.JUNK_BODY, Fault.RATE_LIMITED, Fault.EMPTY_BODY])
def test_a_renewal_that_fails_stands_in_no_posts_way(bench: InstagramBench, fault: Fault) -> None:
    before = bench.secrets.get(ACCESS)
    bench.script(fault, path=PATH)
    bench.publisher.publish(bench.post, bench.prepare())
    assert bench.secrets.get(ACCESS) == before
    assert bench.count_posts() == 1


def test_the_end_of_a_token_that_was_replaced_is_not_the_end_of_the_new_one(bench: InstagramBench) -> None:
    bench.prepare()
    bench.secrets.set(ACCESS, bench.instagram.connect(bench.instagram.account).text)
    assert bench.publisher.tokens() == []


def test_many_who_find_it_due_at_once_renew_it_once(bench: InstagramBench) -> None:
    publishers = [Instagram(bench.publisher.channel) for _ in range(4)]
    together = threading.Barrier(4)

    def prepare(publisher: Instagram) -> str:
        together.wait(10)
        return str(publisher.prepare(bench.post, bench.read, {}, lambda _: None)["container"]["id"])

    # One that has read the old token just before it was replaced is told so, and tries again later.
    with ThreadPoolExecutor(4) as threads:
        tries = [threads.submit(prepare, publisher) for publisher in publishers]
    errors = [error for one in tries if (error := one.exception())]
    assert all(isinstance(error, Unavailable) for error in errors)
    assert len(bench.calls(PATH)) == 1


@pytest.mark.parametrize("token", ["", "two tokens", "tökén"])
def test_what_cannot_be_a_token_is_told_before_anything_is_sent(bench: InstagramBench, token: str) -> None:
    bench.secrets.remove(ACCESS)
    if token:
        bench.secrets.set(ACCESS, token)
    with pytest.raises(AccountDisconnected, match=r"channels\.main\.access_token is not") as raised:
        bench.prepare()
    assert not token or token not in str(raised.value)
    assert bench.calls() == []


def test_a_token_that_is_over_disconnects_the_account(bench: InstagramBench) -> None:
    bench.instagram.advance(61 * 24 * HOUR_SECONDS)
    with pytest.raises(AccountDisconnected, match="Session has expired") as raised:
        bench.prepare()
    assert "pressroom secrets set channels.main.access_token" in raised.value.todo


def test_no_secret_is_in_a_log_or_an_error(bench: InstagramBench, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    shown = []
    for fault in (Fault.SERVER_ERROR, Fault.BAD_REQUEST, Fault.TIMEOUT_NOT_PROCESSED):
        bench.script(fault, path=PATH)
        bench.prepare()
        bench.clock.advance(days=2)
    prepared = bench.prepare()
    for fault in (Fault.BAD_REQUEST, Fault.SERVER_ERROR, Fault.CUT_BEFORE_PROCESSING):
        bench.script(fault, method="POST")
        with pytest.raises(PressroomError) as raised:
            bench.publisher.publish(bench.post, prepared)
        shown += [str(raised.value), repr(raised.value), str(raised.value.problem()), repr(raised.value.__cause__)]
    shown += [caplog.text, repr(bench.publisher), repr(vars(bench.publisher)), repr(prepared)]
    for name in (ACCESS, "channels.main.app_secret"):
        secret = bench.secrets.get(name)
        assert secret
        assert not any(secret in text for text in shown)
