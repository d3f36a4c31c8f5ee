"""Errors as answers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.entrypoints.site import PAGE, Site, a_site


def test_a_reader_gets_a_page_that_says_where_to_go_on() -> None:
    html = a_site().page("/nowhere", 404)
    assert "Not in this edition" in html
    assert 'href="/"' in html


def test_a_program_gets_json_that_says_what_to_do() -> None:
    response = a_site().client.get("/nowhere")
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["type"] == "urn:pressroom:problem:not-found"
    assert problem["status"] == 404
    assert problem["instance"] == "/nowhere"
    assert problem["message"] == problem["detail"] == "There is nothing at this address."
    assert "front page" in problem["todo"]


def test_a_job_that_is_not_there_is_named() -> None:
    assert "There is no job job_1." in a_site().page("/jobs/job_1", 404)


def test_an_address_that_takes_no_form_says_so() -> None:
    assert a_site().client.post("/channels").status_code == 405


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{}", "application/json", 415),
        (b"a=" + b"x" * 300_000, "application/x-www-form-urlencoded", 413),
        (b"a=\xff", "application/x-www-form-urlencoded", 400),
    ],
)
def test_what_is_no_form_of_ours_is_refused(content: bytes, kind: str, status: int) -> None:
    response = a_site().client.post("/jobs", content=content, headers={"content-type": kind})
    assert response.status_code == status


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Site:
    site = a_site()

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("the password is hunter2")

    monkeypatch.setattr(type(site.runtime.ports.jobs), "find", fail)
    return site


def test_an_unexpected_error_is_a_kind_page_that_shows_nothing_of_the_inside(broken: Site) -> None:
    html = broken.page("/", 500)
    assert "A stopped press" in html
    assert "hunter2" not in html


def test_an_unexpected_error_has_the_security_headers_too(broken: Site) -> None:
    assert "content-security-policy" in broken.client.get("/", headers=PAGE).headers
