"""Connecting an account from the pages: the browser leaves, comes back from elsewhere, and is shown what came of it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest

from pressroom.config import Server
from pressroom.connecting import Begun
from pressroom.entrypoints.api.app import create_app
from pressroom.entrypoints.pages._attempts import LASTS, MOST, Attempts
from pressroom.oauth import TokenInfo
from pressroom.publishers.base import Publisher
from tests.entrypoints.site import KEY, PAGE, Client
from tests.newcomer import Newcomer, a_newcomer, query_of, sent_to

OUTSIDE = "https://press.example"
FROM_THE_NETWORK = PAGE | {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}


@dataclass
class Visitor:
    """A browser before a site of its own; it keeps the one cookie of the attempt."""

    newcomer: Newcomer
    client: Client
    cookie: str = ""
    session: str = ""

    def leave(self, headers: dict[str, str] | None = None) -> httpx.Response:
        own = {"sec-fetch-site": "same-origin", "cookie": self.session}
        response = self.client.post("/channels/main/connect", headers=PAGE | own | (headers or {}))
        self.cookie = response.headers.get("set-cookie", "").partition(";")[0]
        return response

    def url(self) -> str:
        """Leave, and return the network's address that the browser is led to."""
        response = self.leave()
        assert response.status_code == 200, response.text
        found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', response.text)
        assert found is not None
        return html.unescape(found[1])

    def come(self, path: str, *, with_cookie: bool = True) -> httpx.Response:
        headers = FROM_THE_NETWORK | ({"cookie": self.cookie} if with_cookie else {})
        return self.client.get(path, headers=headers)

    def path_back(self) -> str:
        """Go to the network's page and return where it sends the browser, as a path of this site."""
        return httpx.URL(sent_to(self.url())).raw_path.decode()


@contextmanager
def a_visitor(*, key: str = "", base_url: str = "http://127.0.0.1:8080", **server: Any) -> Iterator[Visitor]:
    with a_newcomer(server=Server(**server)) as newcomer:
        app = create_app(newcomer.runtime, key=key)
        yield Visitor(newcomer, Client(app, base_url))


@pytest.fixture
def visitor() -> Iterator[Visitor]:
    with a_visitor() as one:
        yield one


def test_the_whole_way_from_the_button_to_the_tokens(visitor: Visitor) -> None:
    response = visitor.come(visitor.path_back())
    assert (response.status_code, response.headers["location"]) == (303, "/channels/main/connected")
    assert response.headers["cache-control"] == "no-store"
    shown = visitor.come("/channels/main/connected")
    assert shown.status_code == 200
    assert "Connected as @pressroom." in shown.text
    assert "user_id" in shown.text
    assert visitor.newcomer.secret("refresh_token")
    for secret in ("access_token", "refresh_token", "client_secret"):
        assert str(visitor.newcomer.secret(secret)) not in shown.text


def test_the_button_leads_to_the_network_without_a_redirect_that_browsers_would_block(visitor: Visitor) -> None:
    response = visitor.leave()
    assert response.status_code == 200
    assert visitor.newcomer.x.base_url in response.text
    assert "form-action 'self'" in response.headers["content-security-policy"]


def test_the_cookie_of_an_attempt_is_for_its_way_back_alone(visitor: Visitor) -> None:
    cookie = visitor.leave().headers["set-cookie"]
    for part in ("HttpOnly", "SameSite=lax", "Path=/channels/main/connected", "Max-Age=600"):
        assert part in cookie
    assert "Secure" not in cookie


def test_another_sites_page_cannot_begin_it(visitor: Visitor) -> None:
    assert visitor.leave({"sec-fetch-site": "cross-site"}).status_code == 403


def test_another_browser_cannot_finish_it(visitor: Visitor) -> None:
    back = visitor.path_back()
    assert visitor.come(back, with_cookie=False).status_code == 400
    visitor.cookie = "pressroom_connecting=somebody-elses"
    assert visitor.come(back).status_code == 400
    assert visitor.newcomer.secret("access_token") is None


