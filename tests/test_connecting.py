"""Connecting an account: the whole flow against the fake X, and what becomes of the channel."""

from __future__ import annotations

import hashlib
import json
import threading
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from pressroom.code_exchange import NotConnected
from pressroom.connecting import Begun, NotOurs, NoWayIn, arrive, begin, finish, settings_to_write
from pressroom.errors import BadInput, ConfigurationError
from pressroom.http_answers import Answer, Deadline
from pressroom.http_calls import HttpCalls
from pressroom.oauth import Connected, OAuth
from pressroom.publications import PublicationState
from pressroom.tokens import Tokens, renewed
from tests.entrypoints.edition import UNKNOWN, Edition
from tests.fakes.faults import Fault
from tests.newcomer import BACK, Newcomer, a_newcomer, come_back, query_of

TOKEN_PATH = "/2/oauth2/token"


@pytest.fixture
def newcomer() -> Iterator[Newcomer]:
    with a_newcomer() as one:
        yield one


def changed(newcomer: Newcomer, monkeypatch: pytest.MonkeyPatch, **fields: Any) -> OAuth:
    """Let the publisher describe another flow than X's."""
    oauth = newcomer.publisher.oauth()
    assert oauth is not None
    other = replace(oauth, **fields)
    monkeypatch.setattr(newcomer.publisher, "oauth", lambda: other)
    return other


