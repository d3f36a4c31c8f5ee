"""Pictures by OpenAI, against a strict local server."""

from __future__ import annotations

import base64
import hashlib
import json
import socketserver
import threading
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
import pyvips
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from pressroom.contracts.generator import ImageGeneratorContract, RemoteGeneratorContract
from pressroom.errors import (
    BadInput,
    ConfigurationError,
    OutOfCredit,
    PressroomError,
    RateLimited,
    Unavailable,
)
from pressroom.generators.base import Answer, ImageRequest, ReferencePicture, Usage
from pressroom.generators.openai_image import ImageOptions, OpenAIImage, nearest_size
from pressroom.media import media_type_of
from pressroom.testing import plain_png
from pressroom.testing.clock import ManualClock
from pressroom.unencrypted import is_open_to_listeners
from tests.fakes.faults import Fault
from tests.fakes.messages import Part, parse_multipart
from tests.fakes.openai import FakeOpenAI
from tests.generators.openai_bench import OpenAIBench

REQUEST = ImageRequest(prompt="A spooky cat in a hat", theme="Dress Up Your Pet")


def reference(width: int, height: int) -> ReferencePicture:
    data = plain_png(width, height)
    return ReferencePicture(sha256=hashlib.sha256(data).hexdigest(), media_type="image/png", data=data)


SHOWN = REQUEST.model_copy(update={"references": (reference(64, 48),)})
Made = Callable[..., OpenAIImage]


def answer_with(document: object) -> Answer:
    return Answer(json.dumps(document).encode(), "application/json")


class TestContract(OpenAIBench, RemoteGeneratorContract, ImageGeneratorContract):
    generator_class = OpenAIImage


class TestAsking(OpenAIBench):
    generator_class = OpenAIImage

    def test_it_asks_for_one_picture_of_the_nearest_size(self, made_with: Made, service: FakeOpenAI) -> None:
        made_with().ask(REQUEST)
        assert json.loads(service.requests[0].body) == {
            "model": "gpt-image-2.5-flare",
            "prompt": "A spooky cat in a hat",
            "n": 1,
            "size": "1600x896",
            "quality": "medium",
            "output_format": "jpeg",
        }

    def test_the_settings_decide_model_quality_size_and_format(self, made_with: Made, service: FakeOpenAI) -> None:
        generator = made_with(model="gpt-image-2", quality="low", size="1536x1024", output_format="png")
        picture = generator.picture(generator.ask(REQUEST), REQUEST)
        assert (picture.width, picture.height, picture.media_type) == (1536, 1024, "image/png")
        assert (service.billed[0].model, service.billed[0].output_tokens) == ("gpt-image-2", 294)

    def test_the_raw_answer_is_what_the_server_sent(self, made_with: Made) -> None:
        answer = made_with().ask(REQUEST)
        document = json.loads(answer.raw)
        assert media_type_of(base64.b64decode(document["data"][0]["b64_json"])) == "image/jpeg"
        assert answer.model == "gpt-image-2.5-flare"

    def test_what_was_used_is_counted_in_money(self, made_with: Made, service: FakeOpenAI) -> None:
        answer = made_with().ask(REQUEST)
        billed = service.billed[0]
        assert answer.usage == (
            Usage("input_tokens", billed.input_tokens, Decimal(5) * billed.input_tokens / 1_000_000),
            Usage("output_tokens", billed.output_tokens, Decimal(30) * billed.output_tokens / 1_000_000),
            Usage("images", 1),
        )

    def test_prices_can_be_set(self, made_with: Made) -> None:
        generator = made_with(input_price="0", output_price="0")
        assert generator.estimate(REQUEST) == 0
        assert sum(line.money for line in generator.ask(REQUEST).usage) == 0

    @pytest.mark.parametrize("quality", ["low", "medium", "high", "xhigh", "max", "auto"])
    @pytest.mark.parametrize("size", ["816x816", "1600x896", "3840x2160"])
    def test_no_quality_or_size_costs_more_than_the_estimate(self, made_with: Made, quality: str, size: str) -> None:
        width, height = map(int, size.split("x"))
        square = {"low": 196, "medium": 439, "high": 1756, "xhigh": 3133, "max": 7033, "auto": 1756}[quality]
        billed = Decimal(30) * square * max(1024**2, width * height) / 1024**2 / 1_000_000
        assert made_with(quality=quality, size=size).estimate(REQUEST) >= billed

    def test_a_model_without_a_known_price_is_estimated_as_the_dearest(self, made_with: Made) -> None:
        assert made_with(model="my-own").estimate(REQUEST) > made_with(quality="max").estimate(REQUEST)

    def test_a_prompt_that_is_too_long_is_refused_before_the_call(self, made_with: Made, service: FakeOpenAI) -> None:
        with pytest.raises(BadInput, match="32001 characters"):
            made_with().ask(REQUEST.model_copy(update={"prompt": "x" * 32_001}))
        assert service.requests == []

    @pytest.mark.parametrize("fault", [Fault.PROCESSED_BUT_JUNK, Fault.PROCESSED_BUT_EMPTY])
    def test_an_unreadable_answer_is_returned_and_only_reading_it_fails(
        self, made_with: Made, service: FakeOpenAI, fault: Fault
    ) -> None:
        service.script(fault)
        generator = made_with()
        answer = generator.ask(REQUEST)
        assert answer.usage[0] == Usage("unreported", 1, generator.estimate(REQUEST))
        with pytest.raises(BadInput, match="it holds no picture"):
            generator.picture(answer, REQUEST)