@pytest.mark.parametrize(
    "query", ["code=a", "code=a&state=", "code=a&state=forged", "error=access_denied", "state={state}&state={state}"]
)
def test_what_the_network_did_not_send_connects_nothing_and_ends_nothing(visitor: Visitor, query: str) -> None:
    back = visitor.path_back()
    state = query_of(back)["state"]
    refused = visitor.come("/channels/main/connected?" + query.format(state=state))
    assert refused.status_code == 400
    assert "does not belong to the attempt" in refused.text
    assert visitor.newcomer.secret("access_token") is None
    assert visitor.come(back).status_code == 303
    assert visitor.newcomer.secret("access_token")


def test_nothing_that_was_sent_is_shown_again_as_markup(visitor: Visitor) -> None:
    visitor.leave()
    shown = visitor.come("/channels/main/connected?code=%3Cscript%3Ealert(1)%3C/script%3E&state=%3Cb%3E")
    assert "<script>alert" not in shown.text
    assert "<b>" not in shown.text


def test_what_a_network_says_is_shown_as_text(visitor: Visitor) -> None:
    state = query_of(visitor.url())["state"]
    said = "error=server_error&error_description=%3Cimg%20src=x%3E"
    visitor.come(f"/channels/main/connected?state={state}&{said}")
    shown = visitor.come("/channels/main/connected")
    assert shown.status_code == 400
    assert "&lt;img src=x&gt;" in shown.text
    assert "<img src=x>" not in shown.text


def test_a_page_that_is_loaded_twice_uses_the_code_once(visitor: Visitor) -> None:
    back = visitor.path_back()
    assert [visitor.come(back).status_code for _ in range(2)] == [303, 303]
    assert "Connected as @pressroom." in visitor.come("/channels/main/connected").text
    exchanges = [request for request in visitor.newcomer.x.requests if request.path == "/2/oauth2/token"]
    assert len(exchanges) == 1


def test_somebody_who_says_no_is_told_so(visitor: Visitor) -> None:
    visitor.newcomer.x.say_no()
    visitor.come(visitor.path_back())
    shown = visitor.come("/channels/main/connected")
    assert shown.status_code == 400
    assert "somebody said no" in shown.text


def test_an_attempt_ends_after_ten_minutes(visitor: Visitor) -> None:
    back = visitor.path_back()
    visitor.newcomer.clock.advance(LASTS)
    refused = visitor.come(back)
    assert refused.status_code == 400
    assert "ten minutes" in refused.text


def test_an_attempt_is_for_its_own_channel(visitor: Visitor) -> None:
    back = visitor.path_back().replace("/main/", "/preview/")
    assert visitor.come(back).status_code == 400
    assert visitor.newcomer.secret("access_token") is None


def test_a_browser_that_did_not_leave_yet_is_told_so(visitor: Visitor) -> None:
    visitor.leave()
    assert "has not sent this browser back yet" in visitor.come("/channels/main/connected").text


def test_a_paused_channel_goes_on(visitor: Visitor) -> None:
    visitor.newcomer.pause()
    visitor.come(visitor.path_back())
    assert "The channel is open again." in visitor.come("/channels/main/connected").text
    assert "Paused for you" not in visitor.client.get("/channels", headers=PAGE).text


def test_a_channel_that_cannot_be_connected_says_why(visitor: Visitor) -> None:
    visitor.newcomer.runtime.ports.secrets.remove("channels.main.client_id")
    response = visitor.leave()
    assert response.status_code == 400
    assert "channels.main.client_id" in response.text
    assert visitor.client.post("/channels/preview/connect", headers=PAGE).status_code == 400
    assert visitor.client.post("/channels/nowhere/connect", headers=PAGE).status_code == 404


