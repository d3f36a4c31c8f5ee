"""What doctor says of the letters: whether anybody is told, by what, with links that open, and in time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from pressroom.arguments import call
from pressroom.findings import Finding
from pressroom.links import Links
from pressroom.ports import Tables
from pressroom.publishing import Publishing
from pressroom.readers import Reader
from pressroom.story_mail import MailSettings
from pressroom.story_mail_checks import mail_findings
from tests.story_post_office import ADA, BO, PostOffice, a_post_office

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TOKYO = Reader(name="Kai", mail="kai@example.com", zone="Asia/Tokyo", at="19:00")


def findings(office: PostOffice) -> list[Finding]:
    def check(settings: MailSettings, publishing: Publishing, tables: Tables, links: Links) -> list[Finding]:
        return list(mail_findings(office.pipeline, settings, publishing, tables, links, NOW))

    runner = office.runtime.runner
    found: list[Finding] = call(check, runner.context(office.pipeline), runner.execution.provide)
    return found


def told(*readers: Reader, **more: Any) -> list[Finding]:
    with a_post_office(*readers, **more) as office:
        return findings(office)


def test_all_is_well_with_readers_a_channel_and_an_address_outside() -> None:
    assert told(ADA, BO) == [Finding(ok=True, what="2 readers will have a letter of each story by letters.")]


def test_whoever_tells_nobody_and_has_no_readers_is_not_bothered() -> None:
    assert told(mail="") == []


def test_readers_without_a_channel_are_worth_knowing() -> None:
    [finding] = told(ADA, mail="")
    assert finding.ok
    assert finding.what.startswith("1 reader would have a letter of each story")
    assert finding.todo


def test_a_channel_without_readers_is_worth_knowing() -> None:
    [finding] = told()
    assert finding.ok
    assert finding.what.startswith("No reader is listed")
    assert "config/bedtime_story/readers.yaml" in finding.todo


def test_readers_who_have_left_are_counted_and_not_named() -> None:
    with a_post_office(ADA, BO) as office:
        office.readers.leave(office.reader(BO).token, NOW)
        [finding] = findings(office)
        assert finding.what == "1 reader will have a letter of each story by letters; 1 more has left."
        office.readers.leave(office.reader(ADA).token, NOW)
        [finding] = findings(office)
        assert finding.what.startswith("All readers have left")


@pytest.mark.parametrize(
    ("mail", "said"),
    [("post", "There is no channel"), ("team", "a letter goes to one reader alone")],
)
def test_a_channel_that_cannot_bring_letters_is_wrong(mail: str, said: str) -> None:
    team = {"network": "slack", "channel_id": "C0123456789"}
    [finding] = told(ADA, mail=mail, channels={"team": team})
    assert not finding.ok
    assert said in finding.what
    assert finding.todo


@pytest.mark.parametrize(
    ("server", "said"),
    [
        ({"port": 8080}, "which only this machine can open"),
        ({"public_base_url": "http://localhost:8080"}, "which only this machine can open"),
        ({"public_base_url": "http://stories.example.com"}, "unencrypted"),
    ],
)
def test_links_that_do_not_open_everywhere_are_worth_knowing(server: dict[str, Any], said: str) -> None:
    [_, finding] = told(ADA, server=server)
    assert finding.ok
    assert said in finding.what
    assert "public_base_url" in finding.todo


def test_readers_whose_evening_is_over_when_the_story_is_made_are_worth_knowing() -> None:
    [_, finding] = told(ADA, TOKYO)
    assert finding.ok
    assert "the time at which 1 reader wants it" in finding.what
    assert "before 10:00 (UTC)" in finding.todo


def test_a_story_that_is_made_early_enough_is_in_time_for_all() -> None:
    assert len(told(ADA, TOKYO, schedule="0 9 * * *")) == 1
    assert len(told(ADA, TOKYO, schedule="off")) == 1