class TestReferences(OpenAIBench):
    generator_class = OpenAIImage

    def parts(self, service: FakeOpenAI) -> list[Part]:
        return parse_multipart(service.requests[-1])

    def test_pictures_to_go_by_are_sent_to_the_endpoint_for_edits(self, made_with: Made, service: FakeOpenAI) -> None:
        generator = made_with()
        picture = generator.picture(generator.ask(SHOWN), SHOWN)
        assert (picture.width, picture.height) == (1600, 896)
        assert service.requests[0].path == "/v1/images/edits"
        words = {part.name: part.data.decode() for part in self.parts(service) if part.filename is None}
        assert words == {
            "model": "gpt-image-2.5-flare",
            "prompt": "A spooky cat in a hat",
            "n": "1",
            "size": "1600x896",
            "quality": "medium",
            "output_format": "jpeg",
        }
        (file,) = [part for part in self.parts(service) if part.filename is not None]
        assert (file.name, file.filename, file.content_type) == ("image[]", "reference-1.jpg", "image/jpeg")

    def test_each_is_a_jpeg_no_larger_than_is_looked_at(self, made_with: Made, service: FakeOpenAI) -> None:
        request = SHOWN.model_copy(update={"references": (reference(3000, 1500), reference(40, 30))})
        made_with().ask(request)
        files = [part.data for part in self.parts(service) if part.filename is not None]
        images = [pyvips.Image.new_from_buffer(data, "") for data in files]
        assert [(image.width, image.height) for image in images] == [(1536, 768), (40, 30)]

    def test_no_more_are_sent_than_the_service_takes(self, made_with: Made, service: FakeOpenAI) -> None:
        made_with().ask(SHOWN.model_copy(update={"references": (reference(32, 32),) * 20}))
        assert len([part for part in self.parts(service) if part.filename is not None]) == 16

    def test_their_tokens_are_on_a_line_of_their_own_and_within_the_estimate(
        self, made_with: Made, service: FakeOpenAI
    ) -> None:
        generator = made_with()
        request = SHOWN.model_copy(update={"references": (reference(3000, 3000),)})
        words, shown, drawn, _ = generator.ask(request).usage
        assert (shown.unit, shown.quantity) == ("image_input_tokens", round(1536 * 1536 / 750))
        assert shown.money == Decimal(8) * shown.quantity / 1_000_000
        assert words.quantity + shown.quantity == service.billed[0].input_tokens
        assert sum((words.money, shown.money, drawn.money), Decimal(0)) <= generator.estimate(request)
        assert generator.estimate(request) > generator.estimate(REQUEST)

    def test_a_picture_to_go_by_that_is_none_is_told_before_the_call(
        self, made_with: Made, service: FakeOpenAI
    ) -> None:
        broken = ReferencePicture(sha256="0", media_type="image/jpeg", data=b"words")
        with pytest.raises(BadInput, match="the picture to go by is"):
            made_with().ask(SHOWN.model_copy(update={"references": (broken,)}))
        assert service.requests == []

    @pytest.mark.parametrize("fault", [Fault.RATE_LIMITED, Fault.SERVER_ERROR, Fault.CUT_AFTER_PROCESSING])
    def test_failures_are_those_of_any_call(self, made_with: Made, service: FakeOpenAI, fault: Fault) -> None:
        service.script(fault)
        with pytest.raises(Unavailable):
            made_with().ask(SHOWN)
        assert len(service.requests) == 1


