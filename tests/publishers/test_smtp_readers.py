"""Letters: a mail to one reader, with a page of its own and a way to leave."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pressroom.errors import PostRejected
from pressroom.publications import Letter, Post
from tests.publishers.fake_bench import PICTURE
from tests.publishers.smtp_bench import SmtpBench, a_bench

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
