"""What each error of the Graph API means for a post, whichever network says it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pressroom.errors import AccountDisconnected, OutcomeUnknown, PostRejected, PressroomError, RateLimited, Unavailable
from pressroom.http_answers import Answer
from pressroom.http_outcomes import Call
from pressroom.publishers._meta_errors import Duplicate, NoSuchObject, explain, limit_ends_at

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def told(
    error: dict[str, Any],
    *,
    status: int = 400,
    is_public: bool = True,
    headers: dict[str, str] | None = None,
) -> PressroomError | None:
    call = Call(
        service="Facebook", where="channel main", doing="publish the post", is_public=is_public, secrets=("tok-1234",)
    )
    answer = Answer(status, headers or {}, json.dumps({"error": {"message": "No. tok-1234", **error}}).encode())
    return explain(call, answer, NOW, "channels.main")


@pytest.mark.parametrize(
    ("code", "subcode", "kind"),
    [
        (190, 463, AccountDisconnected),
        (102, 0, AccountDisconnected),
        (10, 0, AccountDisconnected),
        (200, 0, AccountDisconnected),
        (299, 0, AccountDisconnected),
        (2635, 0, AccountDisconnected),
        (25, 2207050, AccountDisconnected),
        (4, 0, RateLimited),
        (17, 0, RateLimited),
        (32, 0, RateLimited),
        (613, 0, RateLimited),
        (368, 1390008, RateLimited),
        (80002, 0, RateLimited),
        (9, 2207042, RateLimited),
        (4, 2207051, OutcomeUnknown),
        (-1, 2207001, OutcomeUnknown),
        (-1, 2207082, OutcomeUnknown),
        (1, 0, OutcomeUnknown),
        (2, 0, OutcomeUnknown),
        (9007, 2207027, Unavailable),
        (9004, 2207052, Unavailable),
        (-2, 2207003, Unavailable),
        (-2, 2207020, Unavailable),
        (24, 2207006, Unavailable),
        (36000, 2207004, PostRejected),
        (36001, 2207005, PostRejected),
        (36003, 2207009, PostRejected),
        (36004, 2207010, PostRejected),
        (1366046, 0, PostRejected),
        (1366051, 0, Duplicate),
        (506, 1455006, Duplicate),
        (100, 33, NoSuchObject),
    ],
)
def test_a_code_means_what_the_queue_must_do(code: int, subcode: int, kind: type[PressroomError]) -> None:
    error = told({"code": code, "error_subcode": subcode})
    assert type(error) is kind
    assert error.what.endswith(".")
    assert error.todo
    assert "tok-1234" not in str(error) + error.detail


@pytest.mark.parametrize(("code", "subcode"), [(1, 0), (2, 0), (-1, 2207001), (100, 0)])
def test_what_is_unclear_before_anything_is_public_is_tried_again(code: int, subcode: int) -> None:
    error = told({"code": code, "error_subcode": subcode, "is_transient": True}, is_public=False)
    assert type(error) is Unavailable


def test_a_blocked_action_before_anything_is_public_is_waited_for() -> None:
    error = told({"code": 4, "error_subcode": 2207051}, is_public=False)
    assert isinstance(error, RateLimited)


def test_an_error_that_says_that_it_passes_leaves_a_public_call_unclear() -> None:
    assert isinstance(told({"code": 12345, "is_transient": True}), OutcomeUnknown)


def test_any_other_error_means_what_its_status_means() -> None:
    assert told({"code": 100, "error_subcode": 1234}) is None
    assert explain(Call(service="F", where="w", doing="d"), Answer(400, {}, b"<html>"), NOW, "channels.main") is None


def test_a_limit_is_over_when_the_header_says_so() -> None:
    usage = {"1": [{"call_count": 100, "estimated_time_to_regain_access": 19}]}
    error = told({"code": 80001}, headers={"x-business-use-case-usage": json.dumps(usage)})
    assert isinstance(error, RateLimited)
    assert error.retry_at == NOW + timedelta(minutes=19)


def test_no_limit_is_waited_for_longer_than_a_day() -> None:
    usage = {"1": [{"call_count": 100, "estimated_time_to_regain_access": 100_000}]}
    error = told({"code": 80001}, headers={"x-business-use-case-usage": json.dumps(usage)})
    assert isinstance(error, RateLimited)
    assert error.retry_at == NOW + timedelta(days=1)


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({}, None),
        ({"x-app-usage": '{"call_count": 99, "total_time": 3, "total_cputime": 1}'}, None),
        ({"x-app-usage": '{"call_count": 28, "total_time": 100, "total_cputime": 1}'}, 15),
        ({"x-business-use-case-usage": '{"1": [{"call_count": 3}, {"call_count": 100}]}'}, 15),
        ({"x-business-use-case-usage": "junk"}, None),
        ({"x-app-usage": "[1]"}, None),
        ({"x-app-usage": '{"call_count": "many"}'}, None),
    ],
)
def test_usage_headers_say_whether_anything_is_left(headers: dict[str, str], wait: int | None) -> None:
    expected = None if wait is None else NOW + timedelta(minutes=wait)
    assert limit_ends_at(Answer(200, headers), NOW) == expected


def test_a_token_that_was_renewed_meanwhile_disconnects_nobody() -> None:
    call = Call(service="Threads", where="channel main", doing="publish the post", is_public=True)
    answer = Answer(400, {}, b'{"error": {"message": "Session has expired.", "code": 190}}')
    assert type(explain(call, answer, NOW, "channels.main", is_replaced=True)) is Unavailable