class TestFailures(OpenAIBench):
    generator_class = OpenAIImage

    def failure(self, generator: OpenAIImage, request: ImageRequest = REQUEST) -> PressroomError:
        with pytest.raises(PressroomError) as caught:
            generator.ask(request)
        return caught.value

    def test_a_wrong_key_says_how_to_set_another(self, made_with: Made, service: FakeOpenAI) -> None:
        service.api_key = "another"
        error = self.failure(made_with())
        assert isinstance(error, ConfigurationError)
        assert "`pressroom secrets set generators.art.api_key`" in error.todo
        assert not error.retryable

    @pytest.mark.parametrize("model", ["dall-e-3", "gpt-image-1"])
    def test_a_dead_model_is_named_with_its_end_and_what_to_use(
        self, made_with: Made, clock: ManualClock, model: str
    ) -> None:
        error = self.failure(made_with(model=model))
        assert isinstance(error, ConfigurationError)
        end = {"dall-e-3": "2026-05-12", "gpt-image-1": "2026-10-23"}[model]
        assert error.what == f"The model {model} ended on {end}."
        assert "[generators.art]" in error.todo
        assert "gpt-image-2.5-flare" in error.todo

    def test_an_unknown_model_is_named(self, made_with: Made) -> None:
        error = self.failure(made_with(model="gpt-image-9"))
        assert isinstance(error, ConfigurationError)
        assert "has no model gpt-image-9" in error.what

    def test_a_rate_limit_says_when_to_come_back(
        self, made_with: Made, service: FakeOpenAI, clock: ManualClock
    ) -> None:
        service.script(Fault.RATE_LIMITED)
        error = self.failure(made_with())
        assert isinstance(error, RateLimited)
        assert error.retry_at == clock.now() + timedelta(seconds=60)

    def test_a_bare_rate_limit_leaves_the_time_open(self, made_with: Made, service: FakeOpenAI) -> None:
        service.script(Fault.RATE_LIMITED_BARE)
        error = self.failure(made_with())
        assert isinstance(error, RateLimited)
        assert error.retry_at is None

    def test_an_account_without_credit_is_not_tried_again(self, made_with: Made, service: FakeOpenAI) -> None:
        service.quota = 0
        error = self.failure(made_with())
        assert isinstance(error, OutOfCredit)
        assert not error.retryable
        assert "Billing" in error.todo

    def test_a_refusal_by_content_rules_gives_the_reason(self, made_with: Made) -> None:
        error = self.failure(made_with(), REQUEST.model_copy(update={"prompt": "A gory cat"}))
        assert isinstance(error, BadInput)
        assert "content rules: Your request was rejected by the safety system" in error.what
        assert "Change the words" in error.todo

    @pytest.mark.parametrize(
        "fault",
        [
            Fault.SERVER_ERROR,
            Fault.UNAVAILABLE,
            Fault.PROCESSED_BUT_500,
            Fault.PROCESSED_BUT_TRUNCATED,
            Fault.CUT_BEFORE_PROCESSING,
            Fault.CUT_AFTER_PROCESSING,
        ],
    )
    def test_an_answer_that_did_not_come_is_tried_again_and_may_be_billed(
        self, made_with: Made, service: FakeOpenAI, fault: Fault
    ) -> None:
        service.script(fault)
        error = self.failure(made_with())
        assert type(error) is Unavailable
        assert error.retryable
        assert "may have been billed" in error.what

    def test_a_server_that_says_when_is_believed(
        self, made_with: Made, service: FakeOpenAI, clock: ManualClock
    ) -> None:
        service.script(Fault.UNAVAILABLE_RETRY_AFTER)
        error = self.failure(made_with())
        assert isinstance(error, Unavailable)
        assert error.retry_at == clock.now() + timedelta(seconds=2)

    def test_a_time_out_says_how_long_it_waited(self, made_with: Made, service: FakeOpenAI) -> None:
        service.script(Fault.TIMEOUT_AFTER_PROCESSING)
        error = self.failure(made_with(timeout_seconds=0.3))
        assert type(error) is Unavailable
        assert "within 0.3 seconds" in error.what
        assert "may have been billed" in error.what
        assert "timeout_seconds in [generators.art]" in error.todo

    def test_a_server_that_sends_its_answer_drop_by_drop_does_not_hold_us(self, made_with: Made) -> None:
        stopped = threading.Event()

        class Dripping(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                self.request.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n")
                # Each drop comes well within the time-out; all of them together do not.
                while not stopped.wait(0.1):
                    self.request.sendall(b" ")

        with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Dripping) as server:
            thread = threading.Thread(target=server.serve_forever, args=(0.05,))
            thread.start()
            try:
                address = f"http://127.0.0.1:{server.server_address[1]}"
                error = self.failure(made_with(base_url=address, timeout_seconds=0.4))
            finally:
                stopped.set()
                server.shutdown()
                thread.join()
        assert type(error) is Unavailable
        assert "within 0.4 seconds" in error.what

    def test_a_server_that_is_not_there_was_not_asked(self, made_with: Made, service: FakeOpenAI) -> None:
        generator = made_with()
        service.stop()
        error = self.failure(generator)
        assert type(error) is Unavailable
        assert "nothing was asked" in error.what
        assert "billed" not in error.what

    def test_a_wrong_address_is_named(self, made_with: Made, service: FakeOpenAI) -> None:
        error = self.failure(made_with(base_url=service.base_url + "/v2"))
        assert isinstance(error, ConfigurationError)
        assert "base_url in [generators.art]" in error.todo

    def test_a_key_that_no_header_can_carry_is_not_sent_and_not_shown(
        self, made_with: Made, service: FakeOpenAI
    ) -> None:
        generator = made_with()
        for key in ("sk-two\nlines", "sk-ünïcode", "two words"):
            generator.setup.secrets.set("generators.art.api_key", key)
            error = self.failure(generator)
            assert isinstance(error, ConfigurationError)
            assert key not in str(error)
        assert service.requests == []