class TestFromOutside:
    """Beyond loopback a session's strict cookie does not come along from the network's site."""

    @pytest.fixture
    def visitor(self) -> Iterator[Visitor]:
        with a_visitor(host="0.0.0.0", public_base_url=OUTSIDE, key=KEY, base_url=OUTSIDE) as one:
            login = one.client.post("/login", data={"key": KEY})
            one.session = login.headers["set-cookie"].partition(";")[0]
            yield one

    def test_the_browser_comes_back_without_its_session(self, visitor: Visitor) -> None:
        url = visitor.url()
        assert query_of(url)["redirect_uri"] == f"{OUTSIDE}/channels/main/connected"
        back = httpx.URL(sent_to(url)).raw_path.decode()
        assert visitor.come(back).status_code == 303
        shown = visitor.come("/channels/main/connected")
        assert "Connected as @pressroom." in shown.text
        # Whoever comes with the attempt's cookie alone sees nothing else.
        assert 'id="sections"' not in shown.text

    def test_the_cookie_is_only_sent_encrypted(self, visitor: Visitor) -> None:
        assert "Secure" in visitor.leave().headers["set-cookie"]

    def test_nobody_without_the_key_can_begin(self, visitor: Visitor) -> None:
        visitor.session = ""
        assert visitor.leave().status_code in (401, 403)
        assert visitor.newcomer.x.requests == []

    @pytest.mark.parametrize("path", ["/channels/main/resume", "/channels/main/connect", "/channels//connected"])
    def test_only_the_way_back_is_open(self, visitor: Visitor, path: str) -> None:
        assert visitor.client.get(path).status_code == 401

    def test_a_browser_that_has_begun_nothing_is_shown_nothing(self, visitor: Visitor) -> None:
        response = visitor.come("/channels/main/connected?code=a&state=b", with_cookie=False)
        assert response.status_code == 400
        assert response.headers["cache-control"] == "no-store"


class TestTheCard:
    def card(self, visitor: Visitor, name: str = "main") -> str:
        text = visitor.client.get("/channels", headers=PAGE | {"cookie": visitor.session}).text
        return text.partition(f'id="{name}"')[2].partition("</article>")[0]

    def test_it_shows_the_address_to_register_before_the_button(self, visitor: Visitor) -> None:
        card = self.card(visitor)
        assert "http://127.0.0.1:8080/channels/main/connected" in card
        assert card.index("/channels/main/connected<") < card.index("Connect at X")

    def test_a_channel_without_a_login_has_no_button(self, visitor: Visitor) -> None:
        assert "/connect" not in self.card(visitor, "preview")

    def test_it_says_what_is_missing_in_the_place_of_a_button(self, visitor: Visitor) -> None:
        visitor.newcomer.runtime.ports.secrets.remove("channels.main.client_id")
        card = self.card(visitor)
        assert "pressroom secrets set channels.main.client_id" in card
        assert "Connect at X" not in card

    def test_it_leads_to_where_the_browser_comes_back(self) -> None:
        with a_visitor(public_base_url="http://localhost:9000") as visitor:
            card = self.card(visitor)
            assert "http://localhost:9000/channels/main/connected" in card
            assert 'href="http://localhost:9000/channels#channel-main"' in card

    def test_it_warns_of_what_ends_and_tells_of_what_does_not_yet(
        self, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        now = visitor.newcomer.clock.now()
        infos = [
            TokenInfo(kind="access token", expires_at=now + timedelta(days=5), todo="Connect it again."),
            TokenInfo(kind="API version 7", expires_at=now - timedelta(days=5), todo="Set a newer one."),
            TokenInfo(kind="session", expires_at=now + timedelta(days=80), renews_itself=True),
        ]
        monkeypatch.setattr(Publisher, "tokens", lambda self: infos)
        card = self.card(visitor)
        assert "The access token ends in 5 days, on 2026-11-05." in card
        assert "The API version 7 ended on 2026-10-26." in card
        assert "Connect it again." in card
        assert "Session, 19 Jan 2027" in card


def test_of_too_many_attempts_the_oldest_is_forgotten(visitor: Visitor) -> None:
    attempts, now = Attempts(), visitor.newcomer.clock.now()
    begun = Begun(channel="main", url="", redirect_uri="", state="s", verifier="v")
    tokens = [attempts.add(begun, now) for _ in range(MOST + 1)]
    assert attempts.find(tokens[0], "main", now) is None
    assert attempts.find(tokens[1], "main", now)
