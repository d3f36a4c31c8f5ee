"""Links to our own pages: absolute, and signed for as long as what they show is there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from pressroom.backends.memory import build_memory_ports
from pressroom.config import Server
from pressroom.links import Links
from pressroom.testing import ManualClock

ENDS = datetime(2026, 11, 22, 19, 15, tzinfo=UTC)


def links(**server: object) -> Links:
    return Links(Server.model_validate(server), build_memory_ports(ManualClock()).blobs)


def test_they_begin_with_the_address_outside() -> None:
    found = links(public_base_url="https://stories.example.com/")
    assert found.to("/leave/abc") == "https://stories.example.com/leave/abc"
    assert found.reach_outside


def test_without_one_they_lead_to_this_machine_and_say_so() -> None:
    assert links(host="127.0.0.1", port=8081).to("/x") == "http://127.0.0.1:8081/x"
    assert links(host="::1").to("/x") == "http://[::1]:8080/x"
    assert not links().reach_outside


def test_an_address_of_this_machine_reaches_nobody_outside() -> None:
    assert not links(public_base_url="http://localhost:8080").reach_outside


def test_a_signed_link_opens_one_revision_of_one_asset_until_then() -> None:
    clock = ManualClock(ENDS - timedelta(days=2))
    blobs = build_memory_ports(clock).blobs
    link = Links(Server(), blobs).signed("/stories/job_1", "stories/job_1.json", 2, ENDS)
    query = {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}
    given = {"expires": query["expires"], "signature": query["signature"]}
    assert urlsplit(link).path == "/stories/job_1"
    assert query["revision"] == "2"
    assert blobs.verify("stories/job_1.json", 2, **given)
    assert not blobs.verify("stories/job_1.json", 1, **given)
    assert not blobs.verify("stories/job_2.json", 2, **given)
    clock.move_to(ENDS)
    assert not blobs.verify("stories/job_1.json", 2, **given)


def test_the_same_link_is_made_each_time() -> None:
    found = links()
    assert found.signed("/s", "a.json", 1, ENDS) == found.signed("/s", "a.json", 1, ENDS)