class TestReading(OpenAIBench):
    generator_class = OpenAIImage

    @pytest.mark.parametrize(
        ("document", "why"),
        [
            ([], "it holds no picture"),
            ({"data": []}, "it holds no picture"),
            ({"data": [{"url": "https://example.org/p.png"}]}, "an address instead of a picture"),
            ({"data": [{"b64_json": "%%%"}]}, "no valid base64"),
            ({"data": [{"b64_json": base64.b64encode(b"words").decode()}]}, "no picture, or only a part of one"),
            ({"data": [{"b64_json": base64.b64encode(plain_png(64, 64)[:60]).decode()}]}, "only a part of one"),
        ],
    )
    def test_junk_is_named_for_what_it_is(self, made_with: Made, document: object, why: str) -> None:
        with pytest.raises(BadInput, match=why) as caught:
            made_with().picture(answer_with(document), REQUEST)
        assert "[generators.art]" in caught.value.what

    def test_the_picture_tells_its_own_type_whatever_was_asked_for(self, made_with: Made) -> None:
        encoded = base64.b64encode(plain_png(64, 48)).decode()
        picture = made_with(output_format="jpeg").picture(answer_with({"data": [{"b64_json": encoded}]}), REQUEST)
        assert (picture.media_type, picture.width, picture.height) == ("image/png", 64, 48)


