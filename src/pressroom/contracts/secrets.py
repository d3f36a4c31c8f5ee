"""The contract of `Secrets`: read by name, stored together, changed by one at a time, never shown."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from pressroom.contracts.base import Contract, at_once
from pressroom.errors import Busy
from pressroom.ports import Ports, Secrets

NAME = "channels.main.api_key"
SECRET = "s3cret-žluť-🐈\n two lines"


class SecretsContract(Contract):
    """A store that is no whole backend provides `secrets` instead of `ports`."""

    @pytest.fixture
    def secrets(self, ports: Ports) -> Secrets:
        return ports.secrets

    def test_a_secret_is_read_by_its_full_name(self, secrets: Secrets) -> None:
        secrets.set(NAME, SECRET)
        assert secrets.get(NAME) == SECRET
        assert secrets.get("channels.main.api_secret") is None
        assert secrets.get("main.api_key") is None

    def test_a_secret_can_be_replaced(self, secrets: Secrets) -> None:
        secrets.set(NAME, "old")
        secrets.set(NAME, "new")
        assert secrets.get(NAME) == "new"
        assert secrets.names() == [NAME]

    def test_several_are_stored_at_once(self, secrets: Secrets) -> None:
        secrets.set(NAME, "kept")
        secrets.set_many({"channels.main.access_token": "a", "channels.main.refresh_token": "r"})
        assert secrets.get("channels.main.access_token") == "a"
        assert secrets.get("channels.main.refresh_token") == "r"
        assert secrets.get(NAME) == "kept"

    def test_names_are_listed_in_order_and_values_are_not(self, secrets: Secrets) -> None:
        secrets.set_many({"b.key": "1", "a.key": "2", "a.b.key": "3"})
        assert secrets.names() == ["a.b.key", "a.key", "b.key"]

    def test_a_removed_secret_is_gone(self, secrets: Secrets) -> None:
        secrets.set(NAME, SECRET)
        assert secrets.remove(NAME) is True
        assert secrets.remove(NAME) is False
        assert secrets.get(NAME) is None
        assert secrets.names() == []

    def test_many_that_store_at_once_lose_nothing(self, secrets: Secrets) -> None:
        names = [f"channels.c{number}.api_key" for number in range(8)]
        assert at_once(lambda name: secrets.set(name, name), names) == [None] * 8
        assert secrets.names() == names
        assert [secrets.get(name) for name in names] == names

    def test_a_lock_is_held_by_one_at_a_time(self, secrets: Secrets) -> None:
        inside: list[int] = []
        most = []

        def refresh(number: int) -> None:
            for _ in range(5):
                with secrets.lock("channels.main"):
                    inside.append(number)
                    most.append(len(inside))
                    inside.remove(number)

        assert at_once(refresh, range(4)) == [None] * 4
        assert most == [1] * 20

    def test_a_lock_keeps_others_waiting_until_it_is_let_go(self, secrets: Secrets) -> None:
        entered = threading.Event()

        def enter() -> None:
            with secrets.lock("channels.main"):
                entered.set()

        other = threading.Thread(target=enter)
        with secrets.lock("channels.main"):
            other.start()
            assert not entered.wait(0.1)
        assert entered.wait(10)
        other.join(10)

    def test_a_lock_that_stays_held_is_waited_for_no_longer_than_asked(self, secrets: Secrets) -> None:
        def enter(seconds: float) -> None:
            with secrets.lock("channels.main", wait=timedelta(seconds=seconds)):
                pass

        with secrets.lock("channels.main"):
            raised = at_once(enter, [0, 0.05])
        assert [type(one) for one in raised] == [Busy, Busy]
        with secrets.lock("channels.main", wait=timedelta(0)):
            pass

    def test_locks_of_other_names_are_free(self, secrets: Secrets) -> None:
        with secrets.lock("channels.main"), secrets.lock("channels.sky"):
            secrets.set(NAME, "written under a lock")
        assert secrets.get(NAME) == "written under a lock"

    def test_a_lock_is_let_go_when_its_block_fails(self, secrets: Secrets) -> None:
        with pytest.raises(ZeroDivisionError), secrets.lock("channels.main"):
            1 / 0  # noqa: B018
        with secrets.lock("channels.main"):
            pass

    def test_a_secret_is_not_shown_by_repr(self, secrets: Secrets) -> None:
        secrets.set(NAME, "planted-secret")
        secrets.get(NAME)
        assert "planted-secret" not in f"{secrets!r} {secrets}"
