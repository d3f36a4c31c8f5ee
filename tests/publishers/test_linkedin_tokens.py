"""What of a LinkedIn channel ends is told in time; partners' tokens are renewed once; no secret is shown."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pressroom.errors import AccountDisconnected, ConfigurationError, PressroomError, Unavailable
from pressroom.publications import Post
from pressroom.publishers._linkedin_ends import ends_at, warnings
from pressroom.testing.clock import ManualClock
from tests.fakes.faults import Fault
from tests.publishers.linkedin_bench import LinkedInBench, a_bench

TOKEN_PATH = "/oauth/v2/accessToken"


@pytest.fixture
def bench() -> Iterator[LinkedInBench]:
    with a_bench(Post(text="Boo"), renewable=True) as bench:
        yield bench


def let_the_access_token_end(bench: LinkedInBench) -> None:
    bench.linkedin.advance(61 * 24 * 60 * 60)


class TestRenewal:
    def test_a_partners_ended_token_is_renewed_and_the_post_is_sent_once(self, bench: LinkedInBench) -> None:
        before = bench.secrets.get("channels.main.access_token")
        let_the_access_token_end(bench)
        bench.publisher.publish(bench.post, {})
        assert bench.secrets.get("channels.main.access_token") != before
        assert bench.count_posts() == 1
        assert len(bench.calls(TOKEN_PATH)) == 1

    def test_without_a_client_secret_nothing_is_renewed(self, bench: LinkedInBench) -> None:
        bench.secrets.remove("channels.main.client_secret")
        let_the_access_token_end(bench)
        with pytest.raises(AccountDisconnected, match="has expired") as raised:
            bench.publisher.publish(bench.post, {})
        assert "pressroom channels connect main" in raised.value.todo
        assert bench.calls(TOKEN_PATH) == []

    def test_a_refused_refresh_token_disconnects(self, bench: LinkedInBench) -> None:
        bench.secrets.set("channels.main.refresh_token", "AQ-stale-refresh-token")
        let_the_access_token_end(bench)
        with pytest.raises(AccountDisconnected, match="no longer renews"):
            bench.publisher.publish(bench.post, {})

    @pytest.mark.parametrize("fault", [Fault.SERVER_ERROR, Fault.RATE_LIMITED, Fault.JUNK_BODY, Fault.TOO_LARGE])
    def test_no_passing_error_disconnects_the_account(self, bench: LinkedInBench, fault: Fault) -> None:
        let_the_access_token_end(bench)
        bench.script(fault, path=TOKEN_PATH)
        with pytest.raises(Unavailable):
            bench.publisher.publish(bench.post, {})
        bench.publisher.publish(bench.post, {})
        assert bench.count_posts() == 1


class TestEnds:
    @pytest.mark.parametrize(
        ("version", "day"),
        [("202601", "2027-01-15"), ("202603", "2027-03-16"), ("202607", "2027-07-01"), ("202511", "2026-11-16")],
    )
    def test_a_version_ends_when_linkedin_says_or_after_a_year_at_the_earliest(self, version: str, day: str) -> None:
        assert ends_at(version).date().isoformat() == day

    def test_the_version_and_a_known_end_of_the_token_are_told(self) -> None:
        with a_bench() as bench:
            assert [token.kind for token in bench.publisher.tokens()] == ["API version 202607"]
            bench.secrets.set("channels.main.access_token_expires_at", "2027-01-19T12:00:00+00:00")
            token = bench.publisher.tokens()[-1]
            assert (token.kind, token.expires_at) == ("access token", datetime(2027, 1, 19, 12, tzinfo=UTC))
            assert "connect" in token.todo

    def test_of_a_partners_tokens_the_end_of_the_refresh_token_counts(self, bench: LinkedInBench) -> None:
        bench.secrets.set("channels.main.access_token_expires_at", "2020-01-01T00:00:00+00:00")
        bench.secrets.set("channels.main.refresh_token_expires_at", "2027-11-01T00:00:00+00:00")
        assert [token.kind for token in bench.publisher.tokens()] == ["API version 202607", "refresh token"]

    @pytest.mark.parametrize(
        ("left", "said", "ok"),
        [
            (timedelta(days=15), "", True),
            (timedelta(days=13, hours=1), "The access token ends in 13 days", True),
            (timedelta(days=6, hours=1), "Soon: the access token ends in 6 days", True),
            (timedelta(hours=20), "Very soon: the access token ends in 20 hours", True),
            (timedelta(hours=-1), "The access token ended on", False),
        ],
    )
    def test_a_check_warns_before_the_token_ends(self, left: timedelta, said: str, ok: bool) -> None:
        with a_bench() as bench:
            ends = bench.now() + left + timedelta(seconds=1)
            bench.secrets.set("channels.main.access_token_expires_at", ends.isoformat())
            found = [one for one in bench.publisher.check() if "token end" in one.what]
            assert [one.ok for one in found] == ([ok] if said else [])
            assert all(said in one.what and one.todo for one in found)

    @pytest.mark.parametrize(
        ("version", "left", "said"),
        [
            ("202601", timedelta(days=61), ""),
            ("202601", timedelta(days=59), "API version 202601 ends in 59 days, on 2027-01-15"),
            ("202601", timedelta(days=-1), "API version 202601 may have ended on 2027-01-15"),
            ("202607", timedelta(days=30), "API version 202607 ends in 30 days, on 2027-07-01"),
        ],
    )
    def test_a_check_warns_sixty_days_before_the_version_ends(self, version: str, left: timedelta, said: str) -> None:
        with a_bench() as bench:
            channel = replace(bench.publisher.channel, clock=ManualClock(ends_at(version) - left))
            found = list(warnings(version, channel))
            assert [said in one.what and one.ok and "api_version" in one.todo for one in found] == [True] * bool(said)

    def test_an_end_that_is_no_time_is_named(self) -> None:
        with a_bench() as bench:
            bench.secrets.set("channels.main.access_token_expires_at", "in spring")
            with pytest.raises(ConfigurationError, match="access_token_expires_at"):
                bench.publisher.tokens()


class TestConnecting:
    def test_a_member_is_asked_for_little_and_told_what_to_write(self, bench: LinkedInBench) -> None:
        with a_bench(organization=False, renewable=True) as bench:
            oauth = bench.publisher.oauth()
            assert oauth is not None
            assert not oauth.uses_pkce
            assert oauth.scopes == ("openid", "profile", "w_member_social")
            access, _ = bench.linkedin.connect()
            connected = oauth.finish({"access_token": access.text, "expires_in": 5_184_000})
            assert connected.settings == {"author": bench.linkedin.member.urn}
            assert connected.secrets["access_token"] == access.text
            ends = datetime.fromisoformat(connected.secrets["access_token_expires_at"])
            assert ends == bench.now() + timedelta(days=60) == connected.expires_at

    def test_an_organisation_needs_other_scopes_and_keeps_a_partners_refresh_token(self, bench: LinkedInBench) -> None:
        oauth = bench.publisher.oauth()
        assert oauth is not None
        assert "r_organization_social" in oauth.scopes
        document = {"access_token": "a", "refresh_token": "r", "refresh_token_expires_in": 60}
        connected = oauth.finish(document)
        assert connected.secrets.keys() == {"access_token", "refresh_token", "refresh_token_expires_at"}
        assert connected.account == bench.linkedin.organization

    def test_a_token_that_linkedin_does_not_know_is_not_stored(self) -> None:
        with a_bench(organization=False, renewable=True) as bench:
            oauth = bench.publisher.oauth()
            assert oauth is not None
            with pytest.raises(AccountDisconnected):
                oauth.finish({"access_token": "unknown"})

    def test_a_missing_client_is_named(self) -> None:
        with a_bench() as bench, pytest.raises(ConfigurationError, match="client_id"):
            bench.publisher.oauth()


def test_no_secret_is_in_a_log_an_error_or_a_repr(bench: LinkedInBench, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    shown = []
    for fault in (Fault.BAD_REQUEST, Fault.SERVER_ERROR, Fault.CUT_BEFORE_PROCESSING, Fault.TIMEOUT_NOT_PROCESSED):
        bench.script(fault, method="POST", path="/rest/posts")
        with pytest.raises(PressroomError) as raised:
            bench.publisher.publish(bench.post, {})
        shown += [str(raised.value), repr(raised.value), str(raised.value.problem()), repr(raised.value.__cause__)]
    shown += [repr(bench.publisher), repr(vars(bench.publisher)), caplog.text]
    for name in ("access_token", "refresh_token", "client_secret"):
        secret = bench.secrets.get(f"channels.main.{name}")
        assert secret
        assert not any(secret in text for text in shown)
