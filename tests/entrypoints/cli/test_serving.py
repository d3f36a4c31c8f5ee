from __future__ import annotations

import signal
import socket
import sys

import pytest

from pressroom.entrypoints.cli._serving import answering_first, listen, stop_all, stop_on_signals, url_of
from pressroom.errors import ConfigurationError


class Part:
    is_alive = True

    def __init__(self, finishes: bool) -> None:
        self.finishes = finishes
        self.was_stopped = False

    def stop(self, timeout: float | None = None) -> bool:
        self.was_stopped = True
        return self.finishes


def test_a_port_that_is_taken_is_told_in_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ConfigurationError) as caught:
            listen("127.0.0.1", port)
    assert caught.value.what == f"The port {port} on 127.0.0.1 is taken by another program."
    assert "--port" in caught.value.todo


def test_an_address_of_another_machine_is_told_in_a_sentence() -> None:
    with pytest.raises(ConfigurationError, match="cannot be listened on"):
        listen("192.0.2.1", 0)


def test_port_0_takes_a_free_one_and_the_url_names_it() -> None:
    with listen("127.0.0.1", 0) as bound:
        assert url_of(bound) == f"http://127.0.0.1:{bound.getsockname()[1]}"


def test_listening_on_every_address_is_shown_as_one_that_a_browser_can_open() -> None:
    with listen("0.0.0.0", 0) as bound:
        assert url_of(bound).startswith("http://127.0.0.1:")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_is_a_wish_to_stop(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with stop_on_signals() as stop:
        assert not stop.wait(0)
        signal.raise_signal(number)
        assert stop.wait(0)
    assert signal.getsignal(number) is before


def test_the_second_signal_ends_the_process_as_it_does_by_itself() -> None:
    with stop_on_signals() as stop:
        stop.ask()
        assert signal.getsignal(signal.SIGINT) is signal.SIG_DFL
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_all_parts_are_stopped_even_if_one_does_not_finish() -> None:
    parts = [Part(False), Part(True)]
    assert not stop_all([*parts], 1)
    assert all(part.was_stopped for part in parts)
    assert stop_all([Part(True), Part(True)], 1)


def test_what_is_served_need_not_wait_for_what_computes() -> None:
    before = sys.getswitchinterval()
    with answering_first():
        assert sys.getswitchinterval() <= 0.001
    assert sys.getswitchinterval() == before
