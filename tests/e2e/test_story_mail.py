"""From nothing to the first letter with the real program: init, readers, populate, run. Who has left stays away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pressroom.clocks import SystemClock
from pressroom.readers import Readers
from pressroom.runtimes.embedded import open_ports
from tests.e2e.program import Program
from tests.fakes.smtp import FakeSmtp
from tests.story_post_office import words_of

MORE = """
[server]
public_base_url = "https://stories.example.com"

[channels.letters]
network = "smtp"
host = "localhost"
port = {port}
security = "none"
sender = "Bedtime stories <press@example.com>"

[pipelines.bedtime_story]
schedule = "off"
mail = "letters"
speech = ""
width = 320
height = 256
"""
READERS = """
- name: Ada
  mail: ada@example.com
- name: Bo
  mail: bo@example.org
"""


@pytest.fixture
def smtp() -> Iterator[FakeSmtp]:
    with FakeSmtp(password="") as running:
        yield running


@pytest.fixture
def program(tmp_path: Path, smtp: FakeSmtp) -> Program:
    made = Program(tmp_path, "http://127.0.0.1:1", more=MORE.format(port=smtp.smtp_port))
    write_readers(made, READERS)
    return made


def write_readers(program: Program, text: str) -> None:
    (program.workspace / "config" / "bedtime_story" / "readers.yaml").write_text(text, encoding="utf-8")
    done = program("populate", "bedtime_story")
    assert done.code == 0, done.stderr


def test_readers_that_were_populated_have_the_story_and_who_has_left_has_no_other(
    program: Program, smtp: FakeSmtp
) -> None:
    told = program("run", "bedtime_story", "--json")
    assert told.code == 0, told.stderr
    assert told.json["result"]["mail"] == "2 letters went out."
    assert sorted(mail.recipients[0] for mail in smtp.mails) == ["ada@example.com", "bo@example.org"]
    assert {one["state"] for one in told.json["publications"]} == {"published"}
    [title] = {publication["post"]["title"] for publication in told.json["publications"]}
    for mail in smtp.mails:
        assert title
        assert mail.message["Subject"] == title
        assert 'src="cid:' in words_of(mail, "html")
    leave(program, "Ada")
    write_readers(program, READERS.replace("name: Ada", "name: Ada again"))
    again = program("run", "bedtime_story", "-i", "again=true", "--json")
    assert again.json["result"]["mail"] == "1 letter went out."
    assert [mail.recipients for mail in smtp.mails[2:]] == [["bo@example.org"]]


def leave(program: Program, name: str) -> None:
    clock = SystemClock()
    ports = open_ports(program.workspace, {}, clock)
    try:
        readers = Readers(ports.tables, "bedtime_story.readers")
        [reader] = [one for one in readers.all().values() if one.name == name]
        readers.leave(reader.token, clock.now())
    finally:
        ports.close()
