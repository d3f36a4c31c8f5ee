"""Text in pictures by Amazon Rekognition, against a strict local server that finds ink in what it is sent."""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from PIL import Image, ImageDraw

from pressroom.backends.memory.secrets import MemorySecrets
from pressroom.contracts.generator import RemoteGeneratorContract
from pressroom.contracts.recognition_generator import RecognitionGeneratorContract, a_picture_of
from pressroom.errors import BadInput, ConfigurationError, PressroomError, RateLimited, Unavailable
from pressroom.generators import _rekognition_pixels
from pressroom.generators._rekognition_parts import Part
from pressroom.generators.base import Setup
from pressroom.generators.rekognition import Rekognition, RekognitionOptions
from pressroom.recognition import RecognisedText, RecognitionRequest
from pressroom.testing.clock import ManualClock
from tests.fakes.faults import Fault
from tests.fakes.rekognition import FakeRekognition

NAME = "eyes"
FAILURES = {
    fault.value: fault
    for fault in (
        Fault.BAD_REQUEST,
        Fault.TOKEN_EXPIRED,
        Fault.RATE_LIMITED,
        Fault.SERVER_ERROR,
        Fault.UNAVAILABLE,
        Fault.CUT_BEFORE_PROCESSING,
        Fault.CUT_AFTER_PROCESSING,
        Fault.PROCESSED_BUT_TRUNCATED,
    )
}
Made = Callable[..., Rekognition]


class RekognitionBench:
    failures = tuple(FAILURES)

    @pytest.fixture
    def service(self) -> Iterator[FakeRekognition]:
        with FakeRekognition() as service:
            yield service

    @pytest.fixture
    def secrets(self, service: FakeRekognition) -> MemorySecrets:
        prefix, keys = f"generators.{NAME}.", service.keys
        return MemorySecrets({f"{prefix}access_key_id": keys.key_id, f"{prefix}secret_access_key": keys.secret})

    @pytest.fixture
    def make(self, service: FakeRekognition, secrets: MemorySecrets) -> Made:
        def make(**settings: Any) -> Rekognition:
            options = RekognitionOptions(**{"base_url": service.base_url, "region": "eu-central-1", **settings})
            return Rekognition(Setup(NAME, options, secrets, ManualClock()))

        return make

    @pytest.fixture
    def secret(self, service: FakeRekognition) -> str:
        return service.keys.secret

    @pytest.fixture
    def calls(self, service: FakeRekognition) -> Callable[[], int]:
        return lambda: len(service.requests)

    @pytest.fixture
    def break_next_call(self, service: FakeRekognition) -> Callable[[str], None]:
        return lambda failure: service.script(FAILURES[failure])


class TestContract(RekognitionBench, RemoteGeneratorContract, RecognitionGeneratorContract):
    @pytest.mark.skip("without keys of its own it takes the machine's role")
    def test_a_missing_secret_is_named_with_how_to_set_it(self) -> None: ...  # type: ignore[override]


def request_of(picture: Image.Image, kind: str = "PNG", **how: Any) -> RecognitionRequest:
    data = io.BytesIO()
    picture.save(data, kind, **how)
    digest = hashlib.sha256(data.getvalue()).hexdigest()
    return RecognitionRequest(sha256=digest, media_type=f"image/{kind.lower()}", data=data.getvalue())


def read(generator: Rekognition, request: RecognitionRequest) -> RecognisedText:
    return generator.recognised(generator.ask(request), request)


