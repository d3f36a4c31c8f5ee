"""Verdicts by OpenAI, against a strict local server."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
import pyvips

from pressroom.backends.memory.secrets import MemorySecrets
from pressroom.contracts.generator import ModerationGeneratorContract, RemoteGeneratorContract, a_moderation_picture
from pressroom.errors import BadInput, ConfigurationError, PressroomError, Unavailable
from pressroom.generators.base import Answer, ModerationPicture, ModerationRequest, Setup, Usage
from pressroom.generators.openai_moderation import ModerationOptions, OpenAIModeration
from pressroom.testing.clock import ManualClock
from tests.fakes.faults import Fault
from tests.fakes.openai import FakeOpenAI
from tests.generators.openai_bench import NAME, OpenAIBench

Made = Callable[..., OpenAIModeration]
WORDS = ModerationRequest(text="A spooky cat")


def a_picture(width: int, height: int, colour: tuple[int, int, int] = (220, 30, 20), number: int = 1) -> Any:
    grain = pyvips.Image.gaussnoise(width, height, mean=0, sigma=8, seed=1)
    image = (grain.bandjoin([grain, grain]) + list(colour)).cast("uchar").copy(interpretation="srgb")
    return ModerationPicture(sha256="0" * 64, media_type="image/png", number=number, data=image.pngsave_buffer())


def read(request: ModerationRequest, **result: Any) -> Any:
    """Read an answer with this result, without a server."""
    options = ModerationOptions(base_url="http://127.0.0.1:1/v1", thresholds=result.pop("thresholds", {}))
    door = OpenAIModeration(Setup(NAME, options, MemorySecrets(), ManualClock()))
    return door.verdict(Answer(json.dumps({"results": [result]}).encode(), "application/json"), request)


class TestContract(OpenAIBench, RemoteGeneratorContract, ModerationGeneratorContract):
    generator_class = OpenAIModeration
    objectionable = "so gory indeed"


class TestAsking(OpenAIBench):
    generator_class = OpenAIModeration

    def test_words_and_a_picture_go_out_in_one_call_for_which_nothing_is_paid(
        self, made_with: Made, service: FakeOpenAI
    ) -> None:
        generator = made_with()
        request = ModerationRequest(text="A spooky cat", pictures=(a_moderation_picture(),))
        answer = generator.ask(request)
        body = json.loads(service.requests[0].body)
        assert body["model"] == "omni-moderation-latest"
        assert body["input"][0] == {"type": "text", "text": "A spooky cat"}
        assert body["input"][1]["image_url"]["url"].startswith("data:image/jpeg;base64,/9j/")
        assert answer.usage == (Usage("moderations", 1),)
        assert generator.estimate(request) == 0

    def test_a_picture_is_made_smaller_before_it_is_sent_and_loses_its_metadata(
        self, made_with: Made, service: FakeOpenAI
    ) -> None:
        made_with().ask(ModerationRequest(text="", pictures=(a_picture(3000, 1500),)))
        (part,) = json.loads(service.requests[0].body)["input"]
        sent = pyvips.Image.new_from_buffer(base64.b64decode(part["image_url"]["url"].partition(",")[2]), "")
        assert (sent.width, sent.height) == (1024, 512)
        assert [field for field in sent.get_fields() if field.startswith(("exif", "xmp", "iptc"))] == []

    def test_a_small_picture_is_not_made_larger(self, made_with: Made, service: FakeOpenAI) -> None:
        made_with().ask(ModerationRequest(text="", pictures=(a_picture(300, 200),)))
        (part,) = json.loads(service.requests[0].body)["input"]
        sent = pyvips.Image.new_from_buffer(base64.b64decode(part["image_url"]["url"].partition(",")[2]), "")
        assert (sent.width, sent.height) == (300, 200)

    def test_a_flagged_picture_is_named_by_its_place_in_the_post(self, made_with: Made) -> None:
        generator = made_with()
        request = ModerationRequest(text="", pictures=(a_picture(300, 200, number=3),))
        (flag,) = generator.verdict(generator.ask(request), request).flags
        assert (flag.category, flag.score) == ("violence/graphic", 0.88)
        assert flag.why == "Found by omni-moderation-latest in picture 3."

    def test_more_pictures_than_the_service_takes_are_not_sent(self, made_with: Made, service: FakeOpenAI) -> None:
        with pytest.raises(BadInput, match="2 pictures were to be judged at once"):
            made_with().ask(ModerationRequest(text="", pictures=(a_picture(300, 200), a_picture(300, 200))))
        assert service.requests == []

    def test_a_broken_picture_is_not_sent(self, made_with: Made, service: FakeOpenAI) -> None:
        broken = a_moderation_picture().model_copy(update={"data": b"no picture"})
        with pytest.raises(BadInput, match=r"^Picture 1 "):
            made_with().ask(ModerationRequest(text="", pictures=(broken,)))
        assert service.requests == []

    def test_an_unclear_failure_says_nothing_of_a_bill(self, made_with: Made, service: FakeOpenAI) -> None:
        service.script(Fault.CUT_AFTER_PROCESSING)
        with pytest.raises(Unavailable) as caught:
            made_with().ask(WORDS)
        assert "billed" not in caught.value.what

    def test_doctor_is_told_that_key_and_model_are_good(self, made_with: Made) -> None:
        findings = made_with().check()
        assert all(finding.ok and not finding.todo for finding in findings[2:])
        assert "price" not in "".join(finding.what for finding in findings)

    def test_a_model_that_is_not_there_is_named_with_one_that_is(self, made_with: Made) -> None:
        with pytest.raises(ConfigurationError, match="omni-moderation-latest"):
            made_with(model="omni-moderation-2031").ask(WORDS)

    @pytest.mark.parametrize("fault", [Fault.PROCESSED_BUT_JUNK, Fault.PROCESSED_BUT_EMPTY, Fault.JUNK_BODY])
    def test_an_unreadable_answer_is_no_clean_verdict(self, made_with: Made, service: FakeOpenAI, fault: Fault) -> None:
        service.script(fault)
        generator = made_with()
        with pytest.raises(BadInput, match="it holds no verdict"):
            generator.verdict(generator.ask(WORDS), WORDS)


class TestReading:
    scores = {"violence": 0.3, "hate": 0.9, "sexual": 0.1}  # noqa: RUF012 - read only

    def test_without_thresholds_the_service_decides(self) -> None:
        verdict = read(WORDS, flagged=True, categories={"hate": True, "violence": False}, category_scores=self.scores)
        assert [(flag.category, flag.score) for flag in verdict.flags] == [("hate", 0.9)]

    def test_a_threshold_counts_in_its_category_both_ways(self) -> None:
        said = {"flagged": True, "categories": {"hate": True, "violence": False}, "category_scores": self.scores}
        assert read(WORDS, **said, thresholds={"hate": 0.95}).is_clean
        flags = read(WORDS, **said, thresholds={"violence": 0.3}).flags
        assert [flag.category for flag in flags] == ["hate", "violence"]

    def test_a_threshold_for_a_category_that_is_none_is_named(self) -> None:
        with pytest.raises(ConfigurationError, match="no category 'hatred'") as caught:
            read(WORDS, categories={}, category_scores=self.scores, thresholds={"hatred": 0.5})
        assert "hate, sexual, violence" in caught.value.todo

    def test_what_is_flagged_without_a_score_or_a_category_does_not_pass(self) -> None:
        (flag,) = read(WORDS, categories={"novel": True}, category_scores=self.scores).flags
        assert (flag.category, flag.score) == ("novel", 1.0)
        (flag,) = read(WORDS, flagged=True, categories={}, category_scores=self.scores).flags
        assert flag.category == "flagged"

    @pytest.mark.parametrize(
        "result",
        [
            {},
            {"categories": {}},
            {"categories": {}, "category_scores": {}},
            {"categories": [], "category_scores": {"hate": 0.1}},
            {"categories": {}, "category_scores": {"hate": "much"}},
            {"categories": {}, "category_scores": {"hate": float("nan")}},
        ],
    )
    def test_an_answer_that_lacks_a_part_is_no_clean_verdict(self, result: dict[str, Any]) -> None:
        with pytest.raises(PressroomError, match="it holds no verdict"):
            read(WORDS, **result)

    def test_words_and_picture_are_both_named_where_either_may_be_meant(self) -> None:
        request = ModerationRequest(text="A cat", pictures=(a_moderation_picture(2),))
        applied = {"hate": ["text"], "violence": ["text", "image"]}
        said = {"categories": {"hate": True, "violence": True}, "category_scores": self.scores}
        flags = read(request, **said, category_applied_input_types=applied).flags
        assert [flag.why.partition(" in ")[2] for flag in flags] == ["the words.", "the words or in picture 2."]
