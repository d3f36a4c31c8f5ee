"""Letters: a mail to one reader, with a page of its own and a way to leave."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from pressroom.errors import PostRejected, PressroomError, RateLimited, Unavailable
from pressroom.publications import Attempt, Letter, Post, Publication, PublicationState
from pressroom.publishers._smtp_outcomes import outcome
from pressroom.publishers._smtp_session import RecipientsRefused, Reply
from pressroom.publishers.base import CannotTell
from tests.publishers.fake_bench import PICTURE
from tests.publishers.smtp_bench import SmtpBench, a_bench

NOW = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
LETTER = Letter(
    to="Ada Møller <ada@example.org>",
    html='<!doctype html><html lang="en"><p>Good night.</p><img src="cid:picture-1" alt=""></html>',
    unsubscribe_url="https://stories.example.com/leave/1?token=abc",
    language="en",
)


@pytest.fixture
def bench() -> Iterator[SmtpBench]:
    with a_bench(Post(title="The lamp", text="Good night.", media=(PICTURE,), letter=LETTER)) as bench:
        yield bench


def sent(bench: SmtpBench) -> None:
    bench.publisher.publish(bench.post, bench.prepare())


def test_a_letter_goes_to_its_reader_and_to_nobody_of_the_channels_list(bench: SmtpBench) -> None:
    sent(bench)
    [mail] = bench.smtp.mails
    assert mail.recipients == ["ada@example.org"]
    assert mail.message["To"] == "Ada Møller <ada@example.org>"
    assert "ann@example.com" not in mail.text


def test_mail_programs_offer_to_leave_with_one_click(bench: SmtpBench) -> None:
    sent(bench)
    message = bench.smtp.mails[0].message
    assert message["List-Unsubscribe"] == f"<{LETTER.unsubscribe_url}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Content-Language"] == "en"


def test_the_channels_own_address_for_leaving_stands_beside_it() -> None:
    with a_bench(Post(text="x", letter=LETTER), settings={"list_unsubscribe": "mailto:leave@example.com"}) as bench:
        with pytest.raises(PostRejected, match="picture 1"):  # there is none in this post
            bench.prepare()
        bench.post = Post(text="x", letter=Letter(to=LETTER.to, unsubscribe_url=LETTER.unsubscribe_url))
        sent(bench)
        found = bench.smtp.mails[0].message["List-Unsubscribe"]
    assert found.strip() == f"<{LETTER.unsubscribe_url}>, <mailto:leave@example.com>"


def test_a_long_address_for_leaving_stands_in_the_mail_as_it_is() -> None:
    """What is read back by a library looks right either way; mail programs read the line itself."""
    url = f"https://stories.our-little-library.example.com/leave/{'a1-_' * 20}"
    letter = Letter(to="ada@example.org", unsubscribe_url=url)
    settings = {"list_unsubscribe": "mailto:leave@example.com"}
    with a_bench(Post(text="x", letter=letter), settings=settings) as bench:
        sent(bench)
        lines = bench.smtp.mails[0].text.splitlines()
    at = lines.index(f"List-Unsubscribe: <{url}>,")
    assert lines[at + 1] == " <mailto:leave@example.com>"


@pytest.mark.parametrize(
    "wrong", ["https://a.example/\r\nBcc: eve@example.com", "https://a.example/>, <https://b.example"]
)
def test_an_address_for_leaving_that_is_none_is_refused_and_begins_no_header(wrong: str) -> None:
    post = Post(text="x", letter=Letter(to="ada@example.org", unsubscribe_url=wrong))
    with a_bench(post) as bench, pytest.raises(PostRejected, match="for leaving") as caught:
        bench.prepare()
    assert "a.example" not in str(caught.value)  # whoever has it can sign its reader off


def test_one_click_is_not_promised_for_an_address_in_the_open() -> None:
    letter = Letter(to="ada@example.org", unsubscribe_url="http://127.0.0.1:8080/leave")
    with a_bench(Post(text="x", letter=letter)) as bench:
        sent(bench)
        message = bench.smtp.mails[0].message
    assert message["List-Unsubscribe"] == "<http://127.0.0.1:8080/leave>"
    assert message["List-Unsubscribe-Post"] is None


def test_its_page_shows_the_picture_that_is_in_the_mail(bench: SmtpBench) -> None:
    sent(bench)
    message = bench.smtp.mails[0].message
    page = message.get_body(("html",))
    assert page is not None
    html = page.get_content()
    [picture] = [part for part in message.walk() if part.get_content_maintype() == "image"]
    assert f'src="cid:{picture["Content-ID"].strip("<>")}"' in html
    assert html.startswith("<!doctype html>")
    plain = message.get_body(("plain",))
    assert plain is not None
    assert "Good night." in plain.get_content()


def test_an_address_that_is_none_is_refused_and_begins_no_header() -> None:
    with a_bench(Post(text="x", letter=Letter(to="ada@example.org\nBcc: eve@example.org"))) as bench:
        with pytest.raises(PostRejected, match="line break"):
            bench.prepare()
        assert bench.smtp.commands == []


def test_a_channel_without_a_list_takes_letters_and_says_so() -> None:
    with a_bench(Post(text="x", letter=LETTER), settings={"to": (), "bcc": ()}) as bench:
        [finding] = bench.publisher.check()
        assert (finding.ok, "letters" in finding.what) == (True, True)
        bench.post = Post(text="x", letter=Letter(to="ada@example.org"))
        sent(bench)
        assert bench.smtp.mails[0].recipients == ["ada@example.org"]


def test_a_readers_name_that_is_not_ascii_needs_nothing_special_of_the_server(bench: SmtpBench) -> None:
    sent(bench)  # the server does not offer SMTPUTF8
    assert len(bench.smtp.mails) == 1


# --- nobody but the mail and the stored post knows the address


@pytest.mark.parametrize(
    "reply",
    [
        Reply(550, "5.1.1 <ada@example.org>: Recipient address rejected"),
        Reply(550, "no such user ada here"),
        Reply(450, "4.2.1 the mailbox of ada@example.org is busy"),
        Reply(451, "4.7.28 too many mails for ada@example.org"),
    ],
)
def test_what_a_server_says_of_a_reader_is_told_without_the_address(reply: Reply) -> None:
    failed, hidden = RecipientsRefused({"ada@example.org": reply}), ("ada@example.org", "ada")
    error = outcome(failed, "channel main", "mail.example.com", hidden, NOW, is_letter=True)
    said = f"{error} {error.what} {error.todo} {error.detail} {error.where}"
    assert "ada" not in said
    assert "the reader of this letter" in said
    assert str(reply.code) in said


def test_a_refused_reader_is_named_nowhere_and_is_to_be_corrected_in_the_list() -> None:
    post, unknown = Post(text="x", letter=Letter(to="ada@example.org")), ("ada@example.org",)
    with a_bench(post, unknown_mailboxes=unknown) as bench, pytest.raises(PostRejected) as caught:
        sent(bench)
    said = f"{caught.value.what} {caught.value.todo} {caught.value.detail}"
    assert "ada" not in said
    assert "where the readers are listed" in said


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (Reply(452, "4.2.2 the mailbox is over its quota"), Unavailable),
        (Reply(552, "5.2.2 mailbox full"), PostRejected),
        (Reply(451, "4.7.28 too many mails from you"), RateLimited),
    ],
)
def test_one_readers_full_mailbox_holds_up_no_other_reader(reply: Reply, expected: type[PressroomError]) -> None:
    failed = RecipientsRefused({"ada@example.org": reply})
    assert type(outcome(failed, "channel main", "mail.example.com", (), NOW, is_letter=True)) is expected


def test_an_address_that_is_none_is_refused_without_being_repeated() -> None:
    with a_bench(Post(text="x", letter=Letter(to="ada at example"))) as bench:
        with pytest.raises(PostRejected) as caught:
            bench.prepare()
        assert "ada" not in f"{caught.value.what} {caught.value.todo}"


def test_what_is_known_of_a_held_letter_names_no_reader(bench: SmtpBench) -> None:
    bench.prepare()
    attempt = Attempt(number=1, started_at=NOW)
    found = bench.publisher.reconcile(bench.post, bench.prepared, attempt)
    assert isinstance(found, CannotTell)
    assert "ada" not in str(found.known)
    assert found.known["message_id"] == bench.prepared["message_id"]


def test_what_is_told_of_a_sent_letter_are_neither_its_words_nor_its_pictures(bench: SmtpBench) -> None:
    receipt = bench.publisher.publish(bench.post, bench.prepare())
    now = receipt.at
    sent_letter = Publication(
        id="pub_1",
        key="job_1:main:tell[0]",
        job_id="job_1",
        pipeline="stories",
        channel="main",
        network="recording",
        post=bench.post,
        state=PublicationState.PUBLISHED,
        created_at=now,
        updated_at=now,
        receipt=receipt,
    )
    told = sent_letter.as_published()
    assert (told["text"], told["title"], told["media"], told["alt_texts"]) == ("", "", [], [])
    assert told["remote_id"] == receipt.remote_id
    assert not {"ada", "night", "lamp", "abc"} & set(re.findall(r"\w+", str(told).lower()))


def test_a_letter_with_a_page_says_all_of_its_plain_words_itself(bench: SmtpBench) -> None:
    sent(bench)
    plain = bench.smtp.mails[0].message.get_body(("plain",))
    assert plain is not None
    assert plain.get_content().strip() == "Good night."
