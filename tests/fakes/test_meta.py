"""What every fake of Meta refuses: old versions, bad tokens, missing rights; and that it says how much is used."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.fakes.facebook import FakeFacebook
from tests.fakes.faults import Fault
from tests.fakes.instagram import FakeInstagram
from tests.fakes.meta import FakeMeta
from tests.fakes.meta_caller import Caller, caller, codes
from tests.fakes.meta_errors import USAGE
from tests.fakes.meta_state import HOUR_SECONDS
from tests.fakes.threads import FakeThreads


@pytest.fixture(params=[FakeFacebook, FakeInstagram, FakeThreads])
def fake(request: pytest.FixtureRequest) -> Iterator[FakeMeta]:
    with request.param() as made:
        yield made


def test_a_good_token_is_let_in_by_its_header_or_the_query(fake: FakeMeta) -> None:
    assert caller(fake)("GET", "/me").status_code == 200
    url = f"{fake.base_url}/{fake.versions[-1]}/me"
    assert httpx.get(url, params={"access_token": fake.access_token}).status_code == 200


def test_no_token_and_a_wrong_one_are_refused(fake: FakeMeta) -> None:
    assert codes(httpx.get(f"{fake.base_url}/{fake.versions[-1]}/me"))[0] == 104
    assert codes(Caller(fake, "another")("GET", "/me")) == (190, None)


def test_a_token_that_is_over_or_void_is_refused(fake: FakeMeta) -> None:
    short = fake.connect(fake.account, HOUR_SECONDS, age_seconds=0)
    fake.advance(HOUR_SECONDS + 1)
    assert codes(Caller(fake, short.text)("GET", "/me")) == (190, 463)
    call = caller(fake)
    fake.revoke()
    assert codes(call("GET", "/me")) == (190, 458)


def test_a_token_without_the_right_is_refused(fake: FakeMeta) -> None:
    route = next(route for route, scopes in fake.routes.items() if scopes and route.startswith("POST"))
    token = fake.connect(fake.account, scopes=("another_right",))
    path = route.removeprefix("POST ").replace("{account}", "me")
    assert codes(Caller(fake, token.text)("POST", path, data={}))[0] == 10


def test_an_old_version_and_one_that_never_was_are_refused(fake: FakeMeta) -> None:
    headers = {"authorization": f"Bearer {fake.access_token}"}
    for version, code in [(version, 2635) for version in fake.old_versions[:1]] + [("v99.0", 2500)]:
        assert codes(httpx.get(f"{fake.base_url}/{version}/me", headers=headers))[0] == code


def test_what_is_not_known_is_refused(fake: FakeMeta) -> None:
    call = caller(fake)
    assert codes(call("GET", "/me", params={"colour": "red"}))[0] == 100
    assert codes(call("GET", "/me", params={"fields": "id,colour"}))[0] == 100
    assert codes(call("GET", "/me", params={"fields": "id,{"}))[0] == 100
    assert codes(call("PUT", "/me")) == (100, 33)
    assert codes(call("GET", "/123456")) == (100, 33)


def test_usage_is_told_with_every_answer(fake: FakeMeta) -> None:
    fake.usage_percent = 87
    told = json.loads(caller(fake)("GET", "/me").headers[USAGE])
    assert told[fake.account.id][0]["call_count"] == 87


def test_a_scripted_limit_says_in_minutes_when_it_ends(fake: FakeMeta) -> None:
    fake.script(Fault.RATE_LIMITED)
    answer = caller(fake)("GET", "/me")
    assert codes(answer)[0] == 80001
    assert json.loads(answer.headers[USAGE])[fake.account.id][0]["estimated_time_to_regain_access"] == 7


def test_another_account_cannot_be_posted_for(fake: FakeMeta) -> None:
    route = next(route for route in fake.routes if route.startswith("POST"))
    path = route.removeprefix("POST ").replace("{account}", "99")
    assert codes(caller(fake)("POST", path, data={}))[0] in (10, 200)


def test_a_reset_starts_anew(fake: FakeMeta) -> None:
    before = fake.access_token
    fake.reset()
    assert fake.access_token != before
    assert fake.requests == []


@pytest.mark.parametrize("name", ["facebook", "instagram", "threads"])
def test_it_runs_as_a_process_of_its_own_and_keeps_what_it_holds(name: str, tmp_path: Path) -> None:
    state = tmp_path / "state.json"

    def run() -> tuple[subprocess.Popen[str], str]:
        command = [sys.executable, "-m", f"tests.fakes.{name}", "--port", "0", "--state", str(state)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        return process, process.stdout.readline().strip()

    process, url = run()
    try:
        token = httpx.get(f"{url}/_fake/tokens").json()[0]["text"]
        version = "v1.0" if name == "threads" else "v26.0"
        headers = {"authorization": f"Bearer {token}"}
        posted = {
            "facebook": ("feed", {"message": "Boo"}),
            "instagram": ("media", {"media_type": "CAROUSEL", "children": "1,2"}),
            "threads": ("threads", {"media_type": "TEXT", "text": "Boo"}),
        }
        edge, form = posted[name]
        httpx.post(f"{url}/{version}/me/{edge}", data=form, headers=headers)
        held = httpx.get(f"{url}/_fake/posts").json()
        assert len(held) == (name == "facebook")
    finally:
        process.terminate()
        process.communicate(timeout=10)
