"""What is mail's own: who gets it, what a server's words mean at which point, encryption, and checks."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pressroom.errors import (
    AccountDisconnected,
    OutcomeUnknown,
    PostRejected,
    PressroomError,
    RateLimited,
    Unavailable,
)
from pressroom.publications import Attempt, Post
from pressroom.publishers.base import CannotTell
from pressroom.publishers.smtp import Smtp
from tests.fakes.faults import Fault
from tests.fakes.smtp import EXTENSIONS
from tests.fakes.smtp_certificate import write_certificate
from tests.publishers.fake_bench import PICTURE
from tests.publishers.smtp_bench import SmtpBench, a_bench

CUTS = (
    Fault.UNAVAILABLE,
    Fault.CUT_BEFORE_PROCESSING,
    Fault.CUT_AFTER_PROCESSING,
    Fault.EMPTY_BODY,
    Fault.TIMEOUT_NOT_PROCESSED,
)
BEFORE_THE_END = [
    (method, fault)
    for method in ("CONNECT", "EHLO", "AUTH", "MAIL", "RCPT", "DATA")
    for fault in CUTS
    # Once DATA is carried out the mail is complete, and the contract cuts there.
    if (method, fault) != ("DATA", Fault.CUT_AFTER_PROCESSING)
]


@pytest.fixture
def bench() -> Iterator[SmtpBench]:
    with a_bench() as bench:
        yield bench


def publish(bench: SmtpBench) -> None:
    bench.publisher.publish(bench.post, bench.prepare())


class TestSending:
    def test_everybody_gets_it_and_nobody_sees_who_is_blind(self, bench: SmtpBench) -> None:
        publish(bench)
        [mail] = bench.smtp.mails
        assert (mail.sender, mail.recipients) == ("press@example.com", ["ann@example.com", "bob@example.com"])
        assert mail.message["To"] == "Ann <ann@example.com>"
        assert "bob@example.com" not in mail.text

    def test_the_receipt_names_the_mail(self, bench: SmtpBench) -> None:
        receipt = bench.publisher.publish(bench.post, bench.prepare())
        assert bench.smtp.mails[0].message["Message-ID"] == f"<{receipt.remote_id}>"
        assert receipt.url == f"mid:{receipt.remote_id}"

    def test_id_and_date_stay_the_same_over_tries(self, bench: SmtpBench) -> None:
        prepared = bench.prepare()
        bench.smtp.script(Fault.UNAVAILABLE, method="MAIL")
        with pytest.raises(Unavailable):
            bench.publisher.publish(bench.post, prepared)
        bench.clock.advance(timedelta(hours=2))
        again = Smtp(bench.publisher.channel)
        again.publish(bench.post, again.prepare(bench.post, bench.read, prepared, lambda _: None))
        message = bench.smtp.mails[0].message
        assert (message["Message-ID"], message["Date"]) == (prepared["message_id"], prepared["date"])

    def test_a_mail_that_another_process_made_is_made_anew(self, bench: SmtpBench) -> None:
        prepared = bench.prepare()
        with pytest.raises(Unavailable, match="not at hand"):
            Smtp(bench.publisher.channel).publish(bench.post, prepared)
        assert bench.smtp.commands == []

    def test_lines_of_dots_arrive_as_they_are(self) -> None:
        with a_bench(Post(text=".\n..\n.hidden\n\nend")) as bench:
            publish(bench)
            part = bench.smtp.mails[0].message.get_body(("plain",))
            assert part is not None
            assert part.get_content().replace("\r\n", "\n") == ".\n..\n.hidden\n\nend\n"

    def test_a_server_that_asks_for_no_password_is_not_told_one(self) -> None:
        with a_bench(signs_in=False) as bench:
            publish(bench)
            assert "AUTH" not in bench.smtp.commands
            assert bench.count_posts() == 1

    def test_names_that_are_not_ascii_are_sent_to_a_server_that_takes_them(self) -> None:
        settings = {"to": ("Jürgen <jürgen@exämple.de>",), "bcc": ()}
        with a_bench(settings=settings, extensions=(*EXTENSIONS, "SMTPUTF8")) as bench:
            publish(bench)
            assert bench.smtp.mails[0].recipients == ["jürgen@xn--exmple-cua.de"]
        with a_bench(settings=settings) as bench, pytest.raises(PostRejected, match="SMTPUTF8"):
            publish(bench)

    @pytest.mark.parametrize("settings", [{"host": ""}, {"sender": ""}, {"to": (), "bcc": ()}])
    def test_missing_settings_are_named_before_anything_is_sent(self, settings: dict[str, object]) -> None:
        with a_bench(settings=settings) as bench:
            with pytest.raises(AccountDisconnected, match=next(iter(settings))):
                bench.prepare()
            assert bench.smtp.commands == []


class TestRecipients:
    def test_if_one_is_refused_nobody_is_sent_it(self) -> None:
        with a_bench(unknown_mailboxes=("ann@example.com",)) as bench:
            with pytest.raises(PostRejected, match=r"ann@example\.com") as raised:
                publish(bench)
            assert "bob" not in raised.value.what
            assert "nobody was sent" in raised.value.todo
            assert bench.smtp.commands[-2:] == ["RSET", "QUIT"]
            assert bench.count_posts() == 0

    def test_the_others_get_it_if_the_channel_says_so(self) -> None:
        with a_bench(unknown_mailboxes=("ann@example.com",), settings={"all_or_none": False}) as bench:
            publish(bench)
            assert bench.smtp.mails[0].recipients == ["bob@example.com"]

    def test_if_all_are_refused_it_is_refused_whatever_the_channel_says(self) -> None:
        both = ("ann@example.com", "bob@example.com")
        with a_bench(unknown_mailboxes=both, settings={"all_or_none": False}) as bench:
            with pytest.raises(PostRejected, match=r"ann@example\.com, bob@example\.com"):
                publish(bench)
            assert "DATA" not in bench.smtp.commands

    def test_a_mailbox_that_is_busy_is_tried_again_for_everybody(self, bench: SmtpBench) -> None:
        bench.smtp.script(Fault.SERVER_ERROR, method="RCPT", path="bob@example.com")
        with pytest.raises(Unavailable, match=r"bob@example\.com"):
            publish(bench)
        assert bench.count_posts() == 0
        publish(bench)
        assert bench.count_posts() == 1


class TestWords:
    @pytest.mark.parametrize(("method", "fault"), BEFORE_THE_END)
    def test_before_the_mail_is_complete_nothing_is_unclear(self, bench: SmtpBench, method: str, fault: Fault) -> None:
        prepared = bench.prepare()
        bench.script(fault, method=method)
        with pytest.raises(Unavailable) as raised:
            bench.publisher.publish(bench.post, prepared)
        assert raised.value.todo
        assert bench.count_posts() == 0

    @pytest.mark.parametrize("method", ["MAIL", "DATA", "DOT"])
    def test_a_refusal_says_why_in_the_servers_words(self, bench: SmtpBench, method: str) -> None:
        bench.smtp.script(Fault.BAD_REQUEST, method=method)
        with pytest.raises(PostRejected, match="Message rejected as unwanted") as raised:
            publish(bench)
        assert raised.value.detail.startswith("SMTP 554")

    def test_a_foreign_sender_is_refused(self) -> None:
        with a_bench(senders=("desk@example.com",)) as bench, pytest.raises(PostRejected, match="not owned by user"):
            publish(bench)

    def test_a_mail_that_the_server_says_is_too_large_is_not_begun(self) -> None:
        extensions = ("SIZE 1000",)
        with a_bench(extensions=extensions, size_limit=1000) as bench:
            with pytest.raises(PostRejected, match="1,000 bytes") as raised:
                publish(bench)
            assert "smaller pictures" in raised.value.todo
            assert "DATA" not in bench.smtp.commands

    def test_a_server_that_does_not_say_its_limit_refuses_in_the_end(self) -> None:
        with a_bench(extensions=("8BITMIME",), size_limit=1000) as bench:
            with pytest.raises(PostRejected, match="size exceeds"):
                publish(bench)
            assert bench.count_posts() == 0

    def test_a_server_that_wants_a_password_and_has_none_pauses_the_channel(self, bench: SmtpBench) -> None:
        for name in ("username", "password"):
            bench.secrets.remove(f"channels.main.{name}")
        with pytest.raises(AccountDisconnected, match="Authentication required"):
            publish(bench)

    def test_half_of_the_credentials_is_named(self, bench: SmtpBench) -> None:
        bench.secrets.remove("channels.main.password")
        with pytest.raises(AccountDisconnected, match=r"channels\.main\.password"):
            publish(bench)
        assert bench.smtp.commands == []

    def test_a_limit_is_waited_for(self, bench: SmtpBench) -> None:
        bench.smtp.script(Fault.RATE_LIMITED, method="MAIL")
        with pytest.raises(RateLimited) as raised:
            publish(bench)
        assert raised.value.retry_at == bench.now() + timedelta(minutes=15)

    @pytest.mark.parametrize("fault", [Fault.PROCESSED_BUT_TRUNCATED, Fault.CUT_THEN_PROCESSED])
    def test_half_a_word_after_the_mail_is_none(self, bench: SmtpBench, fault: Fault) -> None:
        bench.smtp.script(fault, method="DOT", seconds=0.01)
        with pytest.raises(OutcomeUnknown, match="may have sent it on"):
            publish(bench)
        bench.smtp.wait_until(lambda: bench.smtp.mails)

    def test_a_person_is_told_what_to_look_for(self, bench: SmtpBench) -> None:
        prepared = bench.prepare()
        reading = bench.publisher.reconcile(bench.post, prepared, Attempt(number=1, started_at=bench.now()))
        assert isinstance(reading, CannotTell)
        assert reading.known["message_id"] == prepared["message_id"]
        assert reading.known["subject"] == "Boo at midnight"
        assert reading.known["recipients"] == ["ann@example.com", "bob@example.com"]

    def test_no_password_is_in_a_log_an_error_or_a_repr(
        self, bench: SmtpBench, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        shown = []
        for fault, method in ((Fault.TOKEN_EXPIRED, "AUTH"), (Fault.BAD_REQUEST, "DOT"), (Fault.JUNK_BODY, "DOT")):
            bench.smtp.script(fault, method=method)
            with pytest.raises(PressroomError) as raised:
                publish(bench)
            shown += [str(raised.value), str(raised.value.problem()), repr(raised.value.__cause__)]
        shown += [repr(bench.publisher), repr(vars(bench.publisher)), caplog.text]
        assert not any(bench.smtp.password in text for text in shown)


class TestEncryption:
    @pytest.mark.parametrize("security", ["starttls", "tls"])
    def test_a_mail_is_sent_over_a_private_connection(self, tmp_path: Path, security: str) -> None:
        certificate = write_certificate(tmp_path)
        settings = {"security": security, "ca_file": str(certificate)}
        with a_bench(settings=settings, security=security, certificate=certificate) as bench:
            publish(bench)
            assert bench.count_posts() == 1
            assert ("STARTTLS" in bench.smtp.commands) is (security == "starttls")

    @pytest.mark.parametrize("security", ["starttls", "tls"])
    def test_a_certificate_that_is_not_trusted_gets_no_password(self, tmp_path: Path, security: str) -> None:
        certificate = write_certificate(tmp_path)
        with a_bench(settings={"security": security}, security=security, certificate=certificate) as bench:
            with pytest.raises(AccountDisconnected, match="certificate of localhost is not trusted"):
                publish(bench)
            assert "AUTH" not in bench.smtp.commands

    def test_a_certificate_of_another_name_is_not_trusted(self, tmp_path: Path) -> None:
        certificate = write_certificate(tmp_path, "mail.example.com")
        settings = {"security": "starttls", "ca_file": str(certificate)}
        with (
            a_bench(settings=settings, security="starttls", certificate=certificate) as bench,
            pytest.raises(AccountDisconnected, match="not trusted"),
        ):
            publish(bench)

    def test_a_server_without_starttls_gets_neither_password_nor_mail(self) -> None:
        with a_bench(settings={"security": "starttls"}) as bench:
            with pytest.raises(AccountDisconnected, match="STARTTLS"):
                publish(bench)
            assert bench.smtp.commands == ["CONNECT", "EHLO", "QUIT"]

    def test_a_password_is_not_sent_in_the_open_beyond_this_machine(self) -> None:
        with a_bench(settings={"host": "mail.example.invalid"}) as bench:
            with pytest.raises(AccountDisconnected, match="unencrypted") as raised:
                publish(bench)
            assert 'security = "starttls"' in raised.value.todo

    def test_a_missing_file_of_certificates_is_named(self, tmp_path: Path) -> None:
        settings = {"security": "starttls", "ca_file": str(tmp_path / "none.pem")}
        with a_bench(settings=settings) as bench, pytest.raises(AccountDisconnected, match=r"none\.pem"):
            publish(bench)


class TestKnowing:
    def test_it_warns_of_what_would_be_refused(self, bench: SmtpBench) -> None:
        odd = replace(PICTURE, media_type="image/webp", alt_text="")
        said = bench.publisher.warnings(Post(text="b" * 100_001, media=(odd,) * 11))
        assert any("takes 100,000" in line for line in said)
        assert any("11 pictures" in line for line in said)
        assert any("image/webp" in line for line in said)
        assert bench.publisher.warnings(bench.post) == ()

    def test_a_preview_shows_subject_and_recipients(self, bench: SmtpBench) -> None:
        shown = bench.publisher.preview(bench.post)
        assert shown.account == "The Press <press@example.com> to 2 recipients: Boo at midnight"

    def test_a_mail_or_a_picture_that_is_too_large_is_refused(self, bench: SmtpBench) -> None:
        bench.picture = b"\xff\xd8\xff" + bytes(5_000_000)
        with pytest.raises(PostRejected, match=PICTURE.key):
            bench.prepare()
        with (
            a_bench(settings={"max_mail_bytes": 1000}) as small,
            pytest.raises(PostRejected, match="max_mail_bytes is 1,000"),
        ):
            small.prepare()

    def test_a_check_asks_for_every_recipient_and_sends_nothing(self, bench: SmtpBench) -> None:
        [finding] = bench.publisher.check()
        assert finding.ok
        assert "2 recipients" in finding.what
        assert bench.smtp.commands.count("RCPT") == 2
        assert "DATA" not in bench.smtp.commands

    def test_a_check_finds_a_refused_recipient_and_a_wrong_password(self) -> None:
        with a_bench(unknown_mailboxes=("bob@example.com",)) as bench:
            assert "bob@example.com" in bench.publisher.check()[-1].what
            bench.revoke()
            finding = bench.publisher.check()[-1]
            assert not finding.ok
            assert "pressroom secrets set" in finding.todo

    def test_a_check_warns_of_mail_in_the_open(self) -> None:
        with a_bench(settings={"host": "mail.example.invalid"}, signs_in=False) as bench:
            first, second = bench.publisher.check()
            assert first.ok
            assert "unencrypted" in first.what
            assert not second.ok
