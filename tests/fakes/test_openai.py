"""The fake OpenAI writes, judges, lists its models and keeps a truthful invoice."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import httpx
import pytest

from pressroom.testing import plain_png
from tests.fakes.faults import Fault
from tests.fakes.openai import API_KEY, FakeOpenAI
from tests.fakes.openai_caller import connect, draw, error, write


class TestText:
    def message(self, answer: httpx.Response) -> str:
        (message,) = (item for item in answer.json()["output"] if item["type"] == "message")
        (content,) = message["content"]
        assert (message["role"], content["type"], content["annotations"]) == ("assistant", "output_text", [])
        text: str = content["text"]
        return text

    def test_the_text_stands_in_a_message_after_the_reasoning(self, service: FakeOpenAI, client: httpx.Client) -> None:
        service.say("Bees first.", "Bees again.")
        first = write(client)
        assert first.json()["status"] == "completed"
        assert [item["type"] for item in first.json()["output"]] == ["reasoning", "message"]
        assert [self.message(first), self.message(write(client))] == ["Bees first.", "Bees again."]

    def test_without_a_script_it_answers_to_the_input(self, client: httpx.Client) -> None:
        listed = [{"role": "user", "content": [{"type": "input_text", "text": "about bees"}]}]
        assert "bees" in self.message(write(client))
        assert "bees" in self.message(write(client, input=listed, instructions="Be kind."))

    def test_a_schema_is_answered_with_a_sample(self, client: httpx.Client) -> None:
        schema = {"type": "object", "properties": {"title": {"type": "string"}, "pages": {"type": "integer"}}}
        form = {"format": {"type": "json_schema", "name": "story", "schema": schema}}
        sample = httpx.Response(200, text=self.message(write(client, text=form))).json()
        assert sample.keys() == {"title", "pages"}

    def test_an_answer_beyond_the_limit_is_incomplete(self, service: FakeOpenAI, client: httpx.Client) -> None:
        service.say("word " * 100)
        answer = write(client, max_output_tokens=100).json()
        assert answer["status"] == "incomplete"
        assert answer["incomplete_details"] == {"reason": "max_output_tokens"}
        assert answer["usage"]["output_tokens"] == 100

    def test_reasoning_may_use_up_the_limit(self, client: httpx.Client) -> None:
        answer = write(client, max_output_tokens=32).json()
        assert [item["type"] for item in answer["output"]] == ["reasoning"]

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"messages": []}, "unknown_parameter"),
            ({"max_tokens": 100}, "unknown_parameter"),
            ({"input": None}, "missing_required_parameter"),
            ({"input": 5}, "invalid_type"),
            ({"input": [{"role": "narrator", "content": "x"}]}, "invalid_value"),
            ({"input": [{"role": "user", "content": [{"type": "text", "text": "x"}]}]}, "invalid_value"),
            ({"max_output_tokens": 15}, "integer_below_min_value"),
            ({"model": "gpt-image-2"}, "invalid_value"),
        ],
    )
    def test_what_the_endpoint_does_not_take_is_refused(
        self, client: httpx.Client, changes: dict[str, Any], code: str
    ) -> None:
        answer = write(client, **changes)
        assert (answer.status_code, error(answer)["code"]) == (400, code)


def a_part(url: str = "") -> dict[str, Any]:
    encoded = base64.b64encode(plain_png(16, 9)).decode()
    return {"type": "image_url", "image_url": {"url": url or f"data:image/png;base64,{encoded}"}}


class TestModeration:
    def test_each_input_gets_a_verdict(self, client: httpx.Client) -> None:
        answer = client.post("/moderations", json={"input": ["all is well", "much gore"]}).json()
        assert [verdict["flagged"] for verdict in answer["results"]] == [False, True]
        assert answer["results"][1]["categories"]["violence"] is True

    def test_parts_are_judged_together_and_cost_nothing(self, service: FakeOpenAI, client: httpx.Client) -> None:
        parts = [{"type": "text", "text": "fine"}, a_part()]
        answer = client.post("/moderations", json={"model": "omni-moderation-latest", "input": parts})
        (result,) = answer.json()["results"]
        assert result["category_applied_input_types"]["violence"] == ["text", "image"]
        assert result["category_applied_input_types"]["hate"] == ["text"]
        assert service.billed == []

    @pytest.mark.parametrize(
        ("parts", "code"),
        [
            ([a_part(), a_part()], "too_many_images"),
            ([a_part("https://a.example/cat.jpg")], "invalid_image_url"),
            ([a_part("data:image/png;base64,###")], "invalid_base64"),
            ([a_part("data:image/png;base64,AAAA")], "invalid_image_format"),
            ([{"type": "text", "text": ""}], "empty_string"),
            ([{"type": "text", "text": "fine", "tone": "mild"}], "invalid_type"),
            ([{"type": "audio"}], "invalid_value"),
            ([], "invalid_type"),
        ],
    )
    def test_what_moderation_does_not_take_is_refused(
        self, client: httpx.Client, parts: list[dict[str, Any]], code: str
    ) -> None:
        answer = client.post("/moderations", json={"input": parts})
        assert (answer.status_code, error(answer)["code"]) == (400, code)


class TestModels:
    def test_the_living_are_listed_with_their_end(self, client: httpx.Client) -> None:
        models = {model["id"]: model for model in client.get("/models").json()["data"]}
        assert models["gpt-image-2"]["shutdown_date"] is None
        assert models["gpt-4o"]["shutdown_date"] == "2027-01-14"
        assert "dall-e-3" not in models

    def test_a_model_ends_on_its_day(self, service: FakeOpenAI, client: httpx.Client) -> None:
        assert write(client, model="gpt-5.1").status_code == 200
        service.advance(3 * 365 * 86_400)
        assert write(client, model="gpt-5.1").status_code == 404
        assert client.get("/models/gpt-5.1").status_code == 404
        assert client.get("/models/gpt-image-2").json()["id"] == "gpt-image-2"


class TestAccess:
    @pytest.mark.parametrize("header", ["", "Bearer wrong", f"Basic {API_KEY}"])
    def test_the_key_is_checked(self, service: FakeOpenAI, header: str) -> None:
        answer = httpx.get(service.base_url_v1 + "/models", headers={"authorization": header})
        assert answer.status_code == 401
        assert "wrong" not in error(answer)["message"]

    def test_the_limit_of_a_minute_ends_with_it(self) -> None:
        with FakeOpenAI(requests_per_minute=2) as service, connect(service) as client:
            answers = [write(client) for _ in range(3)]
            assert [answer.status_code for answer in answers] == [200, 200, 429]
            assert error(answers[2])["code"] == "rate_limit_exceeded"
            assert 0 < int(answers[2].headers["retry-after"]) <= 61
            assert answers[0].headers["x-ratelimit-remaining-requests"] == "1"
            service.advance(61)
            assert write(client).status_code == 200

    def test_an_exhausted_quota_is_another_429(self) -> None:
        with FakeOpenAI(quota=1) as service, connect(service) as client:
            assert draw(client).status_code == 200
            answer = draw(client)
            assert (answer.status_code, error(answer)["code"]) == (429, "insufficient_quota")
            assert "retry-after" not in answer.headers

    def test_an_unknown_address_is_not_found(self, client: httpx.Client) -> None:
        assert client.post("/images/edit").status_code == 404


class TestInvoice:
    def test_a_generation_whose_answer_was_lost_is_billed(self, service: FakeOpenAI, client: httpx.Client) -> None:
        service.script(Fault.CUT_AFTER_PROCESSING, path="/v1/images/*")
        with pytest.raises(httpx.TransportError):
            draw(client)
        draw(client)
        assert [(billed.kind, billed.model) for billed in service.billed] == [("image", "gpt-image-2.5-flare")] * 2

    def test_a_refused_generation_is_not(self, service: FakeOpenAI, client: httpx.Client) -> None:
        for fault in (Fault.RATE_LIMITED, Fault.SERVER_ERROR, Fault.CUT_BEFORE_READING):
            service.script(fault)
            try:
                assert write(client).status_code == fault.status
            except httpx.TransportError:
                assert fault is Fault.CUT_BEFORE_READING
        assert service.billed == []

    def test_it_outlives_the_process(self, tmp_path: Path) -> None:
        with FakeOpenAI(state_file=tmp_path / "openai.json") as service, connect(service) as client:
            draw(client)
            billed = list(service.billed)
        with FakeOpenAI(state_file=tmp_path / "openai.json") as service:
            assert service.billed == billed


@pytest.mark.parametrize("fault", [fault for fault in Fault if fault.status], ids=lambda fault: fault.value)
def test_scripted_refusals_have_the_shape_of_openai(service: FakeOpenAI, client: httpx.Client, fault: Fault) -> None:
    service.script(fault)
    answer = write(client)
    assert answer.status_code == (429 if fault is Fault.OUT_OF_CREDIT else fault.status)
    assert error(answer)["message"]
    assert ("retry-after" in answer.headers) is (fault in (Fault.RATE_LIMITED, Fault.UNAVAILABLE_RETRY_AFTER))
