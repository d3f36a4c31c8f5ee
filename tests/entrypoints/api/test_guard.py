"""What stands before every route."""

from __future__ import annotations

import pytest

from tests.entrypoints.site import KEY, PAGE, a_site

PRIVATE = ["/", "/jobs/job_1", "/preview", "/held", "/dead", "/channels", "/metrics", "/openapi.json"]


@pytest.mark.parametrize("path", PRIVATE)
def test_beyond_loopback_nothing_private_is_shown_without_the_key(path: str) -> None:
    assert a_site(host="0.0.0.0", key=KEY).client.get(path).status_code == 401


@pytest.mark.parametrize("path", PRIVATE)
def test_beyond_loopback_nothing_opens_while_no_key_is_set(path: str) -> None:
    response = a_site(host="0.0.0.0").client.get(path)
    assert response.status_code == 403
    assert "pressroom secrets set server.key" in response.json()["todo"]


def test_a_short_key_is_refused_with_the_reason() -> None:
    response = a_site(host="0.0.0.0", key="short").client.get("/", headers={"authorization": "Bearer short"})
    assert response.status_code == 403
    assert "could be guessed" in response.json()["message"]


def test_the_key_is_read_from_the_secret_of_its_name() -> None:
    from pressroom.entrypoints.api.app import create_app

    site = a_site(host="0.0.0.0")
    site.runtime.ports.secrets.set("server.key", KEY)
    site.client.app = create_app(site.runtime)
    assert site.client.get("/metrics", headers={"authorization": f"Bearer {KEY}"}).status_code == 200


def test_the_key_opens_everything_to_a_program() -> None:
    site = a_site(host="0.0.0.0", key=KEY)
    assert site.client.get("/metrics", headers={"authorization": f"Bearer {KEY}"}).status_code == 200


def test_a_browser_is_led_to_the_login_and_back() -> None:
    site = a_site(host="0.0.0.0", key=KEY)
    response = site.client.get("/?status=failed", headers=PAGE)
    assert response.status_code == 303
    assert response.headers["location"] == "/login?next=%2F%3Fstatus%3Dfailed"


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/login"])
def test_health_and_the_login_are_open_to_everybody(path: str) -> None:
    assert a_site(host="0.0.0.0", key=KEY).client.get(path).status_code == 200


def test_a_path_that_only_begins_like_a_public_one_is_private() -> None:
    assert a_site(host="0.0.0.0", key=KEY).client.get("/healthz-of-all").status_code == 401


@pytest.mark.parametrize("path", ["/health%09z", "/%0Ahealthz", "/healthz%0D", "/healthz%3Fof=all", "/healthz%23all"])
def test_a_path_is_not_public_for_what_a_url_would_make_of_it(path: str) -> None:
    assert a_site(host="0.0.0.0", key=KEY).client.get(path).status_code == 401


def test_on_loopback_the_pages_are_open() -> None:
    assert a_site().client.get("/").status_code == 200


def test_a_host_name_pointed_at_loopback_is_not_answered() -> None:
    response = a_site(base_url="http://rebound.example:8080").client.get("/")
    assert response.status_code == 421


def test_the_public_name_of_a_proxied_server_needs_the_key() -> None:
    site = a_site(public_base_url="https://press.example", key=KEY, base_url="http://press.example")
    assert site.client.get("/metrics").status_code == 401
    assert site.client.get("/metrics", headers={"authorization": f"Bearer {KEY}"}).status_code == 200


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}])
def test_a_form_that_another_site_sends_changes_nothing(headers: dict[str, str]) -> None:
    site = a_site()
    job = site.edition.job("Cake", ends="")
    response = site.client.post(f"/jobs/{job}/cancel", headers=headers)
    assert response.status_code == 403
    found = site.runtime.ports.jobs.get(job)
    assert found is not None
    assert found.status == "processing"


@pytest.mark.parametrize("path", ["/", "/nowhere", "/static/house.css", "/jobs/job_1"])
def test_every_answer_has_the_security_headers(path: str) -> None:
    headers = a_site().client.get(path, headers=PAGE).headers
    policy = headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe-inline" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/healthz", "/nowhere", "/api/v1/photos", "/api/v1/photos/x"])
def test_an_answer_for_programs_loads_and_runs_nothing_whatever_a_browser_takes_it_for(path: str) -> None:
    headers = a_site().client.get(path).headers
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["x-content-type-options"] == "nosniff"


def test_private_pages_are_not_kept_by_caches() -> None:
    assert a_site().client.get("/").headers["cache-control"] == "no-store"
