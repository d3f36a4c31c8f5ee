"""The fake mail server keeps the order of commands, refuses what real ones refuse, and outlives its process."""

from __future__ import annotations

import smtplib
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.fakes.faults import Fault
from tests.fakes.smtp import FakeSmtp

MAIL = b"Subject: Boo\r\n\r\n..midnight\r\n"


@pytest.fixture
def smtp() -> Iterator[FakeSmtp]:
    with FakeSmtp() as fake:
        yield fake


@contextmanager
def connected(smtp: FakeSmtp, *, signs_in: bool = True) -> Iterator[smtplib.SMTP]:
    client = smtplib.SMTP("127.0.0.1", smtp.smtp_port, timeout=5)
    try:
        client.ehlo("client.example.com")
        if signs_in:
            client.login(smtp.username, smtp.password)
        yield client
    finally:
        client.close()


def code_of(client: smtplib.SMTP, *commands: str) -> list[int]:
    return [client.docmd(command)[0] for command in commands]


FROM, TO = "MAIL FROM:<press@example.com>", "RCPT TO:<ann@example.com>"


@pytest.mark.parametrize(
    ("commands", "codes"),
    [
        ([TO], [503]),
        (["DATA"], [503]),
        ([FROM, "DATA"], [250, 503]),
        ([FROM, FROM], [250, 503]),
        (["MAIL FROM:<other@example.com>"], [553]),
        (["MAIL FROM: press@example.com"], [501]),
        ([f"{FROM} AUTH=<>"], [555]),
        ([f"{FROM} SIZE=25000001"], [552]),
        ([FROM, TO, "RSET", TO], [250, 250, 250, 503]),
        (["BOO"], [502]),
        (["STARTTLS"], [503]),
    ],
)
def test_commands_have_an_order_and_a_form(smtp: FakeSmtp, commands: list[str], codes: list[int]) -> None:
    with connected(smtp) as client:
        assert code_of(client, *commands) == codes


def test_nobody_sends_without_signing_in(smtp: FakeSmtp) -> None:
    with connected(smtp, signs_in=False) as client:
        assert code_of(client, FROM) == [530]
        with pytest.raises(smtplib.SMTPAuthenticationError):
            client.login(smtp.username, "wrong")


@pytest.mark.parametrize(
    ("mail", "code"),
    [
        (b"a\r\n", 250),
        (b"x" * 998 + b"\r\n", 250),
        (b"x" * 999 + b"\r\n", 500),
        (b"bare\nfeed\r\n", 550),
        ("ü\r\n".encode(), 550),
    ],
)
def test_a_mail_must_have_the_form_that_servers_take(smtp: FakeSmtp, mail: bytes, code: int) -> None:
    with connected(smtp) as client:
        assert code_of(client, FROM, TO, "DATA") == [250, 250, 354]
        client.send(mail + b".\r\n")
        assert client.getreply()[0] == code
        assert len(smtp.mails) == int(code == 250)


def test_a_mail_is_kept_as_it_was_sent(smtp: FakeSmtp) -> None:
    with connected(smtp) as client:
        client.sendmail("press@example.com", ["ann@example.com"], MAIL)
    assert smtp.mails[0].text.encode() == MAIL
    assert smtp.mails[0].message["Subject"] == "Boo"


def test_a_cut_after_the_end_of_the_mail_is_where_the_script_says(smtp: FakeSmtp) -> None:
    for fault, count in ((Fault.CUT_BEFORE_PROCESSING, 0), (Fault.CUT_AFTER_PROCESSING, 1)):
        smtp.script(fault, method="DOT")
        with connected(smtp) as client, pytest.raises(smtplib.SMTPServerDisconnected):
            client.sendmail("press@example.com", ["ann@example.com"], MAIL)
        assert len(smtp.mails) == count


def test_mails_outlive_the_process(tmp_path: Path) -> None:
    with FakeSmtp(state_file=tmp_path / "smtp.json") as smtp, connected(smtp) as client:
        client.sendmail("press@example.com", ["ann@example.com"], MAIL)
        held = smtp.dump()
    with FakeSmtp(state_file=tmp_path / "smtp.json") as smtp:
        assert smtp.dump() == held


def test_it_can_be_run_and_told_what_to_do_from_another_process() -> None:
    with subprocess.Popen([sys.executable, "-m", "tests.fakes.smtp"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        control = process.stdout.readline().strip() + "/_fake"
        httpx.post(f"{control}/faults", json={"fault": "bad_request", "method": "RCPT"}).raise_for_status()
        port = httpx.get(f"{control}/smtp").json()["port"]
        for expected in (True, False):
            with smtplib.SMTP("127.0.0.1", port, timeout=5) as client:
                client.ehlo("client.example.com")
                client.docmd(FROM)
                assert (client.docmd(TO)[0] == 554) is expected
        assert httpx.get(f"{control}/mails").json() == []
        process.terminate()
    assert process.returncode == 0
