"""The fake X as a whole: limits, prices, scripted refusals, and what outlives it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import httpx
import pytest

from tests.fakes.faults import Fault, TakesEffect
from tests.fakes.x import FakeX
from tests.fakes.x_caller import Caller, picture


class TestLimits:
    def test_each_answer_says_how_many_are_left(self, call: Caller) -> None:
        assert call.post("one").headers["x-rate-limit-remaining"] == "99"
        answer = call.post("")
        assert answer.headers["x-rate-limit-limit"] == "100"
        assert answer.headers["x-rate-limit-remaining"] == "98"

    def test_one_too_many_is_refused_until_the_window_ends(self) -> None:
        with FakeX(limits={"POST /2/tweets": 2}) as x:
            call = Caller(x, x.connect(x.account)[0].text)
            assert [call.post(f"{n}").status_code for n in range(3)] == [201, 201, 429]
            refused = call.post("more")
            assert refused.headers["x-rate-limit-remaining"] == "0"
            assert 0 < int(refused.headers["x-rate-limit-reset"]) - x.now() <= 900
            x.advance(901)
            assert call.post("more").status_code == 201

    def test_the_app_has_a_limit_for_the_day(self) -> None:
        with FakeX(limits={"POST /2/tweets per day": 1}) as x:
            call = Caller(x, x.connect(x.account)[0].text)
            assert call.post("first").headers["x-app-limit-24hour-remaining"] == "0"
            x.advance(901)
            refused = call.post("second")
            assert refused.status_code == 429
            assert 0 < int(refused.headers["x-app-limit-24hour-reset"]) - x.now() < 86_400

    def test_everything_has_its_price(self, x: FakeX, call: Caller) -> None:
        call.post("plain")
        assert x.cost == Decimal("0.015")
        call.post("see https://example.com")
        assert x.cost == Decimal("0.215")
        for _ in range(2):
            call("GET", f"/2/users/{x.account.id}/tweets")
        assert x.cost == Decimal("0.217")

    def test_without_credit_nothing_is_done(self) -> None:
        with FakeX(credit=Decimal("0.020")) as x:
            call = Caller(x, x.connect(x.account)[0].text)
            assert call.post("first").status_code == 201
            answer = call.post("second")
            assert (answer.status_code, answer.json()["title"]) == (402, "CreditsDepleted")
            assert len(x.posts) == 1
            x.set_credit(None)
            assert call.post("second").status_code == 201


@pytest.mark.parametrize("fault", [fault for fault in Fault if fault.status], ids=lambda fault: fault.value)
def test_scripted_refusals_have_the_shape_of_x(x: FakeX, call: Caller, fault: Fault) -> None:
    x.script(fault, method="POST", path="/2/tweets")
    answer = call.post("hello")
    assert answer.status_code == fault.status
    assert ("x-rate-limit-reset" in answer.headers) is (fault is Fault.RATE_LIMITED)
    assert ("retry-after" in answer.headers) is (fault is Fault.UNAVAILABLE_RETRY_AFTER)
    assert len(x.posts) == (1 if fault.value.startswith("processed") else 0)


def test_posts_and_tokens_outlive_the_process(tmp_path: Any) -> None:
    with FakeX(state_file=tmp_path / "x.json") as x:
        access, _ = x.connect(x.account)
        media_id = Caller(x, access.text).upload(picture()).json()["data"]["id"]
        Caller(x, access.text).post("kept", media_id)
        held = x.dump()
    with FakeX(state_file=tmp_path / "x.json") as x:
        assert x.dump() == held
        assert Caller(x, access.text)("GET", "/2/users/me").status_code == 200


def test_the_account_of_random_faults_is_truthful(x: FakeX, call: Caller) -> None:
    x.script_randomly(0.7, seed=7, method="POST", path="/2/tweets", max_seconds=0.01)
    answered: dict[str, int] = {}

    def send_some(worker: int) -> None:
        for number in range(20):
            text = f"worker {worker} says {number}"
            try:
                timeout = httpx.Timeout(5, read=0.2)
                answered[text] = call("POST", "/2/tweets", json={"text": text}, timeout=timeout).status_code
            except httpx.TransportError:
                answered[text] = 0

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(send_some, range(4)))
    late = [struck for struck in x.faults.struck if struck.fault.takes_effect is TakesEffect.LATER]
    x.wait_until(lambda: all(struck.took_effect for struck in late))
    texts = {request.number: request.json()["text"] for request in x.requests if request.body}
    struck_texts = {
        texts[struck.request_number]: struck for struck in x.faults.struck if struck.request_number in texts
    }
    unread = sum(struck.fault is Fault.CUT_BEFORE_READING for struck in x.faults.struck)
    untouched = [text for text in texts.values() if text not in struck_texts]
    effective = [text for text, struck in struck_texts.items() if struck.took_effect]
    assert len(x.requests) == 80
    assert len(untouched) == 80 - len(struck_texts) - unread
    assert sorted(post.text for post in x.posts) == sorted(untouched + effective)
    assert all(struck.took_effect is (struck.fault.takes_effect is not TakesEffect.NO) for struck in x.faults.struck)
