"""The contract of a generator: asking is one call, reading is pure, estimates hold, and no secret is shown.

A generator's test inherits from the contract of its kind (`ImageGeneratorContract`, `TextGeneratorContract`,
`ModerationGeneratorContract`) and of its place (`RemoteGeneratorContract` for a model behind a network,
`OfflineGeneratorContract` for one in this process), and provides the fixture `make`.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, ClassVar

import pytest
from pydantic import ValidationError

from pressroom.errors import PressroomError, problem_of
from pressroom.generators.base import (
    Answer,
    Generator,
    ImageGenerator,
    ImageRequest,
    ModerationGenerator,
    ModerationPicture,
    ModerationRequest,
    Picture,
    TextGenerator,
    TextRequest,
    Verdict,
)
from pressroom.media import media_type_of

Make = Callable[[], Generator[Any]]
"""Makes the generator anew, as a process started after a crash would."""


class GeneratorContract:
    """What holds for every generator; the contract of a kind adds what it makes."""

    base: ClassVar[type[Generator[Any]]]

    @pytest.fixture
    def make(self) -> Make:
        raise AssertionError("the test of a generator provides the fixture `make`")

    @pytest.fixture
    def requests(self) -> Sequence[Any]:
        raise AssertionError("the contract of a kind provides the fixture `requests`")

    def read(self, generator: Generator[Any], answer: Answer, request: Any) -> Any:
        raise AssertionError("the contract of a kind says how an answer is read")

    def test_its_kind_is_that_of_its_base(self, make: Make) -> None:
        generator = make()
        assert isinstance(generator, self.base)
        assert generator.kind == self.base.kind

    def test_a_setting_that_it_does_not_know_is_refused(self, make: Make) -> None:
        with pytest.raises(ValidationError, match="no_such_setting"):
            make().Options(**{"no_such_setting": 1})

    def test_every_setting_has_a_default_and_cannot_be_changed_later(self, make: Make) -> None:
        options = make().Options()
        with pytest.raises(ValidationError, match="frozen"):
            setattr(options, "use", "another")  # noqa: B010 - the type checker knows that it cannot be

    def test_an_answer_is_read_twice_with_the_same_result(self, make: Make, requests: Sequence[Any]) -> None:
        generator = make()
        for request in requests:
            answer = generator.ask(request)
            assert self.read(generator, answer, request) == self.read(generator, answer, request)

    def test_a_stored_answer_is_read_by_another_process(self, make: Make, requests: Sequence[Any]) -> None:
        answer = make().ask(requests[0])
        stored = Answer(answer.raw, answer.media_type, model=answer.model)
        assert self.read(make(), stored, requests[0]) == self.read(make(), answer, requests[0])

    def test_the_estimate_covers_what_it_costs(self, make: Make, requests: Sequence[Any]) -> None:
        generator = make()
        for request in requests:
            estimate = generator.estimate(request)
            used = generator.ask(request).usage
            assert all(line.quantity >= 0 and line.money >= 0 and line.currency == "USD" for line in used)
            assert sum((line.money for line in used), Decimal(0)) <= estimate

    def test_an_answer_says_what_it_is_and_who_gave_it(self, make: Make, requests: Sequence[Any]) -> None:
        answer = make().ask(requests[0])
        assert answer.raw
        assert "/" in answer.media_type
        assert answer.model

    def test_every_finding_that_is_not_ok_says_what_to_do(self, make: Make) -> None:
        assert [finding for finding in make().check() if not finding.what or not (finding.ok or finding.todo)] == []


class ImageGeneratorContract(GeneratorContract):
    base = ImageGenerator
    is_exact: ClassVar[bool] = False
    """Whether its pictures have the size asked for to the pixel; else a step fits them."""

    @pytest.fixture
    def requests(self) -> Sequence[ImageRequest]:
        pet = ImageRequest(prompt="A spooky cat in a witch's hat", theme="Dress Up Your Pet", style="spooky", seed="1")
        return (
            pet,
            pet.model_copy(update={"width": 1080, "height": 1350}),
            pet.model_copy(update={"width": 512, "height": 512}),
        )

    def read(self, generator: Generator[Any], answer: Answer, request: Any) -> Picture:
        assert isinstance(generator, ImageGenerator)
        return generator.picture(answer, request)

    def test_a_picture_is_what_it_says(self, make: Make, requests: Sequence[ImageRequest]) -> None:
        import pyvips

        generator = make()
        for request in requests:
            picture = self.read(generator, generator.ask(request), request)
            decoded = pyvips.Image.new_from_buffer(picture.data, "", fail_on="warning")
            assert decoded.avg() >= 0
            assert media_type_of(picture.data) == picture.media_type
            assert (picture.width, picture.height) == (decoded.width, decoded.height)
            if self.is_exact:
                assert (picture.width, picture.height) == (request.width, request.height)

    def test_a_picture_has_nearly_the_shape_that_was_asked_for(
        self, make: Make, requests: Sequence[ImageRequest]
    ) -> None:
        generator = make()
        for request in requests:
            picture = self.read(generator, generator.ask(request), request)
            shape = picture.width / picture.height
            assert shape == pytest.approx(request.width / request.height, rel=0.03)


class TextGeneratorContract(GeneratorContract):
    base = TextGenerator

    @pytest.fixture
    def requests(self) -> Sequence[TextRequest]:
        caption = TextRequest(
            purpose="caption",
            prompt="Write a caption for a picture of a cat in a witch's hat, for Dress Up Your Pet Day.",
            theme="Dress Up Your Pet",
            style="spooky",
            seed="1",
        )
        return (caption, caption.model_copy(update={"max_characters": 60}))

    def read(self, generator: Generator[Any], answer: Answer, request: Any) -> str:
        assert isinstance(generator, TextGenerator)
        return generator.text(answer, request)

    def test_a_text_is_there_and_no_longer_than_is_of_use(self, make: Make, requests: Sequence[TextRequest]) -> None:
        generator = make()
        for request in requests:
            text = self.read(generator, generator.ask(request), request)
            assert text
            assert text == text.strip()
            assert len(text) <= request.max_characters


class ModerationGeneratorContract(GeneratorContract):
    base = ModerationGenerator
    objectionable: ClassVar[str]
    """Words that the generator made by `make` must flag."""

    @pytest.fixture
    def requests(self) -> Sequence[ModerationRequest]:
        words = "A spooky cat in a witch's hat, for Dress Up Your Pet Day."
        return (
            ModerationRequest(text=words),
            ModerationRequest(text=words, pictures=(a_moderation_picture(),)),
            ModerationRequest(text="", pictures=(a_moderation_picture(2),)),
        )

    def read(self, generator: Generator[Any], answer: Answer, request: Any) -> Verdict:
        assert isinstance(generator, ModerationGenerator)
        return generator.verdict(answer, request)

    def test_a_harmless_post_is_clean(self, make: Make, requests: Sequence[ModerationRequest]) -> None:
        generator = make()
        for request in requests:
            assert self.read(generator, generator.ask(request), request).is_clean

    def test_what_is_objectionable_is_flagged_with_its_reason(self, make: Make) -> None:
        generator = make()
        request = ModerationRequest(text=f"A cat. {self.objectionable} A hat.", pictures=(a_moderation_picture(),))
        verdict = self.read(generator, generator.ask(request), request)
        assert verdict.flags
        assert all(flag.category and flag.why.endswith(".") for flag in verdict.flags)
        assert [flag.score for flag in verdict.flags] == sorted((flag.score for flag in verdict.flags), reverse=True)

    def test_a_picture_that_cannot_be_read_never_passes(self, make: Make) -> None:
        broken = a_moderation_picture().model_copy(update={"data": b"\x89PNG\r\n\x1a\n and then nothing"})
        request = ModerationRequest(text="A cat.", pictures=(broken,))
        generator = make()
        try:
            verdict = self.read(generator, generator.ask(request), request)
        except PressroomError:
            return
        assert not verdict.is_clean


def a_moderation_picture(number: int = 1) -> ModerationPicture:
    """Return a picture in which there is something to see."""
    import hashlib

    import pyvips

    place = pyvips.Image.xyz(320, 240)
    checks = ((place[0] / 20).floor() + (place[1] / 20).floor()) % 2 * 120 + 60
    png: bytes = checks.bandjoin([checks, checks * 0.8]).cast("uchar").copy(interpretation="srgb").pngsave_buffer()
    digest = hashlib.sha256(png).hexdigest()
    return ModerationPicture(sha256=digest, media_type="image/png", number=number, data=png)


class RemoteGeneratorContract(GeneratorContract):
    """For a model behind a network. The test also provides `calls`, `secrets` and `break_next_call`."""

    failures: ClassVar[tuple[str, ...]]
    """Names of all that can go wrong; the test's `break_next_call` knows them."""

    @pytest.fixture
    def calls(self) -> Callable[[], int]:
        """Count the calls that have reached the server so far."""
        raise AssertionError("the test of a remote generator provides the fixture `calls`")

    @pytest.fixture
    def secret(self) -> str:
        """Return the secret that the made generators use."""
        raise AssertionError("the test of a remote generator provides the fixture `secret`")

    @pytest.fixture
    def break_next_call(self) -> Callable[[str], None]:
        raise AssertionError("the test of a remote generator provides the fixture `break_next_call`")

    def test_asking_once_makes_one_call(self, make: Make, requests: Sequence[Any], calls: Callable[[], int]) -> None:
        generator = make()
        generator.estimate(requests[0])
        assert calls() == 0
        generator.ask(requests[0])
        assert calls() == 1

    def test_every_answer_says_what_it_used(self, make: Make, requests: Sequence[Any]) -> None:
        assert make().ask(requests[0]).usage

    def test_reading_makes_no_call(self, make: Make, requests: Sequence[Any], calls: Callable[[], int]) -> None:
        generator = make()
        answer = generator.ask(requests[0])
        self.read(generator, answer, requests[0])
        assert calls() == 1

    def test_no_failure_is_followed_by_a_second_call(
        self,
        make: Make,
        requests: Sequence[Any],
        calls: Callable[[], int],
        break_next_call: Callable[[str], None],
    ) -> None:
        for number, failure in enumerate(self.failures, start=1):
            break_next_call(failure)
            with pytest.raises(PressroomError):
                make().ask(requests[0])
            assert calls() == number, failure

    def test_every_failure_says_what_to_do_and_where_and_shows_no_secret(
        self,
        make: Make,
        requests: Sequence[Any],
        secret: str,
        break_next_call: Callable[[str], None],
    ) -> None:
        for failure in self.failures:
            break_next_call(failure)
            with pytest.raises(PressroomError) as caught:
                make().ask(requests[0])
            problem = problem_of(caught.value)
            assert problem.what, failure
            assert problem.where, failure
            assert problem.todo, failure
            shown = "".join(traceback.format_exception(caught.value)) + str(problem.as_dict()) + repr(caught.value)
            assert secret not in shown, failure

    def test_no_secret_is_shown_by_repr(self, make: Make, requests: Sequence[Any], secret: str) -> None:
        generator = make()
        answer = generator.ask(requests[0])
        shown = [generator, generator.setup, generator.options, answer, vars(generator), replace(generator.setup)]
        assert secret not in "".join(map(repr, shown))
        assert secret.encode() not in answer.raw

    def test_a_missing_secret_is_named_with_how_to_set_it(self, make: Make, requests: Sequence[Any]) -> None:
        generator = make()
        names = [f"generators.{generator.setup.name}.{name}" for name in generator.needs_secrets]
        assert names
        for name in names:
            generator.setup.secrets.remove(name)
            with pytest.raises(PressroomError, match=f"pressroom secrets set {name}"):
                generator.ask(requests[0])


class OfflineGeneratorContract(GeneratorContract):
    """For what is made in this process: free, without a key, and the same again for the same seed."""

    def test_it_needs_no_secret_and_costs_nothing(self, make: Make, requests: Sequence[Any]) -> None:
        generator = make()
        assert generator.needs_secrets == ()
        assert generator.estimate(requests[0]) == 0

    def test_the_same_seed_gives_the_same_again(self, make: Make, requests: Sequence[Any]) -> None:
        assert make().ask(requests[0]).raw == make().ask(requests[0]).raw

    def test_another_seed_gives_something_else(self, make: Make, requests: Sequence[Any]) -> None:
        if "seed" not in type(requests[0]).model_fields:
            pytest.skip("nothing of this kind is made by chance")
        others = {make().ask(requests[0].model_copy(update={"seed": seed})).raw for seed in "abcdef"}
        assert len(others) > 1
