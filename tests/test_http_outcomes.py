"""What an answer means for the queue, and what of it is kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressroom.errors import (
    AccountDisconnected,
    OutcomeUnknown,
    OutOfCredit,
    PostRejected,
    PressroomError,
    RateLimited,
    Unavailable,
)
from pressroom.http_answers import Answer, NoAnswer, NotSent
from pressroom.http_outcomes import LONGEST_WAIT, Call, excerpt, parse_moment, retry_at, with_answer, without_answer

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
UPLOAD = Call(service="Somewhere", where="channel main", doing="upload a picture")
PUBLISH = Call(service="Somewhere", where="channel main", doing="publish the post", is_public=True)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("120", NOW + timedelta(seconds=120)),
        ("0.5", NOW + timedelta(seconds=0.5)),
        (str(int(NOW.timestamp()) + 60), NOW + timedelta(seconds=60)),
        (str((int(NOW.timestamp()) + 60) * 1000), NOW + timedelta(seconds=60)),
        ("Fri, 20 Nov 2026 12:05:00 GMT", NOW + timedelta(minutes=5)),
        ("2026-11-20T12:05:00Z", NOW + timedelta(minutes=5)),
        ("2026-11-20T13:05:00+01:00", NOW + timedelta(minutes=5)),
        ("6m0s", NOW + timedelta(minutes=6)),
        ("1h2.5s", NOW + timedelta(hours=1, seconds=2.5)),
        ("350ms", NOW + timedelta(milliseconds=350)),
        ("999999999d", NOW + LONGEST_WAIT),
        ("", None),
        ("6m soon", None),
        ("soon", None),
        ("nan", None),
        ("inf", None),
        ("1e300", None),
    ],
)
def test_a_moment_is_read_in_every_form_that_services_write(text: str, moment: datetime | None) -> None:
    assert parse_moment(text, NOW) == moment


@given(st.text(max_size=40))
def test_no_text_at_all_breaks_the_reading_of_a_moment(text: str) -> None:
    found = retry_at(Answer(429, {"retry-after": text}), NOW)
    assert found is None or NOW < found <= NOW + LONGEST_WAIT


def test_of_two_waits_the_longer_one_counts() -> None:
    answer = Answer(429, {"retry-after": "5", "x-reset": str(int(NOW.timestamp()) + 600)})
    assert retry_at(answer, NOW, ["x-reset"]) == NOW + timedelta(minutes=10)


def test_a_window_in_which_something_is_left_does_not_count() -> None:
    answer = Answer(429, {"retry-after": "5", "x-reset": str(int(NOW.timestamp()) + 600), "x-remaining": "3"})
    assert retry_at(answer, NOW, ["x-reset"]) == NOW + timedelta(seconds=5)


def test_a_wait_that_is_over_already_is_none() -> None:
    assert retry_at(Answer(429, {"retry-after": "Fri, 20 Nov 2026 11:00:00 GMT"}), NOW) is None


def test_nobody_waits_for_a_year() -> None:
    assert retry_at(Answer(429, {"retry-after": "31536000"}), NOW) == NOW + LONGEST_WAIT


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, PostRejected),
        (401, AccountDisconnected),
        (402, OutOfCredit),
        (403, PostRejected),
        (404, PostRejected),
        (413, PostRejected),
        (422, PostRejected),
        (429, RateLimited),
    ],
)
@pytest.mark.parametrize("call", [UPLOAD, PUBLISH])
def test_a_clear_refusal_means_the_same_for_every_call(call: Call, status: int, kind: type[PressroomError]) -> None:
    assert type(with_answer(call, Answer(status), NOW)) is kind


@pytest.mark.parametrize("status", [200, 201, 302, 408, 425, 500, 502, 503, 504, 599])
def test_an_unclear_answer_may_be_asked_for_again_unless_the_call_was_public(status: int) -> None:
    assert type(with_answer(UPLOAD, Answer(status), NOW)) is Unavailable
    assert type(with_answer(PUBLISH, Answer(status), NOW)) is OutcomeUnknown


def test_what_was_not_sent_may_be_sent_again_even_if_it_is_public() -> None:
    assert type(without_answer(PUBLISH, NotSent("no connection"))) is Unavailable


def test_what_may_have_been_sent_is_unknown_if_it_is_public() -> None:
    assert type(without_answer(PUBLISH, NoAnswer("it was cut"))) is OutcomeUnknown
    assert type(without_answer(UPLOAD, NoAnswer("it was cut"))) is Unavailable


@pytest.mark.parametrize(
    ("error", "is_unclear"),
    [
        (without_answer(UPLOAD, NotSent("no connection")), False),
        (without_answer(UPLOAD, NoAnswer("it was cut")), True),
        (with_answer(UPLOAD, Answer(200), NOW), True),
        (with_answer(UPLOAD, Answer(503), NOW), False),
        (with_answer(UPLOAD, Answer(429), NOW), False),
    ],
)
def test_only_an_answer_that_was_lost_leaves_open_whether_it_was_charged(
    error: PressroomError, is_unclear: bool
) -> None:
    assert isinstance(error, Unavailable)
    assert error.is_unclear is is_unclear


def test_a_rate_limit_without_headers_waits_the_given_time() -> None:
    error = with_answer(PUBLISH, Answer(429), NOW, default_wait=timedelta(minutes=15))
    assert isinstance(error, RateLimited)
    assert error.retry_at == NOW + timedelta(minutes=15)


def test_an_overload_says_when_to_come_back() -> None:
    error = with_answer(UPLOAD, Answer(503, {"retry-after": "7"}), NOW)
    assert isinstance(error, Unavailable)
    assert error.retry_at == NOW + timedelta(seconds=7)


def test_an_error_names_the_service_the_thing_and_the_reason() -> None:
    error = with_answer(PUBLISH, Answer(422), NOW, reason="The text is too long.")
    assert error.what == "Somewhere refused to publish the post: The text is too long."
    assert error.where == "channel main"
    assert error.todo


def test_secrets_are_in_no_part_of_an_error() -> None:
    call = Call(service="Somewhere", where="channel main", doing="publish", secrets=("s3cr3t-value",))
    body = b'{"detail": "s3cr3t-value is over", "access_token": "another1secret"}'
    for status in (400, 401, 402, 429, 500):
        error = with_answer(call, Answer(status, {}, body), NOW, reason="s3cr3t-value is over")
        said = " ".join([str(error), error.what, error.todo, error.detail, repr(error), repr(call)])
        assert "s3cr3t-value" not in said
        assert "another1secret" not in said


def test_of_a_long_answer_only_the_beginning_is_kept() -> None:
    assert len(excerpt(Answer(500, {}, b"<p>" * 100_000), ())) < 600


def test_an_answer_that_is_no_whole_object_is_no_document() -> None:
    assert Answer(200, {}, b'{"id": 1}').document() == {"id": 1}
    for answer in (
        Answer(200),
        Answer(200, {}, b"[1]"),
        Answer(200, {}, b"\xff\xfe"),
        Answer(200, {}, b"<html>"),
        Answer(200, {}, b'{"id": 1}', is_whole=False),
    ):
        assert answer.document() is None
