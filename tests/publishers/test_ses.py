"""Mail through Amazon SES: what is sent, to whom, what each refusal means, and what a check finds."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from pressroom.errors import (
    AccountDisconnected,
    OutcomeUnknown,
    PostRejected,
    PressroomError,
    RateLimited,
    Unavailable,
)
from pressroom.publications import Attempt, Letter, Post, PublicationState, Receipt
from pressroom.publishers._ses_client import NotSent, Refused, Unclear
from pressroom.publishers._ses_outcomes import About, outcome
from pressroom.publishers.base import CannotTell
from pressroom.publishers.ses import Ses, SesSettings
from pressroom.testing.clock import ManualClock
from tests.fakes.aws_signatures import Keys
from tests.fakes.faults import Fault
from tests.press import Press
from tests.publishers.ses_bench import REGION, SesBench, a_bench

READER = "ada.lovelace@reader.example"
LETTER = Letter(
    to=f"Ada <{READER}>",
    html='<!doctype html><html lang="en"><p>Good night.</p></html>',
    unsubscribe_url="https://stories.example.com/leave/1?token=abc",
    language="en",
)
A_LETTER = Post(title="The lamp", text="Good night.", letter=LETTER)


@pytest.fixture
def bench() -> Iterator[SesBench]:
    with a_bench() as bench:
        yield bench


def publish(bench: SesBench) -> Receipt:
    return bench.publisher.publish(bench.post, bench.prepare())


def problem_of(bench: SesBench) -> PressroomError:
    with pytest.raises(PressroomError) as raised:
        publish(bench)
    assert raised.value.todo
    return raised.value


class TestSending:
    def test_a_mail_goes_to_everybody_and_shows_only_those_who_may_be_seen(self, bench: SesBench) -> None:
        publish(bench)
        [mail] = bench.ses.mails
        assert (mail.to, mail.bcc) == (("ann@example.com",), ("bob@example.com",))
        assert mail.message["To"] == "Ann <ann@example.com>"
        assert b"bob@" not in mail.raw
        assert mail.configuration_set == "press"
        assert mail.message["Subject"] == "Boo at midnight"
        assert [part.get_content_type() for part in mail.message.walk()][-1] == "image/jpeg"

    def test_the_receipt_names_the_id_that_is_found_in_a_mailbox(self, bench: SesBench) -> None:
        receipt = publish(bench)
        assert receipt.remote_id == bench.ses.mails[0].message_id
        assert receipt.url == f"mid:{receipt.remote_id}@{REGION}.amazonses.com"

    def test_in_the_first_region_the_id_ends_otherwise(self) -> None:
        with a_bench(settings={"region": "us-east-1"}) as bench:
            assert publish(bench).url.endswith("@email.amazonses.com")

    def test_without_a_configuration_set_none_is_named(self) -> None:
        with a_bench(settings={"configuration_set": ""}) as bench:
            publish(bench)
            assert "ConfigurationSetName" not in bench.ses.requests[-1].json()

    def test_a_letter_goes_to_its_reader_alone_with_its_way_to_leave(self) -> None:
        with a_bench(A_LETTER) as bench:
            publish(bench)
            [mail] = bench.ses.mails
            assert (mail.to, mail.bcc) == ((READER,), ())
            assert mail.message["List-Unsubscribe"] == "<https://stories.example.com/leave/1?token=abc>"
            assert mail.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
            assert mail.message["Content-Language"] == "en"

    def test_a_channel_that_hides_everybody_sends_to_them(self) -> None:
        with a_bench(settings={"to": ()}) as bench:
            publish(bench)
            assert (bench.ses.mails[0].to, bench.ses.mails[0].bcc) == ((), ("bob@example.com",))

    def test_more_recipients_than_it_takes_are_refused_before_anything_is_sent(self) -> None:
        with a_bench(settings={"to": tuple(f"reader{number}@example.com" for number in range(50))}) as bench:
            with pytest.raises(PostRejected, match="51 recipients"):
                bench.prepare()
            assert bench.ses.requests == []

    def test_an_address_that_is_not_ascii_before_the_at_is_refused(self) -> None:
        with a_bench(settings={"to": ("žofie@example.com",)}) as bench, pytest.raises(PostRejected, match="ASCII"):
            bench.prepare()

    def test_a_mail_larger_than_it_takes_cannot_be_set(self) -> None:
        with pytest.raises(ValidationError, match="max_mail_bytes"):
            SesSettings(network="ses", max_mail_bytes=40_000_000)


class TestRefusals:
    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"verified": set()}, "Verify example.com in the SES console"),
            ({"configuration_sets": set()}, "configuration_set"),
            ({"is_sending": False}, "resume sending there"),
        ],
    )
    def test_what_an_operator_must_mend_pauses_the_channel(
        self, bench: SesBench, changed: dict[str, Any], said: str
    ) -> None:
        for name, value in changed.items():
            setattr(bench.ses, name, value)
        problem = problem_of(bench)
        assert isinstance(problem, AccountDisconnected)
        assert said in problem.todo
        assert "resume the channel" in problem.todo

    def test_a_sandbox_is_told_from_a_sender_that_is_not_verified(self) -> None:
        with a_bench(A_LETTER, is_in_sandbox=True) as bench:
            problem = problem_of(bench)
            assert isinstance(problem, AccountDisconnected)
            assert "production access" in problem.todo
            assert "sandbox" in problem.what

    def test_no_error_of_a_letter_tells_its_readers_address(self) -> None:
        with a_bench(A_LETTER, is_in_sandbox=True) as bench:
            problem = problem_of(bench)
            assert READER not in str(problem.problem())
            assert "lovelace" not in str(problem.problem())
            reading = bench.publisher.reconcile(bench.post, bench.prepared, Attempt(number=1, started_at=bench.now()))
            assert isinstance(reading, CannotTell)
            assert READER not in str(reading)

    def test_what_ses_says_of_a_letter_is_told_without_any_part_of_its_readers_address(self) -> None:
        with a_bench(A_LETTER) as bench:
            assert isinstance(bench.publisher, Ses)
            for quoted in (READER, READER.partition("@")[0]):
                refused = Refused("BadRequestException", f"Missing final '@domain' in {quoted}", 400)
                problem = bench.publisher._outcome(refused, bench.post).problem()
                assert "Missing final" in problem.what
                assert "lovelace" not in str(problem.as_dict())

    @pytest.mark.parametrize(
        ("fault", "hours"), [(Fault.RATE_LIMITED, timedelta(hours=1)), (Fault.RATE_LIMITED_BARE, timedelta(minutes=1))]
    )
    def test_a_quota_of_the_day_is_waited_for_longer_than_a_pace(
        self, bench: SesBench, fault: Fault, hours: timedelta
    ) -> None:
        bench.prepare()
        bench.script(fault)
        with pytest.raises(RateLimited) as raised:
            bench.publisher.publish(bench.post, bench.prepared)
        assert raised.value.retry_at == bench.now() + hours

    def test_no_secret_is_in_an_error(self, bench: SesBench) -> None:
        secret = bench.ses.keys.secret
        refused = Refused("BadRequestException", f"bad: {secret}", 400)
        error = outcome(refused, About("channel main", bench.now(), "press@example.com", (secret,)))
        assert secret not in str(error.problem())

    @pytest.mark.parametrize(
        ("failed", "kind"),
        [
            (NotSent("ConnectTimeoutError"), Unavailable),
            (Unclear("ReadTimeoutError"), OutcomeUnknown),
            (Refused("InternalFailure", "", 503), OutcomeUnknown),
        ],
    )
    def test_only_what_surely_never_went_out_is_tried_again(
        self, failed: Refused | NotSent | Unclear, kind: type[PressroomError]
    ) -> None:
        assert type(outcome(failed, About("channel main", ManualClock().now(), "press@example.com"))) is kind


class TestProtocol:
    @pytest.mark.parametrize(
        ("fault", "count"),
        [(Fault.CUT_AFTER_PROCESSING, 1), (Fault.CUT_BEFORE_PROCESSING, 0), (Fault.PROCESSED_BUT_500, 1)],
    )
    def test_a_mail_whose_answer_is_lost_is_held_and_never_sent_again(self, fault: Fault, count: int) -> None:
        with a_bench() as bench:
            press = Press(bench.publisher, clock=bench.clock)
            bench.ses.script(fault, method="POST")
            job = press.ask("Boo!")
            press.finish()
            publication = press.publication(job)
            assert publication.state is PublicationState.HELD
            assert publication.problem is not None
            assert "Amazon SES shows nobody" in publication.problem.what
            assert len(bench.ses.mails) == count

    def test_what_it_refuses_for_now_is_sent_later_and_once(self) -> None:
        with a_bench() as bench:
            press = Press(bench.publisher, clock=bench.clock)
            bench.ses.script(Fault.RATE_LIMITED_BARE, method="POST")
            job = press.ask("Boo!")
            press.finish()
            assert press.publication(job).state is PublicationState.PUBLISHED
            assert len(bench.ses.mails) == 1


class TestChecking:
    def test_it_tells_the_quota_and_that_the_sender_is_verified(self, bench: SesBench) -> None:
        found = bench.publisher.check()
        assert [finding.ok for finding in found] == [True, True]
        assert "0 of 50,000" in found[0].what
        assert f"example.com is verified in Amazon SES ({REGION})" in found[1].what
        assert bench.ses.mails == []

    def test_it_warns_of_the_sandbox_and_of_a_full_quota(self) -> None:
        with a_bench(is_in_sandbox=True) as bench:
            bench.ses.quota = 1
            publish(bench)
            sandbox, quota, _ = bench.publisher.check()
            assert (sandbox.ok, "production access" in sandbox.todo) == (True, True)
            assert (quota.ok, "1 of 1" in quota.what, bool(quota.todo)) == (False, True, True)

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"verified": set()}, "Neither press@example.com nor example.com is verified"),
            ({"configuration_sets": set()}, "configuration set does not exist"),
            ({"is_sending": False}, "paused"),
            ({"keys": Keys("AKIDOFSOMEBODYELSE", "x")}, "refuses the credentials"),
        ],
    )
    def test_what_is_wrong_is_found_with_what_to_do(self, bench: SesBench, changed: dict[str, Any], said: str) -> None:
        for name, value in changed.items():
            setattr(bench.ses, name, value)
        wrong = [finding for finding in bench.publisher.check() if not finding.ok]
        assert any(said in finding.what for finding in wrong)
        assert all(finding.todo for finding in wrong)

    def test_one_credential_of_two_is_named(self) -> None:
        with a_bench(keys=Keys(secret="")) as bench:
            [finding] = bench.publisher.check()
            assert "channels.main.secret_access_key" in finding.what
            assert isinstance(problem_of(bench), AccountDisconnected)

    def test_without_the_library_it_says_how_to_get_it(self, bench: SesBench, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "boto3", None)
        problem = problem_of(bench)
        assert isinstance(problem, AccountDisconnected)
        assert "pressroom[aws]" in problem.todo

    def test_without_a_region_it_says_which_setting(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("AWS_DEFAULT_REGION", "AWS_REGION"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
        with a_bench(settings={"region": ""}) as bench:
            assert "names no region" in problem_of(bench).what

    def test_a_preview_shows_subject_and_recipients(self, bench: SesBench) -> None:
        assert bench.publisher.preview(bench.post).account == (
            "The Press <press@example.com> to 2 recipients: Boo at midnight"
        )

    def test_a_channel_that_says_too_little_is_told_what_is_missing(self) -> None:
        with (
            a_bench(settings={"sender": "", "to": (), "bcc": ()}) as bench,
            pytest.raises(AccountDisconnected, match="sender and to, or bcc"),
        ):
            bench.prepare()


class TestSecrecy:
    def test_no_credential_is_shown_by_repr(self, bench: SesBench) -> None:
        publish(bench)
        shown = repr(vars(bench.publisher)) + repr(bench.publisher)
        assert bench.ses.keys.secret not in shown
