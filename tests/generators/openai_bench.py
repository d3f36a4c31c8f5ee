"""What the tests of both doors to OpenAI share: the strict local server, a key, and the ways in which it fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from pressroom.backends.memory.secrets import MemorySecrets
from pressroom.generators.base import Generator, Setup
from pressroom.testing.clock import ManualClock
from tests.fakes.faults import Fault
from tests.fakes.openai import API_KEY, FakeOpenAI

NAME = "art"
KEY_NAME = f"generators.{NAME}.api_key"

FAILURES = {
    fault.value: fault
    for fault in (
        Fault.BAD_REQUEST,
        Fault.TOKEN_EXPIRED,
        Fault.OUT_OF_CREDIT,
        Fault.DUPLICATE,
        Fault.TOO_LARGE,
        Fault.RATE_LIMITED,
        Fault.RATE_LIMITED_BARE,
        Fault.SERVER_ERROR,
        Fault.UNAVAILABLE,
        Fault.UNAVAILABLE_RETRY_AFTER,
        Fault.PROCESSED_BUT_500,
        Fault.PROCESSED_BUT_TRUNCATED,
        Fault.CUT_BEFORE_READING,
        Fault.CUT_BEFORE_PROCESSING,
        Fault.CUT_AFTER_PROCESSING,
    )
}


class OpenAIBench:
    """Fixtures for a test class; `generator_class` is the door that it goes through."""

    generator_class: type[Generator[Any]]
    failures = tuple(FAILURES)

    @pytest.fixture
    def service(self) -> Iterator[FakeOpenAI]:
        with FakeOpenAI(blocked_words=["gory"]) as service:
            yield service

    @pytest.fixture
    def clock(self, service: FakeOpenAI) -> ManualClock:
        return ManualClock()

    @pytest.fixture
    def secrets(self) -> MemorySecrets:
        return MemorySecrets({KEY_NAME: API_KEY})

    @pytest.fixture
    def made_with(
        self, service: FakeOpenAI, secrets: MemorySecrets, clock: ManualClock
    ) -> Callable[..., Generator[Any]]:
        """Make the generator with these settings of its section."""

        def make(**settings: Any) -> Generator[Any]:
            options = self.generator_class.Options(**{"base_url": service.base_url_v1, **settings})
            return self.generator_class(Setup(NAME, options, secrets, clock))

        return make

    @pytest.fixture
    def make(self, made_with: Callable[..., Generator[Any]]) -> Callable[[], Generator[Any]]:
        return made_with

    @pytest.fixture
    def secret(self) -> str:
        return API_KEY

    @pytest.fixture
    def calls(self, service: FakeOpenAI) -> Callable[[], int]:
        return lambda: len(service.requests)

    @pytest.fixture
    def break_next_call(self, service: FakeOpenAI) -> Callable[[str], None]:
        return lambda failure: service.script(FAILURES[failure])
