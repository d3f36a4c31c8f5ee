"""Keys of the HTTP API."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pressroom.api_keys import TABLE, USES, ApiKeys, Scope
from pressroom.backends.memory import build_memory_ports
from pressroom.errors import BadInput, NotFound
from pressroom.ports import Ports
from pressroom.testing import ManualClock

READ = (Scope.READ,)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def ports(clock: ManualClock) -> Ports:
    return build_memory_ports(clock)


@pytest.fixture
def keys(ports: Ports, clock: ManualClock) -> ApiKeys:
    return ApiKeys(ports.tables, clock)


def test_a_key_opens_with_the_scopes_it_was_given(keys: ApiKeys) -> None:
    made, text = keys.create("app", {Scope.READ, Scope.PUBLISH})
    opened = keys.open(text)
    assert opened is not None
    assert (opened.id, set(opened.scopes)) == (made.id, {Scope.READ, Scope.PUBLISH})


def test_only_a_hash_of_the_secret_is_stored(keys: ApiKeys, ports: Ports) -> None:
    made, text = keys.create("app", READ)
    secret = text.rpartition("_")[2]
    assert len(bytes.fromhex(secret)) == 32
    assert secret not in str(ports.tables.all(TABLE)) + repr(made) + repr(keys)


def test_no_two_keys_are_alike(keys: ApiKeys) -> None:
    assert len({keys.create("app", READ)[1] for _ in range(50)}) == 50


@pytest.mark.parametrize("at", [0, 3, 15, 16, 50, 79])
def test_a_key_with_one_character_changed_opens_nothing(keys: ApiKeys, at: int) -> None:
    _, text = keys.create("app", READ)
    other = "1" if text[at] != "1" else "2"
    assert keys.open(text[:at] + other + text[at + 1 :]) is None


def test_the_secret_of_one_key_does_not_open_another(keys: ApiKeys) -> None:
    (one, _), (_, other) = keys.create("one", READ), keys.create("other", READ)
    assert keys.open(f"pr_{one.id}_{other.rpartition('_')[2]}") is None


@pytest.mark.parametrize(
    "text", ["", "pr_", "pr__", "pr_0_0", "pr_000000000000_" + "0" * 64, "pr_" + "é" * 77, "x" * 10**6]
)
def test_what_is_no_key_opens_nothing(keys: ApiKeys, text: str) -> None:
    keys.create("app", READ)
    assert keys.open(text) is None


def test_a_key_ends_when_its_time_is_over(keys: ApiKeys, clock: ManualClock) -> None:
    _, text = keys.create("app", READ, timedelta(days=90))
    clock.advance(timedelta(days=90) - timedelta(seconds=1))
    assert keys.open(text) is not None
    clock.advance(seconds=1)
    assert keys.open(text) is None
    assert keys.all()[0].state(clock.now()) == "expired"


def test_a_revoked_key_opens_nothing_in_any_process(keys: ApiKeys, ports: Ports, clock: ManualClock) -> None:
    made, text = keys.create("app", READ)
    elsewhere = ApiKeys(ports.tables, clock)
    assert elsewhere.open(text) is not None
    first = keys.revoke(made.id).revoked_at
    clock.advance(hours=2)
    assert elsewhere.open(text) is None
    assert keys.revoke(made.id).revoked_at == first


def test_a_use_is_noted_once_an_hour(keys: ApiKeys, ports: Ports, clock: ManualClock) -> None:
    made, text = keys.create("app", READ)
    first = clock.now()
    keys.open(text)
    clock.advance(minutes=59)
    keys.open(text)
    assert keys.get(made.id).last_used == first
    clock.advance(minutes=1)
    keys.open(text)
    assert keys.get(made.id).last_used == clock.now()
    assert list(ports.tables.all(USES)) == [made.id]


def test_a_use_that_could_not_be_noted_is_noted_the_next_time(
    keys: ApiKeys, ports: Ports, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, text = keys.create("app", READ)

    def fail(*_: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(ports.tables, "put", fail)
        with pytest.raises(OSError, match="disk"):
            keys.open(text)
    keys.open(text)
    assert keys.get(made.id).last_used is not None


def test_noting_a_use_never_undoes_a_revocation(keys: ApiKeys, ports: Ports, monkeypatch: pytest.MonkeyPatch) -> None:
    made, text = keys.create("app", READ)
    put = ports.tables.put

    def revoke_first(table: str, rows: dict[str, dict[str, object]]) -> None:
        if table == USES:
            keys.revoke(made.id)
        put(table, rows)

    monkeypatch.setattr(ports.tables, "put", revoke_first)
    keys.open(text)
    assert keys.open(text) is None


def test_a_wrong_key_is_not_noted_as_a_use(keys: ApiKeys, ports: Ports) -> None:
    made, _ = keys.create("app", READ)
    keys.open(f"pr_{made.id}_{'0' * 64}")
    assert ports.tables.all(USES) == {}


@pytest.mark.parametrize(("name", "scopes"), [("", READ), (" ", READ), ("x" * 101, READ), ("a\nb", READ), ("app", ())])
def test_a_key_needs_a_name_and_a_scope(keys: ApiKeys, name: str, scopes: tuple[Scope, ...]) -> None:
    with pytest.raises(BadInput):
        keys.create(name, scopes)


def test_a_key_that_is_not_there_cannot_be_revoked(keys: ApiKeys) -> None:
    with pytest.raises(NotFound):
        keys.revoke("000000000000")


def test_keys_are_listed_by_age(keys: ApiKeys, clock: ManualClock) -> None:
    for name in ("first", "second", "third"):
        keys.create(name, READ)
        clock.advance(seconds=1)
    assert [key.name for key in keys.all()] == ["first", "second", "third"]
