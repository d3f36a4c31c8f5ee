"""The fakes and a client of each, for the tests of the fakes."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.fakes.guestbook import Guestbook
from tests.fakes.openai import FakeOpenAI
from tests.fakes.openai_caller import connect
from tests.fakes.x import FakeX
from tests.fakes.x_caller import Caller
from tests.fakes.x_state import Token


@pytest.fixture
def x() -> Iterator[FakeX]:
    with FakeX() as fake:
        yield fake


@pytest.fixture
def tokens(x: FakeX) -> tuple[Token, Token]:
    return x.connect(x.account)


@pytest.fixture
def call(x: FakeX, tokens: tuple[Token, Token]) -> Caller:
    return Caller(x, tokens[0].text)


@pytest.fixture
def service() -> Iterator[FakeOpenAI]:
    with FakeOpenAI(blocked_words=["gore"]) as fake:
        yield fake


@pytest.fixture
def client(service: FakeOpenAI) -> Iterator[httpx.Client]:
    with connect(service) as http:
        yield http


@pytest.fixture
def book() -> Iterator[Guestbook]:
    with Guestbook() as guestbook:
        yield guestbook


@pytest.fixture
def visitor(book: Guestbook) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=book.base_url, timeout=5) as http:
        yield http
