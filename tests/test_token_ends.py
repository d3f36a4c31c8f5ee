"""Warnings before something ends: 14, 7 and 1 days before, each told once, however many look."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pressroom.backends.memory import build_memory_ports
from pressroom.composition import compose
from pressroom.config import Config
from pressroom.errors import ConfigurationError, Unavailable
from pressroom.events import Event
from pressroom.oauth import TokenInfo
from pressroom.publishers.base import Publisher
from pressroom.runtime import Runtime
from pressroom.scheduler import Scheduler
from pressroom.testing import ManualClock
from pressroom.token_ends import EVERY, TokenEnds, as_dict, days_left, sentence, stage

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def ending(in_: timedelta, **more: object) -> TokenInfo:
    return TokenInfo(**{"kind": "access token", "expires_at": NOW + in_, "todo": "Connect it again."} | more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("left", "due"),
    [
        (timedelta(days=15), None),
        (timedelta(days=14, seconds=1), None),
        (timedelta(days=14), 14),
        (timedelta(days=7, seconds=1), 14),
        (timedelta(days=7), 7),
        (timedelta(days=1), 1),
        (timedelta(seconds=1), 1),
        (timedelta(0), 0),
        (timedelta(days=-400), 0),
    ],
)
def test_a_warning_is_due_fourteen_seven_and_one_days_before_and_at_the_end(left: timedelta, due: int | None) -> None:
    assert stage(ending(left), NOW) == due


@pytest.mark.parametrize(("left", "due"), [(timedelta(days=7), None), (timedelta(days=1), 1), (timedelta(0), 0)])
def test_what_should_have_renewed_itself_is_warned_of_a_day_before(left: timedelta, due: int | None) -> None:
    assert stage(ending(left, renews_itself=True), NOW) == due


def test_what_nobody_has_to_do_anything_about_is_never_warned_of() -> None:
    assert stage(ending(timedelta(days=-1), renews_itself=True, todo=""), NOW) is None


def test_an_end_is_told_in_words() -> None:
    assert sentence(ending(timedelta(days=4, hours=3)), NOW) == "The access token ends in 5 days, on 2026-11-24."
    assert sentence(ending(timedelta(hours=3)), NOW) == "The access token ends within a day, on 2026-11-20."
    assert sentence(ending(timedelta(hours=-30)), NOW) == "The access token ended on 2026-11-19."
    assert days_left(ending(timedelta(days=7)), NOW) == 7
    assert as_dict(ending(timedelta(days=30)), NOW)["is_due"] is False


class Office:
    """A runtime whose channels end as a test says."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.clock = ManualClock(NOW)
        self.infos: dict[str, list[TokenInfo] | Exception] = {}
        config = Config(workspace=Path("/nowhere"), channels={"main": {"network": "x"}, "other": {"network": "x"}})
        self.runtime: Runtime = compose(config, build_memory_ports(self.clock))
        monkeypatch.setattr(Publisher, "tokens", lambda publisher: self._of(publisher.channel.name))
        self.ends = TokenEnds(self.runtime)

    def _of(self, channel: str) -> list[TokenInfo]:
        found = self.infos.get(channel, [])
        if isinstance(found, Exception):
            raise found
        return found

    def look(self) -> int:
        return self.ends.look(self.clock.now())

    @property
    def told(self) -> list[Event]:
        types = ("TokenEnding", "TokenEnded")
        return list(self.runtime.ports.events.after(0, types=types))


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Office:
    return Office(monkeypatch)


def test_each_warning_is_told_once_until_the_end(office: Office) -> None:
    office.infos["main"] = [ending(timedelta(days=20))]
    for _ in range(22 * 24):
        office.look()
        office.clock.advance(EVERY)
    told = [(event.type, event.data.get("days")) for event in office.told]
    assert told == [("TokenEnding", 14), ("TokenEnding", 7), ("TokenEnding", 1), ("TokenEnded", None)]


def test_an_event_says_which_channel_what_ends_when_and_what_to_do(office: Office) -> None:
    office.infos["main"] = [ending(timedelta(days=3), kind="API version v20.0")]
    office.look()
    (event,) = office.told
    assert event.subject == "main"
    assert event.data == {
        "channel": "main",
        "kind": "API version v20.0",
        "expires_at": (NOW + timedelta(days=3)).isoformat(),
        "days": 3,
        "todo": "Connect it again.",
    }


def test_schedulers_of_several_processes_tell_it_once(office: Office) -> None:
    office.infos["main"] = [ending(timedelta(days=3))]
    assert [TokenEnds(office.runtime).look(NOW) for _ in range(3)] == [1, 0, 0]


def test_a_token_that_was_renewed_is_warned_of_anew(office: Office) -> None:
    office.infos["main"] = [ending(timedelta(days=1))]
    office.look()
    office.infos["main"] = [ending(timedelta(days=60))]
    office.clock.advance(timedelta(days=59))
    office.look()
    assert [event.data["days"] for event in office.told] == [1, 1]


@pytest.mark.parametrize("error", [ConfigurationError("That is no time."), ZeroDivisionError()])
def test_a_channel_that_cannot_be_asked_does_not_hide_the_others(office: Office, error: Exception) -> None:
    office.infos = {"main": error, "other": [ending(timedelta(days=1))]}
    office.look()
    assert [event.subject for event in office.told] == ["other"]


def test_what_could_not_be_stored_is_tried_again_at_once(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.infos["main"] = [ending(timedelta(days=1))]
    with monkeypatch.context() as patched:
        patched.setattr(office.runtime.bus, "commit", _full)
        with pytest.raises(Unavailable):
            office.look()
    assert office.look() == 1


def _full(change: object) -> None:
    raise Unavailable("The disk is full.")


def test_the_scheduler_looks(office: Office) -> None:
    office.infos["main"] = [ending(timedelta(days=-1))]
    scheduler = Scheduler(office.runtime)
    scheduler.look()
    scheduler.look()
    assert [event.type for event in office.told] == ["TokenEnded"]


def test_it_is_not_looked_more_often_than_once_an_hour(office: Office) -> None:
    office.look()
    office.infos["main"] = [ending(timedelta(days=1))]
    office.clock.advance(EVERY - timedelta(seconds=1))
    assert office.look() == 0
    office.clock.advance(timedelta(seconds=1))
    assert office.look() == 1
