"""What pages of other sites may do."""

from __future__ import annotations

import pytest

from pressroom.api_keys import Scope
from tests.entrypoints.api.desk import a_desk, outside
from tests.entrypoints.site import KEY

APP = "https://app.example"
ORDERS = "/api/v1/orders"
FROM_APP = {"origin": APP, "sec-fetch-site": "cross-site"}
ASKS = FROM_APP | {"access-control-request-method": "POST", "access-control-request-headers": "authorization"}


def test_until_an_origin_is_named_no_answer_may_be_read_elsewhere() -> None:
    desk = outside()
    for method in ("GET", "POST", "OPTIONS"):
        headers = desk.client.request(method, ORDERS, headers=ASKS | desk.key(*Scope)).headers
        assert [name for name in headers if name.startswith("access-control")] == []


def test_a_named_origin_is_told_before_it_sends_what_it_may() -> None:
    answer = outside(cors_origins=[APP]).client.request("OPTIONS", ORDERS, headers=ASKS)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == APP
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert {"authorization", "content-type", "idempotency-key"} <= set(
        answer.headers["access-control-allow-headers"].split(", ")
    )
    assert answer.headers["vary"] == "origin"


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "https://app.example.evil.example", "http://app.example"]
)
def test_another_origin_is_told_nothing(origin: str) -> None:
    desk = outside(cors_origins=[APP])
    asked = desk.client.request("OPTIONS", ORDERS, headers=ASKS | {"origin": origin})
    assert asked.status_code == 401
    answer = desk.client.get(ORDERS, headers=desk.key(Scope.READ) | {"origin": origin})
    for headers in (asked.headers, answer.headers):
        assert "access-control-allow-origin" not in headers
        assert "origin" in headers["vary"].lower()


def test_a_page_of_a_named_origin_works_with_a_key() -> None:
    desk = outside(cors_origins=[APP])
    answer = desk.order(headers=FROM_APP | desk.key(Scope.WRITE))
    assert answer.status_code == 202
    assert answer.headers["access-control-allow-origin"] == APP
    assert "location" in answer.headers["access-control-expose-headers"]
    assert desk.order(headers=FROM_APP).status_code == 401


def test_an_error_can_be_read_there_too() -> None:
    desk = outside(cors_origins=[APP])
    assert desk.client.get("/nowhere", headers=FROM_APP).headers["access-control-allow-origin"] == APP


@pytest.mark.parametrize("origins", [[APP], ["*"]])
def test_a_readers_session_never_counts_for_another_sites_page(origins: list[str]) -> None:
    desk = outside(cors_origins=origins)
    session = desk.client.app.state.access.open_session(desk.clock.now())
    cookie = {"cookie": f"pressroom_session={session}"}
    assert desk.client.get(ORDERS, headers=cookie).status_code == 200
    answer = desk.client.get(ORDERS, headers=cookie | FROM_APP)
    assert answer.status_code == 401
    assert desk.order(headers=cookie | FROM_APP).status_code == 401
    assert "access-control-allow-credentials" not in answer.headers


def test_a_star_lets_every_page_in_that_brings_a_key_and_none_that_does_not() -> None:
    desk = outside(cors_origins=["*"])
    answer = desk.order(headers=FROM_APP | desk.key(Scope.WRITE))
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (202, "*")
    assert desk.order(headers=FROM_APP).status_code == 401


def test_on_this_machine_a_star_does_not_hand_the_readers_rights_to_every_page() -> None:
    desk = a_desk(cors_origins=["*"])
    assert desk.client.get(ORDERS).status_code == 200
    assert desk.client.get(ORDERS, headers=FROM_APP).status_code == 401
    assert desk.order(headers=FROM_APP).status_code == 401


def test_on_this_machine_a_named_origin_needs_no_key() -> None:
    desk = a_desk(cors_origins=["http://localhost:3000"])
    headers = {"origin": "http://localhost:3000", "sec-fetch-site": "same-site"}
    assert desk.order(headers=headers).status_code == 202


def test_on_this_machine_a_script_elsewhere_reads_nothing_and_a_link_opens() -> None:
    desk = a_desk()
    assert desk.client.get(ORDERS, headers=FROM_APP).status_code == 401
    assert desk.client.get(ORDERS, headers={"sec-fetch-site": "cross-site"}).status_code == 200


def test_the_servers_key_works_from_a_named_origin() -> None:
    desk = outside(cors_origins=[APP])
    assert desk.order(headers=FROM_APP | {"authorization": f"Bearer {KEY}"}).status_code == 202
