"""The container: one runtime for many calls, opened with the first of them and renewed now and then."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from pressroom.entrypoints.aws_lambda._opened import RENEW_AFTER, Container
from pressroom.runtimes.aws import Deployed


@dataclass
class Opener:
    """Opens stand-ins that write down when they are closed."""

    opened: list[Any] = field(default_factory=list)
    closed: list[Any] = field(default_factory=list)
    now: float = 0.0

    def __call__(self) -> Deployed:
        made: Any = type("Opened", (), {})()
        made.runtime = type("Runtime", (), {})()
        made.runtime.ports = type("Ports", (), {"close": lambda ports: self.closed.append(made)})()
        self.opened.append(made)
        return cast(Deployed, made)


@pytest.fixture
def opener() -> Opener:
    return Opener()


@pytest.fixture
def container(opener: Opener) -> Container:
    return Container(opener, lambda: opener.now)


def test_nothing_is_opened_before_the_first_call(container: Container, opener: Opener) -> None:
    assert opener.opened == []
    container.deployed()
    assert len(opener.opened) == 1


def test_the_calls_that_follow_find_what_is_open(container: Container, opener: Opener) -> None:
    first = container.deployed()
    opener.now = RENEW_AFTER
    assert container.deployed() is first
    assert len(opener.opened) == 1


def test_settings_that_were_changed_are_in_force_after_a_while(container: Container, opener: Opener) -> None:
    first = container.deployed()
    opener.now = RENEW_AFTER + 1
    assert container.deployed() is not first
    assert opener.closed == [first]


def test_what_is_kept_is_made_once_and_again_for_a_renewed_runtime(container: Container, opener: Opener) -> None:
    made = [container.kept("scheduler", lambda deployed: [deployed]) for _ in range(2)]
    assert made[0] is made[1]
    opener.now = RENEW_AFTER + 1
    assert container.kept("scheduler", lambda deployed: [deployed]) == [container.deployed()]
    assert made[0] != [container.deployed()]


def test_what_cannot_be_opened_is_tried_again_with_the_next_call(opener: Opener) -> None:
    fails = [ConnectionError("no network yet")]

    def open_later() -> Deployed:
        if fails:
            raise fails.pop()
        return opener()

    container = Container(open_later)
    with pytest.raises(ConnectionError):
        container.deployed()
    assert container.deployed() is opener.opened[0]
