from __future__ import annotations

import asyncio
import io
import json
import logging
import re
import socket
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from pressroom.errors import ConfigurationError
from pressroom.logs import KnownSecrets, configure
from pressroom.redaction import REDACTED

SECRET = "hunter2-hunter2"


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    root.handlers = handlers
    root.setLevel(level)


class OneSecret:
    def __init__(self, value: str) -> None:
        self.value = value
        self.is_broken = False

    def names(self) -> list[str]:
        if self.is_broken:
            raise ConfigurationError("The key is missing.")
        return ["channels.main.api_key"]

    def get(self, name: str) -> str:
        return self.value


def _known(secrets: OneSecret, now: list[float] | None = None) -> KnownSecrets:
    times = now if now is not None else [0.0]
    return KnownSecrets(secrets, now=lambda: times[0])  # type: ignore[arg-type]


def _lines(said: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in said.splitlines()]


def test_lines_are_json_on_standard_error_when_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    configure("info", "auto")
    structlog.get_logger().info("step done", seconds=1.5)
    said = capsys.readouterr()
    assert said.out == ""
    (line,) = _lines(said.err)
    assert line["event"] == "step done"
    assert line["seconds"] == 1.5
    assert line["level"] == "info"
    assert line["timestamp"].endswith("Z")


def test_lines_are_for_people_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr("sys.stderr", terminal)
    configure("info", "auto", color=False)
    structlog.get_logger().info("step done", step="draw")
    assert re.search(r"\[info +\] step done step=draw\n$", terminal.getvalue())


def test_a_line_inside_a_job_names_the_job_and_the_step(capsys: pytest.CaptureFixture[str]) -> None:
    configure("info", "json")
    with structlog.contextvars.bound_contextvars(job_id="job_1", step="draw"):
        structlog.get_logger().info("inside")
    structlog.get_logger().info("outside")
    inside, outside = _lines(capsys.readouterr().err)
    assert (inside["job_id"], inside["step"]) == ("job_1", "draw")
    assert "job_id" not in outside


def test_what_is_below_the_level_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    configure("warning", "json")
    structlog.get_logger().info("no")
    structlog.get_logger().warning("yes")
    assert [line["event"] for line in _lines(capsys.readouterr().err)] == ["yes"]


@pytest.mark.parametrize("format", ["json", "console"])
def test_known_secrets_are_taken_out_wherever_they_stand(capsys: pytest.CaptureFixture[str], format: str) -> None:
    configure("info", format, redact=_known(OneSecret(SECRET)))
    log = structlog.get_logger()
    log.info(f"in the words {SECRET}", deep={"list": [SECRET, (f"a {SECRET}",)]}, thing=ValueError(SECRET))
    try:
        raise RuntimeError(f"cannot log in with {SECRET}")
    except RuntimeError:
        log.exception("it failed")
    logging.getLogger("httpx").warning("GET %s", f"https://example.org/?key={SECRET}")
    said = capsys.readouterr().err
    assert SECRET not in said
    assert said.count(REDACTED) >= 5
    assert "RuntimeError" in said


def test_a_traceback_shows_no_local_variables(capsys: pytest.CaptureFixture[str]) -> None:
    configure("info", "console")
    innocent_name = "value-of-a-local"
    try:
        raise RuntimeError(str(len(innocent_name)))
    except RuntimeError:
        structlog.get_logger().exception("it failed")
    said = capsys.readouterr().err
    assert said.count("value-of-a-local") == 0


def test_a_secret_that_changed_meanwhile_is_read_anew() -> None:
    now, secrets = [0.0], OneSecret("first-secret")
    redact = _known(secrets, now)
    assert redact("first-secret") == REDACTED
    secrets.value = "second-secret"
    now[0] = KnownSecrets.READ_ANEW_AFTER + 1
    assert redact("second-secret") == REDACTED


def test_secrets_that_cannot_be_read_do_not_stop_the_log() -> None:
    secrets = OneSecret(SECRET)
    secrets.is_broken = True
    assert _known(secrets)("a line") == "a line"


def test_other_libraries_speak_from_warnings_on(capsys: pytest.CaptureFixture[str]) -> None:
    configure("info", "json")
    logging.getLogger("httpx").info("no")
    logging.getLogger("httpx").warning("yes")
    assert [(line["logger"], line["event"]) for line in _lines(capsys.readouterr().err)] == [("httpx", "yes")]


def test_a_new_standard_error_is_used_at_once(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    configure("info", "json")
    log = structlog.get_logger()
    log.info("first")
    elsewhere = io.StringIO()
    monkeypatch.setattr("sys.stderr", elsewhere)
    log.info("second")
    assert "first" in capsys.readouterr().err
    assert "second" in elsewhere.getvalue()


async def _send_to_somebody_who_left() -> None:
    here, there = socket.socketpair()
    _, writer = await asyncio.open_connection(sock=here)
    there.close()
    for _ in range(20):
        writer.write(b"event: JobStarted\n\n")
    writer.transport.abort()


def test_callers_who_leave_are_told_of_to_whoever_looks_closely_alone(capsys: pytest.CaptureFixture[str]) -> None:
    configure("info", "json")
    asyncio.run(_send_to_somebody_who_left())
    assert capsys.readouterr().err == ""
    configure("debug", "json")
    asyncio.run(_send_to_somebody_who_left())
    told = [line for line in _lines(capsys.readouterr().err) if "caller" in line["event"]]
    assert told
    assert {(line["event"], line["level"]) for line in told} == {("a caller left before its answer was sent", "debug")}


def test_what_else_asyncio_warns_of_is_logged(capsys: pytest.CaptureFixture[str]) -> None:
    configure("info", "json")
    logging.getLogger("asyncio").warning("Executing <Task> took 2.000 seconds")
    assert "took 2.000 seconds" in capsys.readouterr().err
