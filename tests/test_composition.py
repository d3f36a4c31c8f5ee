"""What is wired from the settings, and what the settings are refused for."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pressroom import registry
from pressroom.backends.memory import build_memory_ports
from pressroom.bus import EVENTS_QUEUE
from pressroom.changes import Change
from pressroom.composition import compose
from pressroom.config import Config
from pressroom.errors import ConfigurationError, UnknownName
from pressroom.events import Event
from pressroom.pipeline import On, Schedule
from pressroom.runtime import Runtime
from pressroom.testing import ManualClock, memory_runtime
from tests.engine import Calls, a_pipeline


def a_runtime(**sections: Any) -> Runtime:
    config = Config.model_validate({"workspace": Path(), **sections})
    return compose(config, build_memory_ports(ManualClock()))


def test_every_installed_pipeline_is_there() -> None:
    runtime = a_runtime()
    assert sorted(runtime.runner.pipelines()) == registry.names("pipelines")
    assert "daily_post" in runtime.runner.pipelines()


def test_pipelines_that_are_given_take_the_place_of_the_installed() -> None:
    runtime = memory_runtime(a_pipeline(*Calls().steps("draw")))
    assert list(runtime.runner.pipelines()) == ["work_through"]


def test_the_settings_of_a_pipeline_are_read_with_its_own_model() -> None:
    runtime = a_runtime(pipelines={"daily_post": {"style": "merry", "channels": ["main"]}})
    settings = runtime.runner.execution.settings["daily_post"]
    assert settings.model_dump()["style"] == "merry"


def test_a_section_for_a_pipeline_that_does_not_exist_names_the_closest() -> None:
    with pytest.raises(UnknownName, match="daily_pots") as refused:
        a_runtime(pipelines={"daily_pots": {}})
    assert "daily_post" in refused.value.todo
    assert "[pipelines.daily_pots]" in refused.value.where


def test_a_setting_that_a_pipeline_does_not_have_is_named() -> None:
    with pytest.raises(ConfigurationError, match=r"\[pipelines.daily_post\] colour: there is no such setting"):
        a_runtime(pipelines={"daily_post": {"colour": "red"}})


def test_handlers_are_off_until_they_are_enabled() -> None:
    assert a_runtime().replay.handlers() == []
    assert a_runtime(handlers={"notify": {"url": "http://127.0.0.1:9"}}).replay.handlers() == []


def test_an_enabled_handler_subscribes_to_the_bus() -> None:
    runtime = a_runtime(handlers={"notify": {"enabled": True, "url": "http://127.0.0.1:9"}})
    assert runtime.replay.handlers() == ["notify"]
    assert "PostHeld" in runtime.bus.subscriptions["notify"].types


def test_only_events_that_a_handler_wants_are_put_on_the_queue_for_it() -> None:
    runtime = a_runtime(handlers={"notify": {"enabled": True, "url": "http://127.0.0.1:9", "events": ["PostHeld"]}})
    assert runtime.bus.subscriptions["notify"].types == {"PostHeld"}
    types = ("JobRequested", "StepCompleted", "PostHeld", "PostPublished")
    runtime.bus.commit(
        Change(events=tuple(Event(type=type, subject="1", time=runtime.ports.clock.now()) for type in types))
    )
    [delivery] = runtime.ports.queue.claim([EVENTS_QUEUE], 10, timedelta(minutes=1))
    assert delivery.event is not None
    assert delivery.event.type == "PostHeld"


def test_a_handler_that_is_to_take_no_event_at_all_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"\[handlers.notify\] events"):
        a_runtime(handlers={"notify": {"enabled": True, "url": "http://127.0.0.1:9", "events": []}})


def test_a_handler_that_does_not_exist_is_named() -> None:
    with pytest.raises(UnknownName, match="notfy"):
        a_runtime(handlers={"notfy": {"enabled": True}})


def test_a_setting_that_a_handler_does_not_have_is_named() -> None:
    with pytest.raises(ConfigurationError, match=r"\[handlers.notify\] ur: there is no such setting"):
        a_runtime(handlers={"notify": {"ur": "http://127.0.0.1:9"}})


def test_only_pipelines_with_gates_subscribe_to_events() -> None:
    gated = a_pipeline(On("PaperArrived"), *Calls().steps("draw"), name="with_gate")
    runtime = memory_runtime(gated, a_pipeline(*Calls().steps("write")))
    assert list(runtime.bus.subscriptions) == ["pipeline:with_gate", "webhooks"]


def test_a_runtime_closes_its_ports() -> None:
    from dataclasses import replace

    closed: list[bool] = []
    ports = replace(build_memory_ports(ManualClock()), close=lambda: closed.append(True))
    with compose(Config(workspace=Path()), ports):
        assert closed == []
    assert closed == [True]


@pytest.mark.parametrize(("setting", "said"), [("zone", "Europe/Berln"), ("schedule", "61 8 * * *")])
def test_a_schedule_that_never_comes_is_refused_when_the_workspace_is_opened(setting: str, said: str) -> None:
    daily = a_pipeline(*Calls().steps("draw"), name="daily", trigger=Schedule("0 8 * * *"))
    with pytest.raises(ConfigurationError, match=r"Berln|61") as refused:
        memory_runtime(daily, pipelines={"daily": {setting: said}})
    assert "[pipelines.daily]" in refused.value.where
