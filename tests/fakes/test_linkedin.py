"""The fake LinkedIn refuses what the real one refuses, in its words, and outlives its process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from tests.fakes.faults import Fault
from tests.fakes.linkedin import FakeLinkedIn
from tests.fakes.linkedin_posts import read_little
from tests.fakes.x_caller import picture

DISTRIBUTION = {"feedDistribution": "MAIN_FEED", "targetEntities": [], "thirdPartyDistributionChannels": []}


class Caller:
    """A client with a bearer token and the headers that LinkedIn wants."""

    def __init__(self, linkedin: FakeLinkedIn, scopes: tuple[str, ...] | None = None) -> None:
        self.linkedin = linkedin
        self.token = (linkedin.connect(scopes) if scopes else linkedin.connect())[0].text

    def __call__(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {
            "authorization": f"Bearer {self.token}",
            "linkedin-version": "202607",
            "x-restli-protocol-version": "2.0.0",
        }
        headers |= more.pop("headers", {})
        kept = {name: value for name, value in headers.items() if value}
        return httpx.request(method, self.linkedin.base_url + path, headers=kept, **more)

    def post(self, text: str, **more: Any) -> httpx.Response:
        document = {
            "author": self.linkedin.organization,
            "commentary": text,
            "visibility": "PUBLIC",
            "distribution": DISTRIBUTION,
            "lifecycleState": "PUBLISHED",
        }
        return self("POST", "/rest/posts", json={name: value for name, value in (document | more).items() if value})

    def upload(self, data: bytes) -> str:
        asked = {"initializeUploadRequest": {"owner": self.linkedin.organization}}
        value = self("POST", "/rest/images?action=initializeUpload", json=asked).json()["value"]
        assert httpx.put(value["uploadUrl"], content=data).status_code == 201
        return str(value["image"])


@pytest.fixture
def linkedin() -> Iterator[FakeLinkedIn]:
    with FakeLinkedIn() as fake:
        yield fake


@pytest.fixture
def call(linkedin: FakeLinkedIn) -> Caller:
    return Caller(linkedin)


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"linkedin-version": ""}, 400, "VERSION_MISSING"),
        ({"linkedin-version": "202504"}, 426, "NONEXISTENT_VERSION"),
        ({"x-restli-protocol-version": ""}, 400, "ILLEGAL_ARGUMENT"),
        ({"authorization": "Bearer unknown"}, 401, "INVALID_ACCESS_TOKEN"),
    ],
)
def test_headers_are_checked(call: Caller, headers: dict[str, str], status: int, code: str) -> None:
    answer = call("GET", "/rest/posts", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_token_ends_after_sixty_days(linkedin: FakeLinkedIn, call: Caller) -> None:
    linkedin.advance(60 * 24 * 60 * 60 + 1)
    assert call.post("Boo").json()["code"] == "EXPIRED_ACCESS_TOKEN"


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"author": "urn:li:organization:1"}, 403),
        ({"visibility": "EVERYBODY"}, 422),
        ({"distribution": None}, 422),
        ({"lifecycleState": "DRAFT"}, 422),
        ({"hashtags": ["boo"]}, 422),
        ({"content": {"media": {"id": "urn:li:image:unknown"}}}, 400),
        ({"content": {"article": {"source": "https://example.com"}}}, 422),
        ({"content": {"multiImage": {"images": [{"id": "urn:li:image:one"}]}}}, 422),
        ({"commentary": "b" * 3001}, 400),
    ],
)
def test_what_is_wrong_is_refused(linkedin: FakeLinkedIn, call: Caller, more: dict[str, Any], status: int) -> None:
    assert call.post("Boo", **more).status_code == status
    assert linkedin.posts == []


def test_a_success_says_its_urn_in_a_header_and_has_no_body(linkedin: FakeLinkedIn, call: Caller) -> None:
    answer = call.post("Boo")
    assert (answer.status_code, answer.content) == (201, b"")
    assert answer.headers["x-restli-id"] == linkedin.posts[0].urn


def test_the_same_words_within_a_day_are_a_duplicate(linkedin: FakeLinkedIn, call: Caller) -> None:
    urn = call.post("Boo").headers["x-restli-id"]
    again = call.post("Boo")
    assert again.status_code == 422
    assert again.json()["errorDetails"]["inputErrors"][0]["code"] == "DUPLICATE_POST"
    assert again.json()["message"].endswith(f"Content is a duplicate of {urn}")
    linkedin.advance(25 * 60 * 60)
    assert call.post("Boo").status_code == 201


@pytest.mark.parametrize(
    ("commentary", "text"),
    [
        ("cut (here) and lost", "cut "),
        (r"kept \(here\)", "kept (here)"),
        (r"{hashtag|\#|boo} night", "#boo night"),
        ("#boo night", "#boo night"),
        ("@[Acme](urn:li:organization:1) says", "Acme says"),
        ("snake_case", "snake"),
    ],
)
def test_text_after_a_stray_sign_is_silently_lost(commentary: str, text: str) -> None:
    assert read_little(commentary) == text


def test_an_upload_is_worked_up_before_it_can_be_used() -> None:
    with FakeLinkedIn(processing_looks=1) as linkedin:
        call = Caller(linkedin)
        urn = call.upload(picture())
        path, content = f"/rest/images/{quote(urn, safe='')}", {"media": {"id": urn, "altText": "Noise"}}
        assert call.post("Boo", content=content).status_code == 422
        assert [call("GET", path).json()["status"] for _ in range(2)] == ["PROCESSING", "AVAILABLE"]
        assert call.post("Boo", content=content).status_code == 201


def test_what_is_no_picture_fails(linkedin: FakeLinkedIn, call: Caller) -> None:
    call.upload(picture()[:200])
    assert linkedin.images[0].status == "PROCESSING_FAILED"


def test_an_upload_address_is_good_once(linkedin: FakeLinkedIn, call: Caller) -> None:
    call.upload(picture())
    assert httpx.put(linkedin.base_url + linkedin.images[0].upload_path, content=b"x").status_code == 400


def test_a_members_posts_are_shown_to_nobody(linkedin: FakeLinkedIn, call: Caller) -> None:
    urn = call.post("Boo", author=linkedin.member.urn).headers["x-restli-id"]
    assert call("GET", f"/rest/posts/{quote(urn, safe='')}").status_code == 403
    query = f"/rest/posts?q=author&author={quote(linkedin.member.urn, safe='')}"
    assert call("GET", query, headers={"x-restli-method": "FINDER"}).status_code == 403


def test_rights_are_those_of_the_token(linkedin: FakeLinkedIn) -> None:
    assert Caller(linkedin, ("w_member_social",)).post("Boo").status_code == 403


@pytest.mark.parametrize("fault", [fault for fault in Fault if fault.status], ids=lambda fault: fault.value)
def test_scripted_refusals_have_the_shape_of_linkedin(linkedin: FakeLinkedIn, call: Caller, fault: Fault) -> None:
    linkedin.script(fault, method="POST", path="/rest/posts")
    answer = call.post("Boo")
    assert answer.json()["status"] == answer.status_code
    assert answer.status_code == (422 if fault is Fault.DUPLICATE else fault.status)
    assert len(linkedin.posts) == (1 if fault.value.startswith("processed") else 0)


def test_posts_and_tokens_outlive_the_process(tmp_path: Path) -> None:
    with FakeLinkedIn(state_file=tmp_path / "linkedin.json") as linkedin:
        call = Caller(linkedin)
        call.upload(picture())
        call.post("kept")
        held = linkedin.dump()
    with FakeLinkedIn(state_file=tmp_path / "linkedin.json") as linkedin:
        assert linkedin.dump() == held
        call.linkedin = linkedin
        assert call("GET", "/v2/userinfo").status_code == 200


def test_it_can_be_run_and_told_what_to_do_from_another_process() -> None:
    with subprocess.Popen([sys.executable, "-m", "tests.fakes.linkedin"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        base_url = process.stdout.readline().strip()
        httpx.post(f"{base_url}/_fake/faults", json={"fault": "rate_limited", "path": "/rest/posts"}).raise_for_status()
        assert httpx.post(f"{base_url}/rest/posts").headers["retry-after"] == "120"
        assert httpx.get(f"{base_url}/_fake/posts").json() == []
        process.terminate()
    assert process.returncode == 0
