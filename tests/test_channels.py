"""The breaker, the pace and the pause of a channel."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from pressroom.channels import ChannelState, Pace
from pressroom.posting_windows import parse_window

NOW = datetime(2026, 10, 31, 8, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
PACE = Pace(failures=3, first_break=30 * SECOND, longest_break=100 * SECOND)
NEW = ChannelState(name="main")


def failed(times: int) -> ChannelState:
    state = NEW
    for _ in range(times):
        state = state.failed(NOW, PACE, "HTTP 503")
    return state


def test_a_new_channel_sends_at_once() -> None:
    assert NEW.waits_until(NOW, PACE) is None


def test_a_few_failures_do_not_open_the_breaker() -> None:
    assert failed(2).waits_until(NOW, PACE) is None


def test_so_many_failures_in_a_row_open_it() -> None:
    state = failed(3)
    assert state.waits_until(NOW, PACE) == NOW + 30 * SECOND
    assert state.why == "HTTP 503"


def test_one_more_failure_doubles_the_break_up_to_the_longest() -> None:
    breaks = [failed(times).waits_until(NOW, PACE) for times in (3, 4, 5, 6)]
    assert breaks == [NOW + seconds * SECOND for seconds in (30, 60, 100, 100)]


def test_however_many_failures_there_are_the_break_is_the_longest() -> None:
    pace = Pace(failures=1)
    assert failed(1000).failed(NOW, pace, "HTTP 503").waits_until(NOW, pace) == NOW + pace.longest_break


def test_after_the_break_one_post_may_go_out() -> None:
    assert failed(3).waits_until(NOW + 30 * SECOND, PACE) is None


def test_a_success_closes_the_breaker_and_forgets_the_failures() -> None:
    state = failed(5).succeeded(NOW)
    assert (state.failures, state.closed_until, state.why) == (0, None, "")
    assert state.last_sent_at == NOW


def test_a_rate_limit_keeps_the_channel_waiting_and_is_no_failure() -> None:
    state = NEW.limited(NOW + 900 * SECOND, "429")
    assert state.waits_until(NOW, PACE) == NOW + 900 * SECOND
    assert state.failures == 0


def test_a_success_does_not_end_a_rate_limit_before_its_time() -> None:
    limited = failed(3).limited(NOW + 900 * SECOND, "429")
    state = limited.succeeded(NOW)
    assert (state.failures, state.why) == (0, "429")
    assert state.waits_until(NOW, PACE) == NOW + 900 * SECOND
    after = state.succeeded(NOW + 900 * SECOND)
    assert (after.closed_until, after.limit_until, after.why) == (None, "", "")


def test_a_success_ends_what_the_breaker_asks_for_beyond_a_rate_limit() -> None:
    state = failed(4).limited(NOW + 10 * SECOND, "429")
    assert state.waits_until(NOW, PACE) == NOW + 60 * SECOND
    assert state.succeeded(NOW).waits_until(NOW, PACE) == NOW + 10 * SECOND


def test_a_rate_limit_shortens_neither_a_longer_one_nor_the_breakers_rest() -> None:
    state = NEW.limited(NOW + 900 * SECOND, "429")
    assert state.limited(NOW + 10 * SECOND, "429").waits_until(NOW, PACE) == NOW + 900 * SECOND
    assert failed(5).limited(NOW + 10 * SECOND, "429").waits_until(NOW, PACE) == NOW + 100 * SECOND


def test_a_failure_does_not_shorten_a_rate_limit() -> None:
    state = failed(2).limited(NOW + 900 * SECOND, "429").failed(NOW, PACE, "HTTP 503")
    assert state.waits_until(NOW, PACE) == NOW + 900 * SECOND


def test_two_posts_keep_their_distance() -> None:
    pace = Pace(minimum_gap=60 * SECOND)
    state = NEW.succeeded(NOW)
    assert state.waits_until(NOW + SECOND, pace) == NOW + 60 * SECOND
    assert state.waits_until(NOW + 60 * SECOND, pace) is None


def test_a_clock_that_was_set_ahead_and_back_stops_no_channel() -> None:
    pace = Pace(minimum_gap=60 * SECOND, per_day=1)
    ahead = NOW + timedelta(days=3)
    state = NEW.taken(ahead, pace, "pub_1").succeeded(ahead)
    assert state.waits_until(NOW, pace) is None
    assert state.taken(NOW, pace, "pub_2").succeeded(NOW).posts == ("pub_2",)


def test_a_clock_that_is_a_little_ahead_keeps_the_gap_all_the_same() -> None:
    pace = Pace(minimum_gap=60 * SECOND)
    assert NEW.succeeded(NOW + SECOND).waits_until(NOW, pace) == NOW + 61 * SECOND


def test_whoever_resumes_a_channel_does_not_wait_for_its_gap() -> None:
    assert NEW.succeeded(NOW).resume().waits_until(NOW, Pace(minimum_gap=60 * SECOND)) is None


def test_the_longest_of_all_reasons_to_wait_counts() -> None:
    pace = Pace(minimum_gap=60 * SECOND)
    state = NEW.succeeded(NOW).limited(NOW + 10 * SECOND, "429")
    assert state.waits_until(NOW, pace) == NOW + 60 * SECOND
    assert state.limited(NOW + 90 * SECOND, "429").waits_until(NOW, pace) == NOW + 90 * SECOND


def test_with_a_gap_as_a_probe_and_on_a_nearly_full_day_only_so_many_are_let_go() -> None:
    assert NEW.lets_go(NOW, PACE, 8) == 8
    assert NEW.lets_go(NOW, Pace(minimum_gap=SECOND), 8) == 1
    assert failed(3).lets_go(NOW + 30 * SECOND, PACE, 8) == 1
    day = Pace(per_day=3)
    assert NEW.lets_go(NOW, day, 8) == 3
    assert NEW.taken(NOW, day, "pub_1").lets_go(NOW, day, 8) == 2
    assert NEW.taken(NOW, day, "pub_1").lets_go(NOW + timedelta(days=1), day, 8) == 3
    assert NEW.lets_go(NOW, day, 1) == 1


def test_a_channel_that_waits_or_is_paused_lets_nobody_go() -> None:
    assert failed(3).lets_go(NOW, PACE, 8) == 0
    assert NEW.pause("Revoked.").lets_go(NOW, PACE, 8) == 0
    assert NEW.taken(NOW, Pace(per_day=1), "pub_1").lets_go(NOW, Pace(per_day=1), 8) == 0


def test_a_pause_says_why_until_somebody_resumes() -> None:
    paused = failed(3).pause("The account has no credit left.")
    assert paused.paused == "The account has no credit left."
    resumed = paused.resume()
    assert (resumed.paused, resumed.failures, resumed.waits_until(NOW, PACE)) == ("", 0, None)
    assert NEW.limited(NOW + 900 * SECOND, "429").resume() == NEW


def test_why_a_post_waits_is_the_reason_that_applies() -> None:
    full = ChannelState(name="main", day="2026-10-31", posts=("pub_1",))
    assert "1 a day" in full.why_waits(NOW, Pace(per_day=1), "pub_2")
    assert "window" in NEW.why_waits(NOW, Pace(windows=(parse_window("20:00-21:00"),)))
    assert "between two posts" in NEW.why_waits(NOW, Pace(minimum_gap=SECOND))
    assert NEW.limited(NOW + SECOND, "Slow down.").why_waits(NOW, PACE) == "Slow down."


def test_a_failure_while_a_limit_stands_does_not_hide_why_the_channel_waits() -> None:
    limited = NEW.limited(NOW + 900 * SECOND, "Slow down.")
    assert limited.failed(NOW, PACE, "HTTP 503").why == "Slow down."
    assert NEW.failed(NOW, PACE, "HTTP 503").why == "HTTP 503"