def page(lines: int, words: int = 10, *, pitch: int = 40, width: int = 1000) -> Image.Image:
    """Return a page of blocks of ink, each of a colour of its own, which is its number in the order of reading."""
    picture = Image.new("RGB", (width, pitch * (lines + 1)), "white")
    draw, step = ImageDraw.Draw(picture), (width - 80) // words
    for line in range(lines):
        for word in range(words):
            number = line * words + word
            left, top = 40 + word * step, (line + 1) * pitch - pitch // 2
            ink = (number // 128, number % 128, 0)
            draw.rectangle((left, top, left + step - 15, top + pitch // 2), fill=ink)
    return picture


def numbers(first: int, last: int) -> list[str]:
    return [f"w{number}" for number in range(first, last)]


class TestWords(RekognitionBench):
    @pytest.fixture(autouse=True)
    def _says_the_colours(self, service: FakeRekognition) -> None:
        service.lines = []

    def test_one_look_is_enough_for_less_than_a_hundred_words(self, make: Made, calls: Callable[[], int]) -> None:
        text = read(make(), request_of(page(9, 11)))
        assert text.text.split() == numbers(0, 99)
        assert calls() == 1

    @pytest.mark.parametrize(("lines", "looks"), [(10, 7), (30, 7), (55, 19)])
    def test_every_word_of_a_full_page_is_read_once_in_overlapping_parts(
        self, make: Made, calls: Callable[[], int], lines: int, looks: int
    ) -> None:
        picture = page(lines)
        text = read(make(), request_of(picture))
        assert text.text.split() == numbers(0, lines * 10)
        assert len(text.lines) == lines
        assert (text.width, text.height) == picture.size
        assert calls() == looks

    def test_each_line_of_a_part_stands_where_it_stands_in_the_picture(self, make: Made) -> None:
        text = read(make(), request_of(page(30)))
        for number, line in enumerate(text.lines):
            assert line.box[0] == pytest.approx((40, (number + 1) * 40 - 20), abs=1.5)
            assert line.box[2][1] == pytest.approx((number + 1) * 40 + 1, abs=1.5)

    def test_a_page_whose_text_runs_upwards_is_divided_across_its_lines(
        self, make: Made, service: FakeRekognition
    ) -> None:
        service.turned = 3
        picture = page(24).rotate(90, expand=True)
        text = read(make(), request_of(picture))
        assert sorted(text.text.split()) == sorted(numbers(0, 240))
        (left, start), (right, end), *_ = text.lines[0].box
        assert abs(right - left) < 2
        assert end < start, "the first side is the one along which the line reads"

    def test_it_makes_no_more_calls_than_it_may_and_says_that_words_are_missing(
        self, make: Made, calls: Callable[[], int]
    ) -> None:
        generator, request = make(most_calls=7), request_of(page(55))
        answer = generator.ask(request)
        assert calls() == 7
        assert b'"is_whole": false' in answer.raw
        assert len(generator.recognised(answer, request).text.split()) < 550
        assert answer.usage[0].money == generator.estimate(request)

    def test_each_call_is_paid_for(self, make: Made) -> None:
        generator, request = make(), request_of(page(30))
        [used] = generator.ask(request).usage
        assert (used.unit, used.quantity, used.money) == ("pictures", 7, Decimal("0.007"))
        assert generator.estimate(request) == Decimal("0.019")
        assert make(price=Decimal("0.002")).estimate(request) == Decimal("0.038")


class TestPictures(RekognitionBench):
    @pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "TIFF"])
    def test_every_kind_of_picture_comes_as_one_that_it_takes(self, make: Made, kind: str) -> None:
        drawn = Image.open(io.BytesIO(a_picture_of("Morning edition", "Number 42").data)).convert("RGB")
        assert read(make(), request_of(drawn, kind)).text == "Morning edition\nNumber 42"

    def test_a_picture_is_sent_upright_and_its_boxes_are_as_it_is_looked_at(self, make: Made) -> None:
        drawn = Image.open(io.BytesIO(a_picture_of("Morning edition", "Number 42").data)).convert("RGB")
        exif = Image.Exif()
        exif[0x0112] = 6
        text = read(make(), request_of(drawn.rotate(90, expand=True), exif=exif))
        assert (text.width, text.height) == drawn.size
        assert text.lines[0].box[0][0] == pytest.approx(42, abs=6)

    def test_light_words_on_a_transparent_ground_are_put_on_a_dark_one(
        self, make: Made, service: FakeRekognition
    ) -> None:
        picture = Image.new("RGBA", (400, 120), (0, 0, 0, 0))
        ImageDraw.Draw(picture).rectangle((50, 50, 150, 80), fill=(255, 255, 255, 255))
        service.lines = ["one"]
        [line] = read(make(), request_of(picture)).lines
        assert line.box[0] == (0, 0), "what is found is the dark ground around them"

    def test_a_picture_that_is_too_small_gets_a_margin_and_keeps_its_size(
        self, make: Made, service: FakeRekognition
    ) -> None:
        picture = Image.new("RGB", (200, 30), "white")
        ImageDraw.Draw(picture).rectangle((20, 5, 120, 24), fill="black")
        service.lines = ["word"]
        text = read(make(), request_of(picture))
        assert (text.width, text.height) == (200, 30)
        assert [*text.lines[0].box[0], *text.lines[0].box[2]] == pytest.approx([20, 5, 121, 25], abs=1)

    def test_a_picture_beyond_its_bytes_is_sent_smaller_and_the_boxes_stay(
        self, make: Made, service: FakeRekognition, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(_rekognition_pixels, "MOST_BYTES", 100_000)
        noise = Image.effect_noise((1200, 900), 90).point(lambda value: 225 + value // 9)
        ImageDraw.Draw(noise).rectangle((600, 450, 899, 499), fill=0)
        service.lines = ["word"]
        [line] = read(make(), request_of(noise)).lines
        assert len(base64.b64decode(service.requests[0].json()["Image"]["Bytes"])) <= 100_000
        assert [*line.box[0], *line.box[2]] == pytest.approx([600, 450, 900, 500], abs=6)

    def test_a_picture_larger_than_what_is_kept_in_memory_keeps_its_own_pixels(
        self, make: Made, service: FakeRekognition
    ) -> None:
        picture = Image.new("L", (9000, 300), 255)
        ImageDraw.Draw(picture).rectangle((6000, 100, 8000, 200), fill=0)
        service.lines = ["word"]
        text = read(make(), request_of(picture))
        assert text.width == 9000
        assert text.lines[0].box[0] == pytest.approx((6000, 100), abs=4)


class TestReading(RekognitionBench):
    def test_lines_below_the_confidence_asked_for_are_left_out(self, make: Made, service: FakeRekognition) -> None:
        service.confidence = 60.0
        request = a_picture_of("Morning edition", "Number 42")
        assert [line.confidence for line in read(make(), request).lines] == [0.6, 0.6]
        assert read(make(min_confidence=0.7), request).lines == ()

    def test_a_polygon_that_begins_elsewhere_is_turned_by_the_order_of_its_words(self) -> None:
        from pressroom.generators._rekognition_reading import recognised_text

        def told(number: int, kind: str, text: str, corners: list[tuple[float, float]], **more: int) -> dict[str, Any]:
            polygon = [{"X": x, "Y": y} for x, y in corners]
            return {"Id": number, "Type": kind, "DetectedText": text, "Confidence": 99.0, **more} | {
                "Geometry": {"Polygon": polygon}
            }

        upwards = [(0.2, 0.1), (0.3, 0.1), (0.3, 0.9), (0.2, 0.9)]
        detections = [
            told(0, "LINE", "up there", upwards),
            told(1, "WORD", "up", [(0.2, 0.6), (0.3, 0.6), (0.3, 0.9), (0.2, 0.9)], ParentId=0),
            told(2, "WORD", "there", [(0.2, 0.1), (0.3, 0.1), (0.3, 0.5), (0.2, 0.5)], ParentId=0),
        ]
        whole = Part(0, 0, 100, 100)
        document = {"width": 100, "height": 100, "parts": [{"part": _plain(whole), "detections": detections}]}
        [line] = recognised_text(document, 0.5).lines
        assert line.box[0] == pytest.approx((20, 90))
        assert line.box[1] == pytest.approx((20, 10))


class TestErrors(RekognitionBench):
    @pytest.mark.parametrize(
        ("fault", "kind", "said"),
        [
            (Fault.RATE_LIMITED, RateLimited, "too many requests"),
            (Fault.TOKEN_EXPIRED, ConfigurationError, "rekognition:DetectText"),
            (Fault.BAD_REQUEST, BadInput, "invalid image format"),
            (Fault.UNAVAILABLE, Unavailable, "in trouble"),
            (Fault.CUT_AFTER_PROCESSING, Unavailable, "may be billed"),
        ],
    )
    def test_each_failure_says_what_it_is(
        self, make: Made, service: FakeRekognition, fault: Fault, kind: type[PressroomError], said: str
    ) -> None:
        service.script(fault)
        with pytest.raises(kind, match=said):
            make().ask(a_picture_of("Morning edition", "Number 42"))

    def test_doctor_finds_that_it_answers_without_a_picture_being_read(
        self, make: Made, service: FakeRekognition
    ) -> None:
        assert [finding.ok for finding in make().check()] == [True]
        service.script(Fault.TOKEN_EXPIRED)
        [finding] = make().check()
        assert (finding.ok, "rekognition:DetectText" in finding.todo) == (False, True)


def _plain(part: Part) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(part)