class TestDoctor(OpenAIBench):
    generator_class = OpenAIImage

    def test_all_is_well_with_a_living_model(self, made_with: Made) -> None:
        findings = made_with().check()
        assert [finding.ok for finding in findings] == [True] * 3
        assert [finding.todo for finding in findings] == [""] * 3
        assert "no end is announced" in findings[-1].what

    def test_nothing_is_billed(self, made_with: Made, service: FakeOpenAI) -> None:
        made_with().check()
        assert service.billed == []

    def test_a_missing_key_is_found_without_a_call(self, made_with: Made, service: FakeOpenAI) -> None:
        generator = made_with()
        generator.setup.secrets.remove("generators.art.api_key")
        (finding,) = generator.check()
        assert not finding.ok
        assert "pressroom secrets set generators.art.api_key" in finding.todo
        assert service.requests == []

    def test_a_refused_key_is_found(self, made_with: Made, service: FakeOpenAI) -> None:
        service.api_key = "another"
        assert not made_with().check()[-1].ok

    def test_a_dead_model_is_found_with_its_end(self, made_with: Made) -> None:
        finding = made_with(model="dall-e-3").check()[-1]
        assert not finding.ok
        assert "ended on 2026-05-12" in finding.what
        assert "gpt-image-2.5-flare" in finding.todo

    def test_an_unreachable_server_is_found(self, made_with: Made, service: FakeOpenAI) -> None:
        generator = made_with()
        service.stop()
        finding = generator.check()[-1]
        assert not finding.ok
        assert "could not be reached" in finding.what

    def test_an_unknown_price_is_a_warning(self, made_with: Made) -> None:
        finding = made_with(model="gpt-image-2.6-flare").check()[-1]
        assert finding.ok
        assert "input_price and output_price in [generators.art]" in finding.todo


@pytest.mark.parametrize(
    ("base_url", "is_open"),
    [
        ("https://api.openai.com/v1", False),
        ("http://localhost:1234/v1", False),
        ("http://127.0.0.1:1234/v1", False),
        ("http://[::1]:1234/v1", False),
        ("http://192.168.1.9:1234/v1", True),
        ("http://models.example.org/v1", True),
    ],
)
def test_a_key_that_would_travel_unencrypted_is_noticed(base_url: str, is_open: bool) -> None:
    assert is_open_to_listeners(base_url) is is_open


@given(width=st.integers(1, 10_000), height=st.integers(1, 10_000))
@example(1600, 900)
@example(3840, 2160)
@example(2160, 3840)
@example(1, 10_000)
@example(512, 512)
def test_the_nearest_size_is_always_allowed(width: int, height: int) -> None:
    chosen_width, chosen_height = nearest_size(width, height)
    assert chosen_width % 16 == chosen_height % 16 == 0
    assert max(chosen_width, chosen_height) <= 3 * min(chosen_width, chosen_height)
    assert chosen_width <= 3840
    assert chosen_height <= 2160
    assert chosen_width * chosen_height >= 655_360
    shape = min(max(width / height, 1 / 3), 3)
    assert chosen_width / chosen_height == pytest.approx(shape, rel=0.03)


@pytest.mark.parametrize(
    ("asked", "chosen"),
    [
        ((1600, 900), (1600, 896)),
        ((1024, 1024), (1024, 1024)),
        ((3840, 2160), (3840, 2160)),
        ((1080, 1350), (1088, 1344)),
        ((512, 512), (816, 816)),
    ],
)
def test_the_nearest_size_stays_close(asked: tuple[int, int], chosen: tuple[int, int]) -> None:
    assert nearest_size(*asked) == chosen


@pytest.mark.parametrize(
    "settings",
    [
        {"base_url": "api.openai.com/v1"},
        {"base_url": "ftp://api.openai.com"},
        {"base_url": "https://user:password@host/v1"},
        {"base_url": "https://host:99999/v1"},
        {"base_url": "https://host/v1?key=x"},
        {"quality": "hd"},
        {"output_format": "gif"},
        {"size": "huge"},
        {"timeout_seconds": 0},
        {"style": "vivid"},
    ],
)
def test_a_setting_that_cannot_work_is_refused_when_it_is_read(settings: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        ImageOptions(**settings)