class TestBeginning:
    def test_the_address_asks_for_a_code_with_a_proof_and_all_scopes(self, newcomer: Newcomer) -> None:
        begun = begin(newcomer.publisher, BACK)
        query = query_of(begun.url)
        digest = hashlib.sha256(begun.verifier.encode()).digest()
        assert begun.url.startswith(newcomer.x.base_url + "/i/oauth2/authorize?")
        assert query["code_challenge"] == urlsafe_b64encode(digest).rstrip(b"=").decode()
        assert query["code_challenge_method"] == "S256"
        assert query["scope"].split() == ["tweet.read", "tweet.write", "users.read", "media.write", "offline.access"]
        assert (query["response_type"], query["redirect_uri"], query["state"]) == ("code", BACK, begun.state)
        assert "+" not in begun.url

    def test_no_two_attempts_share_a_state_or_a_proof(self, newcomer: Newcomer) -> None:
        one, other = (begin(newcomer.publisher, BACK) for _ in range(2))
        assert one.state != other.state
        assert one.verifier != other.verifier
        assert 43 <= len(one.verifier) <= 128

    def test_an_attempt_shows_nothing_that_would_let_another_finish_it(self, newcomer: Newcomer) -> None:
        begun = begin(newcomer.publisher, BACK)
        assert begun.state not in repr(begun)
        assert begun.verifier not in repr(begun)

    def test_a_network_without_proof_is_sent_none(self, newcomer: Newcomer, monkeypatch: pytest.MonkeyPatch) -> None:
        changed(newcomer, monkeypatch, uses_pkce=False, scope_separator=",", more={"prompt": "login"})
        query = query_of(begin(newcomer.publisher, BACK).url)
        assert "code_challenge" not in query
        assert query["scope"].startswith("tweet.read,tweet.write")
        assert query["prompt"] == "login"

    def test_a_page_that_has_parameters_already_keeps_them(
        self, newcomer: Newcomer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        changed(newcomer, monkeypatch, authorize_url="https://press.example/allow?tenant=7")
        url = begin(newcomer.publisher, BACK).url
        assert url.startswith("https://press.example/allow?tenant=7&")

    def test_a_page_that_is_no_web_address_is_refused(
        self, newcomer: Newcomer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        changed(newcomer, monkeypatch, authorize_url="javascript:alert(1)")
        with pytest.raises(ConfigurationError):
            begin(newcomer.publisher, BACK)

    @pytest.mark.parametrize(
        "address",
        ["callback", "ftp://a/b", "http://a/b#c", "http://a:99999/b", "http://[/b", "http://a/ b", "https://"],
    )
    def test_what_is_no_address_to_come_back_to_is_refused(self, newcomer: Newcomer, address: str) -> None:
        with pytest.raises(BadInput, match="no address that a browser can be sent back to"):
            begin(newcomer.publisher, address)

    def test_a_network_without_a_login_says_which_secrets_it_needs(self, newcomer: Newcomer) -> None:
        with pytest.raises(NoWayIn) as told:
            begin(newcomer.runtime.publishing.publisher("preview"), BACK)
        assert "needs no account" in told.value.what

    def test_a_missing_client_id_is_told_with_where_to_get_it(self, newcomer: Newcomer) -> None:
        newcomer.runtime.ports.secrets.remove("channels.main.client_id")
        with pytest.raises(ConfigurationError) as told:
            begin(newcomer.publisher, BACK)
        assert "pressroom secrets set channels.main.client_id" in told.value.todo

    def test_keys_of_the_older_way_to_sign_in_are_not_mixed_with_new_tokens(self, newcomer: Newcomer) -> None:
        newcomer.runtime.ports.secrets.set("channels.main.access_token_secret", "of-oauth-1")
        with pytest.raises(ConfigurationError) as told:
            begin(newcomer.publisher, BACK)
        assert "pressroom secrets remove channels.main.access_token_secret" in told.value.todo


class TestFinishing:
    def test_a_code_comes_to_tokens_that_are_stored_together(self, newcomer: Newcomer) -> None:
        begun = begin(newcomer.publisher, BACK)
        connected = finish(newcomer.publisher, begun, come_back(begun))
        assert connected.account == "@pressroom"
        assert newcomer.secret("access_token") == connected.secrets["access_token"]
        assert newcomer.secret("refresh_token") == connected.secrets["refresh_token"]
        assert [finding.ok for finding in newcomer.publisher.check()] == [True]

    def test_an_app_without_a_secret_names_itself_in_the_form(self) -> None:
        with a_newcomer(client_secret=None) as newcomer:
            begun = begin(newcomer.publisher, BACK)
            assert finish(newcomer.publisher, begun, come_back(begun)).account == "@pressroom"

    def test_what_belongs_to_another_attempt_stores_nothing_and_asks_nobody(self, newcomer: Newcomer) -> None:
        mine, other = (begin(newcomer.publisher, BACK) for _ in range(2))
        brought = come_back(other)
        asked = len(newcomer.x.requests)
        for query in (brought, {"code": brought["code"]}, {"code": "x", "state": ""}, {"state": "ä"}, {}):
            with pytest.raises(NotOurs):
                finish(newcomer.publisher, mine, query)
        assert newcomer.secret("access_token") is None
        assert len(newcomer.x.requests) == asked

    def test_a_code_is_of_no_use_with_the_proof_of_another_attempt(self, newcomer: Newcomer) -> None:
        mine, other = (begin(newcomer.publisher, BACK) for _ in range(2))
        stolen = come_back(mine) | {"state": other.state}
        with pytest.raises(NotConnected, match="code verifier did not match"):
            finish(newcomer.publisher, other, stolen)
        assert newcomer.secret("access_token") is None

    def test_a_code_that_is_too_old_is_told_so(self, newcomer: Newcomer) -> None:
        begun = begin(newcomer.publisher, BACK)
        brought = come_back(begun)
        newcomer.x.advance(31)
        with pytest.raises(NotConnected) as told:
            finish(newcomer.publisher, begun, brought)
        assert "did not exchange the code" in told.value.what
        assert "pressroom channels connect main" in told.value.todo
        assert brought["code"] not in str(told.value) + told.value.detail

    def test_somebody_who_says_no_is_believed(self, newcomer: Newcomer) -> None:
        newcomer.x.say_no()
        begun = begin(newcomer.publisher, BACK)
        with pytest.raises(NotConnected, match="somebody said no"):
            finish(newcomer.publisher, begun, come_back(begun))

    @pytest.mark.parametrize(
        ("brought", "said"),
        [
            ({"error": "invalid_scope"}, "does not give the app what it asks for: invalid_scope"),
            ({"error": "user_cancelled_login"}, "somebody said no"),
            ({"error": "server_error", "error_description": "Try\nlater."}, "did not let Pressroom in: Try later."),
            ({"error_code": "191", "error_message": "URL blocked"}, "did not let Pressroom in: URL blocked."),
            ({}, "without a code"),
        ],
    )
    def test_what_a_network_says_instead_of_a_code_is_a_sentence(
        self, newcomer: Newcomer, brought: dict[str, str], said: str
    ) -> None:
        begun = begin(newcomer.publisher, BACK)
        with pytest.raises(NotConnected) as told:
            finish(newcomer.publisher, begun, brought | {"state": begun.state})
        assert said in told.value.what

    def test_a_wrong_client_secret_is_told_as_that(self, newcomer: Newcomer) -> None:
        begun = begin(newcomer.publisher, BACK)
        newcomer.runtime.ports.secrets.set("channels.main.client_secret", "mistyped-one")
        with pytest.raises(NotConnected, match="does not accept the app's own credentials") as told:
            finish(newcomer.publisher, begun, come_back(begun))
        assert "mistyped-one" not in str(told.value) + told.value.detail

    @pytest.mark.parametrize(
        ("fault", "said"),
        [
            (Fault.CUT_AFTER_PROCESSING, "The code may be used up."),
            (Fault.UNAVAILABLE, "cannot give tokens now (503)"),
            (Fault.JUNK_BODY, "cannot be read when asked for tokens"),
        ],
    )
    def test_no_clear_answer_stores_nothing_and_is_not_asked_for_twice(
        self, newcomer: Newcomer, fault: Fault, said: str
    ) -> None:
        begun = begin(newcomer.publisher, BACK)
        brought = come_back(begun)
        newcomer.x.script(fault, path=TOKEN_PATH, times=1)
        with pytest.raises(NotConnected) as told:
            finish(newcomer.publisher, begun, brought)
        assert said in told.value.what
        assert newcomer.secret("access_token") is None
        assert sum(request.path == TOKEN_PATH for request in newcomer.x.requests) == 1

    def test_a_network_that_repeats_what_it_was_sent_gives_nothing_away(
        self, newcomer: Newcomer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def echo(calls: HttpCalls, request: httpx.Request, deadline: Deadline) -> Answer:
            sent = f"{request.read().decode()} {request.headers['authorization']}"
            return Answer(400, body=json.dumps({"error": "invalid_grant", "error_description": sent}).encode())

        begun = begin(newcomer.publisher, BACK)
        brought = come_back(begun)
        monkeypatch.setattr(HttpCalls, "call", echo)
        changed(newcomer, monkeypatch, client_in_header=True, client_secret="not-to-be-seen")
        with pytest.raises(NotConnected) as told:
            finish(newcomer.publisher, begun, brought)
        basic = b64encode(f"{newcomer.x.account.client_id}:not-to-be-seen".encode()).decode()
        for secret in (brought["code"], begun.verifier, "not-to-be-seen", basic):
            assert secret not in told.value.what
            assert secret not in told.value.detail

    def test_a_network_that_is_not_there_is_told_with_that_nothing_was_sent(self) -> None:
        with a_newcomer() as newcomer:
            begun = begin(newcomer.publisher, BACK)
            brought = come_back(begun)
        with pytest.raises(NotConnected, match="Nothing was sent"):
            finish(newcomer.publisher, begun, brought)

    def test_good_tokens_are_kept_although_nobody_says_whose_they_are(self, newcomer: Newcomer) -> None:
        begun = begin(newcomer.publisher, BACK)
        brought = come_back(begun)
        newcomer.x.script(Fault.UNAVAILABLE, path="/2/users/me", times=1)
        assert finish(newcomer.publisher, begun, brought).account == ""
        assert newcomer.secret("refresh_token")


class TestStoring:
    def of(self, newcomer: Newcomer, monkeypatch: pytest.MonkeyPatch, **secrets: str) -> Begun:
        changed(newcomer, monkeypatch, finish=lambda document: Connected(secrets=secrets))
        return begin(newcomer.publisher, BACK)

    def test_an_empty_refresh_token_leaves_the_stored_one(
        self, newcomer: Newcomer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        newcomer.runtime.ports.secrets.set("channels.main.refresh_token", "kept")
        begun = self.of(newcomer, monkeypatch, access_token="new", refresh_token="")
        finish(newcomer.publisher, begun, come_back(begun))
        assert (newcomer.secret("access_token"), newcomer.secret("refresh_token")) == ("new", "kept")

    def test_nothing_at_all_is_no_connection(self, newcomer: Newcomer, monkeypatch: pytest.MonkeyPatch) -> None:
        begun = self.of(newcomer, monkeypatch, access_token=" ")
        with pytest.raises(NotConnected, match="gave no tokens"):
            finish(newcomer.publisher, begun, come_back(begun))

    def test_a_renewal_of_the_old_token_that_is_under_way_does_not_win(
        self, newcomer: Newcomer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        secrets = newcomer.runtime.ports.secrets
        secrets.set_many({"channels.main.access_token": "old", "channels.main.refresh_token": "old-refresh"})
        begun = self.of(newcomer, monkeypatch, access_token="new", refresh_token="new-refresh")
        finishing = threading.Thread(target=finish, args=(newcomer.publisher, begun, come_back(begun)))
        stands_in_line, lock = threading.Event(), secrets.lock

        def watched(name: str) -> Any:
            if threading.current_thread() is finishing:
                stands_in_line.set()
            return lock(name)

        def slow_exchange(refresh: str) -> Tokens:
            finishing.start()
            assert stands_in_line.wait(10)
            return Tokens("renewed", "renewed-refresh")

        monkeypatch.setattr(secrets, "lock", watched)
        renewed(secrets, "channels.main", "old", slow_exchange)
        finishing.join(10)
        assert (newcomer.secret("access_token"), newcomer.secret("refresh_token")) == ("new", "new-refresh")


class TestGoingOn:
    def connect(self, newcomer: Newcomer) -> Any:
        begun = begin(newcomer.publisher, BACK)
        return arrive(newcomer.runtime.publishing, begun, come_back(begun))

    def hold(self, newcomer: Newcomer, kind: str) -> None:
        problem = replace(UNKNOWN, kind=kind)
        Edition(newcomer.runtime.ports).job(
            "Bread", ends="JobHeld", state=PublicationState.HELD, channel="main", problem=problem
        )

    def test_a_paused_channel_goes_on_with_the_posts_that_waited(self, newcomer: Newcomer) -> None:
        self.hold(newcomer, "AccountDisconnected")
        newcomer.pause()
        outcome = self.connect(newcomer)
        assert outcome.standing.posts == 1
        assert outcome.standing.is_well
        assert newcomer.runtime.publishing.held() == []
        assert newcomer.runtime.ports.channel_states.get("main").paused == ""

    def test_a_channel_that_waits_for_credit_stays_paused(self, newcomer: Newcomer) -> None:
        self.hold(newcomer, "OutOfCredit")
        newcomer.pause("The account has no credit left.")
        outcome = self.connect(newcomer)
        assert outcome.standing.posts is None
        assert outcome.standing.paused == "The account has no credit left."
        assert len(newcomer.runtime.publishing.held()) == 1

    def test_a_channel_whose_check_finds_something_wrong_stays_paused(self, newcomer: Newcomer) -> None:
        newcomer.pause()
        begun = begin(newcomer.publisher, BACK)
        brought = come_back(begun)
        newcomer.x.account.is_revoked = True
        outcome = arrive(newcomer.runtime.publishing, begun, brought)
        assert not outcome.standing.is_well
        assert outcome.standing.paused
        assert newcomer.secret("access_token")

    def test_an_open_channel_is_left_as_it_is(self, newcomer: Newcomer) -> None:
        outcome = self.connect(newcomer)
        assert (outcome.standing.posts, outcome.standing.paused) == (None, "")
        assert outcome.headline == "Connected as @pressroom."

    def test_the_lines_to_write_are_those_that_do_not_stand_there(self, newcomer: Newcomer) -> None:
        connected = Connected(secrets={}, settings={"user_id": "7", "odd": 'a"b', "base_url": newcomer.x.base_url})
        lines = settings_to_write(newcomer.publisher, connected)
        assert lines == ["[channels.main]", 'user_id = "7"', 'odd = "a\\"b"']
        assert settings_to_write(newcomer.publisher, Connected(secrets={})) == []


def test_the_account_is_looked_up_anew_once_another_token_is_stored(newcomer: Newcomer) -> None:
    """Posts of one account that are looked for among another's would seem absent, and be sent again."""
    publisher: Any = newcomer.publisher
    first, second = newcomer.x.account, newcomer.x.add_account("other")
    ids = []
    for account in (first, second):
        token, _ = newcomer.x.connect(account)
        values = {"access_token": token.text, "refresh_token": "r"}
        newcomer.runtime.ports.secrets.set_many({f"channels.main.{k}": v for k, v in values.items()})
        ids.append(publisher._account_number())
    assert ids == [first.id, second.id]
