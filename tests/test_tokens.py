"""A token is renewed once, stored before it is used, and given up only when the service says so."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from pressroom.backends.memory.secrets import MemorySecrets
from pressroom.errors import AccountDisconnected, Unavailable
from pressroom.tokens import Tokens, renewed

SECTION = "channels.main"
ACCESS, REFRESH = f"{SECTION}.access_token", f"{SECTION}.refresh_token"


def some_secrets(access: str = "old-access", refresh: str = "old-refresh") -> MemorySecrets:
    return MemorySecrets({name: value for name, value in ((ACCESS, access), (REFRESH, refresh)) if value})


def never(refresh: str) -> Tokens:
    raise AssertionError("no exchange should have been made")


def test_both_tokens_are_stored_before_the_new_one_is_given() -> None:
    secrets = some_secrets()
    assert renewed(secrets, SECTION, "old-access", lambda _: Tokens("new-access", "new-refresh")) == "new-access"
    assert (secrets.get(ACCESS), secrets.get(REFRESH)) == ("new-access", "new-refresh")


def test_they_are_stored_at_one_time() -> None:
    class Recording(MemorySecrets):
        stored: list[dict[str, str]] = []  # noqa: RUF012

        def set_many(self, values: dict[str, str]) -> None:
            self.stored.append(values)
            super().set_many(values)

    secrets = Recording({ACCESS: "old-access", REFRESH: "old-refresh"})
    renewed(secrets, SECTION, "old-access", lambda _: Tokens("new-access", "new-refresh"))
    assert secrets.stored == [{ACCESS: "new-access", REFRESH: "new-refresh"}]


def test_a_refresh_token_that_stays_good_is_not_overwritten_with_nothing() -> None:
    secrets = some_secrets()
    renewed(secrets, SECTION, "old-access", lambda _: Tokens("new-access"))
    assert secrets.get(REFRESH) == "old-refresh"


def test_an_empty_access_token_is_never_stored() -> None:
    secrets = some_secrets()
    with pytest.raises(Unavailable):
        renewed(secrets, SECTION, "old-access", lambda _: Tokens("", "new-refresh"))
    assert (secrets.get(ACCESS), secrets.get(REFRESH)) == ("old-access", "old-refresh")


def test_a_token_that_somebody_else_renewed_meanwhile_is_taken() -> None:
    secrets = some_secrets(access="newer-access")
    assert renewed(secrets, SECTION, "old-access", never) == "newer-access"


def test_many_who_find_the_token_over_at_once_make_one_exchange() -> None:
    secrets = some_secrets()
    exchanged: list[str] = []
    together = threading.Barrier(8)

    def exchange(refresh: str) -> Tokens:
        exchanged.append(refresh)
        return Tokens("new-access", "new-refresh")

    def one(_: int) -> str:
        together.wait(10)
        return renewed(secrets, SECTION, "old-access", exchange)

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(one, range(8))) == {"new-access"}
    assert exchanged == ["old-refresh"]


def test_a_passing_trouble_leaves_everything_as_it_is() -> None:
    def exchange(refresh: str) -> Tokens:
        raise Unavailable("The service is away.")

    secrets = some_secrets()
    with pytest.raises(Unavailable):
        renewed(secrets, SECTION, "old-access", exchange)
    assert renewed(secrets, SECTION, "old-access", lambda refresh: Tokens(f"after-{refresh}")) == "after-old-refresh"


def test_without_a_refresh_token_the_account_is_disconnected() -> None:
    with pytest.raises(AccountDisconnected, match="refresh_token"):
        renewed(some_secrets(refresh=""), SECTION, "old-access", never)


def test_a_missing_access_token_is_asked_for() -> None:
    secrets = some_secrets(access="")
    assert renewed(secrets, SECTION, "", lambda _: Tokens("new-access")) == "new-access"


def test_tokens_are_not_shown() -> None:
    assert "hidden" not in repr(Tokens("hidden-access", "hidden-refresh"))
