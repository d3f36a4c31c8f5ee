"""The login."""

from __future__ import annotations

import pytest

from tests.entrypoints.site import KEY, PAGE, Site, a_site


@pytest.fixture
def site() -> Site:
    return a_site(host="0.0.0.0", key=KEY, base_url="https://press.example")


def test_the_key_opens_a_session_in_a_cookie_that_scripts_and_other_sites_cannot_use(site: Site) -> None:
    response = site.client.post("/login", data={"key": KEY, "next": "/held"})
    cookie = response.headers["set-cookie"]
    assert response.headers["location"] == "/held"
    for part in ("HttpOnly", "SameSite=strict", "Secure"):
        assert part in cookie
    assert KEY not in cookie


def test_a_session_shows_the_pages(site: Site) -> None:
    cookie = site.client.post("/login", data={"key": KEY}).headers["set-cookie"].partition(";")[0]
    response = site.client.get("/", headers=PAGE | {"cookie": cookie})
    assert response.status_code == 200
    assert "Log out" in response.text


def test_a_wrong_key_opens_nothing_and_is_not_shown_again(site: Site) -> None:
    response = site.client.post("/login", data={"key": "my other password"}, headers=PAGE)
    assert response.status_code == 403
    assert "set-cookie" not in response.headers
    assert "That is not the key." in response.text
    assert "my other password" not in response.text


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", ""]
)
def test_a_login_never_leads_to_another_site(site: Site, wanted: str) -> None:
    assert site.client.post("/login", data={"key": KEY, "next": wanted}).headers["location"] == "/"


def test_logging_out_takes_the_cookie_away(site: Site) -> None:
    cookie = site.client.post("/login", data={"key": KEY}).headers["set-cookie"].partition(";")[0]
    response = site.client.post("/logout", headers={"cookie": cookie})
    assert 'pressroom_session=""' in response.headers["set-cookie"]


def test_a_login_that_another_site_sends_is_refused(site: Site) -> None:
    response = site.client.post("/login", data={"key": KEY}, headers={"origin": "https://evil.example"})
    assert response.status_code == 403
