"""What each key opens, and how those are answered whom it does not let in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from pressroom.api_keys import Scope
from tests.entrypoints.api.desk import Desk, a_desk, outside
from tests.entrypoints.site import KEY, PAGE, a_site

ORDERS = "/api/v1/orders"


def the_servers_key() -> dict[str, str]:
    return {"authorization": f"Bearer {KEY}"}


def test_a_key_reads_where_nothing_else_is_demanded_only_with_the_scope_read() -> None:
    desk = outside()
    assert desk.client.get(ORDERS, headers=desk.key(Scope.READ)).status_code == 200
    assert desk.client.get(ORDERS, headers=desk.key(Scope.WRITE)).status_code == 403


def test_a_key_does_what_its_scope_says_and_no_other() -> None:
    desk = outside()
    assert desk.order(headers=desk.key(Scope.WRITE)).status_code == 202
    for scope in (Scope.READ, Scope.PUBLISH, Scope.ADMIN):
        assert desk.order(headers=desk.key(scope)).status_code == 403
    assert desk.client.get(f"{ORDERS}/secret", headers=desk.key(Scope.ADMIN)).status_code == 200
    assert desk.client.get(f"{ORDERS}/secret", headers=desk.key(Scope.READ, Scope.WRITE)).status_code == 403


def test_a_missing_scope_is_named() -> None:
    desk = outside()
    refused = desk.order(headers=desk.key(Scope.READ))
    assert refused.json()["type"] == "urn:pressroom:problem:not-allowed"
    assert "scope write" in refused.json()["detail"]
    assert "--scope write" in refused.json()["todo"]
    assert 'error="insufficient_scope", scope="write"' in refused.headers["www-authenticate"]


def test_a_key_without_the_scope_is_refused_before_its_body_is_read() -> None:
    desk = outside()
    broken = {"content": b"{", "headers": desk.key(Scope.READ) | {"content-type": "application/json"}}
    assert desk.client.post(ORDERS, **broken).status_code == 403


def test_a_scope_that_an_argument_demands_is_demanded_too() -> None:
    desk = outside()
    assert desk.client.get(f"{ORDERS}/mine", headers=desk.key(Scope.READ)).status_code == 403
    assert desk.client.get(f"{ORDERS}/mine", headers=desk.key(Scope.READ, Scope.ADMIN)).status_code == 200
    assert desk.client.get(f"{ORDERS}/mine", headers=the_servers_key()).json() == {"id": "operator"}


def test_what_declares_no_scope_changes_nothing_for_any_key() -> None:
    desk = outside()
    assert desk.client.post(f"{ORDERS}/undeclared", headers=desk.key(*Scope)).status_code == 403
    assert desk.client.post(f"{ORDERS}/undeclared", headers=the_servers_key()).status_code == 200


def test_a_pages_form_is_not_sent_with_a_key() -> None:
    site = a_site(host="0.0.0.0", key=KEY)
    from pressroom.api_keys import ApiKeys

    _, text = ApiKeys(site.runtime.ports.tables, site.clock).create("app", list(Scope))
    job = site.edition.job("Cake", ends="")
    refused = site.client.post(f"/jobs/{job}/cancel", headers={"authorization": f"Bearer {text}"})
    assert refused.status_code == 403
    assert "/api/v1" in refused.json()["todo"]


def test_the_servers_key_and_this_machine_have_every_scope() -> None:
    for desk, headers in ((outside(), the_servers_key()), (a_desk(), {})):
        assert desk.order(headers=headers).status_code == 202
        assert desk.client.get(f"{ORDERS}/secret", headers=headers).status_code == 200


def test_a_path_below_a_public_one_that_demands_a_scope_is_not_public() -> None:
    from types import SimpleNamespace

    from pressroom.entrypoints.api.app import create_app
    from tests.entrypoints.api.desk import routes

    desk = outside()
    everything_open = SimpleNamespace(router=routes(), PUBLIC=("/api/",))
    desk.client.app = create_app(desk.runtime, key=KEY, modules=[everything_open])
    assert desk.client.get(ORDERS).status_code == 200
    assert desk.client.get(f"{ORDERS}/secret").status_code == 401
    assert desk.order().status_code == 401


# --- keys that open nothing


def wrong_keys(desk: Desk) -> dict[str, str]:
    _, expired = desk.keys.create("old", list(Scope), timedelta(minutes=1))
    made, revoked = desk.keys.create("lost", list(Scope))
    _, good = desk.keys.create("good", list(Scope))
    desk.clock.advance(minutes=2)
    desk.keys.revoke(made.id)
    return {
        "expired": expired,
        "revoked": revoked,
        "unknown": f"pr_{'0' * 12}_{'0' * 64}",
        "another's secret": f"{good[:16]}{revoked[16:]}",
        "malformed": "pr_hello",
        "cut": good[:-1],
        "another's": "something else",
    }


def test_whatever_is_wrong_with_a_key_the_answer_is_the_same() -> None:
    desk = outside()
    answers = [desk.client.get(ORDERS, headers={"authorization": f"Bearer {key}"}) for key in wrong_keys(desk).values()]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1
    assert "pressroom keys" in answers[0].json()["todo"]
    assert 'error="invalid_token"' in answers[0].headers["www-authenticate"]


def test_whatever_is_wrong_with_a_key_the_same_work_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = outside()
    wrong = wrong_keys(desk)
    done: list[str] = []
    get = desk.runtime.ports.tables.get

    def counted(table: str, key: str) -> Any:
        done.append(table)
        return get(table, key)

    monkeypatch.setattr(desk.runtime.ports.tables, "get", counted)
    work = {}
    for kind, key in wrong.items():
        done.clear()
        desk.client.get(ORDERS, headers={"authorization": f"Bearer {key}"})
        work[kind] = list(done)
    assert set(map(tuple, work.values())) == {("api_keys",)}


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer ", "Basic YTpi", "pr_x", "bearer\tx"])
def test_what_is_no_key_at_all_is_asked_for_one(given: str) -> None:
    refused = outside().client.get(ORDERS, headers={"authorization": given})
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"] == 'Bearer realm="Pressroom"'
    assert refused.headers["content-type"] == "application/problem+json"


def test_no_answer_repeats_the_key() -> None:
    desk = outside()
    for key in wrong_keys(desk).values():
        refused = desk.client.get(ORDERS, headers={"authorization": f"Bearer {key}"})
        assert key not in refused.text + str(refused.headers)


@pytest.mark.parametrize("key", ["pr_hello", "the server's key, mistyped"])
def test_a_key_that_opens_nothing_opens_nothing_on_this_machine_either(key: str) -> None:
    desk = a_desk()
    headers = {"authorization": f"Bearer {key}"}
    assert desk.client.get(ORDERS, headers=headers).status_code == 401


def test_on_this_machine_a_key_can_be_tried_out_with_its_scopes() -> None:
    desk = a_desk()
    headers = desk.key(Scope.READ)
    assert desk.client.get(ORDERS, headers=headers).status_code == 200
    assert desk.order(headers=headers).status_code == 403


def test_a_key_works_while_the_server_has_none_of_its_own() -> None:
    desk = a_desk(base_url="https://press.example", host="0.0.0.0")
    assert desk.client.get(ORDERS).status_code == 403
    assert desk.client.get(ORDERS, headers=desk.key(Scope.READ)).status_code == 200
    assert desk.client.get(ORDERS).status_code == 401


def test_a_new_key_opens_and_a_revoked_one_closes_without_a_restart() -> None:
    desk = outside()
    made, text = desk.keys.create("app", [Scope.READ])
    headers = {"authorization": f"Bearer {text}"}
    assert desk.client.get(ORDERS, headers=headers).status_code == 200
    desk.keys.revoke(made.id)
    assert desk.client.get(ORDERS, headers=headers).status_code == 401


def test_a_reader_with_a_wrong_key_sees_a_page() -> None:
    refused = outside().client.get(ORDERS, headers=PAGE | {"authorization": "Bearer pr_hello"})
    assert refused.status_code == 401
    assert refused.headers["content-type"].startswith("text/html")


def test_a_database_that_cannot_be_read_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    from pressroom.errors import Unavailable

    desk = outside()
    headers = desk.key(Scope.READ)

    def fail(*_: object) -> None:
        raise Unavailable("The database cannot be read.", todo="Run `pressroom doctor`.")

    monkeypatch.setattr(desk.runtime.ports.tables, "get", fail)
    refused = desk.client.get(ORDERS, headers=headers)
    assert refused.status_code == 503
    assert refused.json()["todo"] == "Run `pressroom doctor`."


# --- how often


def test_a_key_that_asks_too_often_is_told_when_to_come_back() -> None:
    desk = outside(requests_per_minute=3)
    headers = desk.key(Scope.READ)
    answers = [desk.client.get(ORDERS, headers=headers) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 1 <= int(answers[3].headers["retry-after"]) <= 20
    assert desk.client.get(ORDERS, headers=desk.key(Scope.READ)).status_code == 200


def test_on_this_machine_nobody_without_a_key_asks_too_often() -> None:
    desk = a_desk(requests_per_minute=1)
    assert {desk.client.get(ORDERS).status_code for _ in range(5)} == {200}


def test_wrong_keys_are_not_counted_so_that_nobody_can_lock_out_another() -> None:
    desk = outside(requests_per_minute=1)
    for _ in range(3):
        assert desk.client.get(ORDERS, headers={"authorization": "Bearer pr_hello"}).status_code == 401
    assert desk.client.get(ORDERS, headers=desk.key(Scope.READ)).status_code == 200
