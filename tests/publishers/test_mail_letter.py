"""A post as a mail: every part can be read back, no title begins a header, and every line is one that servers take."""

from __future__ import annotations

import email
import io
from dataclasses import replace
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pydantic import ValidationError

from pressroom.publications import Post
from pressroom.publishers._mail_addresses import needs_utf8, parse
from pressroom.publishers._mail_letter import Envelope, letter, subject_of
from pressroom.publishers._smtp_settings import SmtpSettings
from tests.publishers.fake_bench import PICTURE, jpeg

ENVELOPE = Envelope(
    message_id="<mail_1@example.com>",
    date="Sat, 31 Oct 2026 08:00:00 +0000",
    sender=parse("The Press <press@example.com>"),
    to=(parse("ann@example.com"),),
)
PICTURED = Post(text="Boo!\nTonight.\n\nBring <friends> & cake.", title="Spuk 🎃 & Co.", media=(PICTURE,))


def read(mail: bytes) -> EmailMessage:
    return email.message_from_bytes(mail, policy=SMTP)


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert isinstance(part, EmailMessage)
    return str(part.get_content())


def test_the_words_are_there_as_text_and_as_html() -> None:
    message = read(letter(PICTURED, ENVELOPE, [jpeg()]))
    assert body(message, "plain").replace("\r\n", "\n") == (
        "Boo!\nTonight.\n\nBring <friends> & cake.\n\n[Picture: A pumpkin under a full moon]\n"
    )
    assert "<p>Boo!<br>Tonight.</p>" in body(message, "html")
    assert "Bring &lt;friends&gt; &amp; cake." in body(message, "html")


def test_the_picture_is_inside_the_page_with_its_alt_text_and_opens() -> None:
    message = read(letter(PICTURED, ENVELOPE, [jpeg()]))
    [image] = [part for part in message.walk() if part.get_content_maintype() == "image"]
    cid = str(image["Content-ID"]).strip("<>")
    assert f'<img src="cid:{cid}" alt="A pumpkin under a full moon"' in body(message, "html")
    data = image.get_payload(decode=True)
    assert isinstance(data, bytes)
    with Image.open(io.BytesIO(data)) as opened:
        assert opened.size == (PICTURE.width, PICTURE.height)
    assert image.get_content_disposition() == "inline"
    assert image.get_filename() == "picture-1.jpg"


def test_several_pictures_keep_their_order() -> None:
    media = tuple(replace(PICTURE, alt_text=f"Nr {number}") for number in range(3))
    page = body(read(letter(replace(PICTURED, media=media), ENVELOPE, [jpeg()] * 3)), "html")
    assert page.index("Nr 0") < page.index("Nr 1") < page.index("Nr 2")


def test_the_link_is_in_both() -> None:
    message = read(letter(Post(text="Read", link="https://example.com/?a=1&b=2", title="All"), ENVELOPE, []))
    assert "https://example.com/?a=1&b=2" in body(message, "plain")
    assert '<a href="https://example.com/?a=1&amp;b=2">All</a>' in body(message, "html")


def test_headers_are_those_of_the_envelope() -> None:
    envelope = replace(ENVELOPE, reply_to=parse("desk@example.com"), list_unsubscribe="https://example.com/leave?who=1")
    message = read(letter(PICTURED, envelope, [jpeg()]))
    assert message["Message-ID"] == "<mail_1@example.com>"
    assert message["Date"] == "Sat, 31 Oct 2026 08:00:00 +0000"
    assert message["From"] == "The Press <press@example.com>"
    assert message["To"] == "ann@example.com"
    assert message["Reply-To"] == "desk@example.com"
    assert message["List-Unsubscribe"] == "<https://example.com/leave?who=1>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Subject"] == "Spuk 🎃 & Co."
    assert message["Bcc"] is None


def test_without_visible_recipients_the_mail_says_so() -> None:
    assert read(letter(PICTURED, replace(ENVELOPE, to=()), [jpeg()]))["To"] == "undisclosed-recipients:;"


@pytest.mark.parametrize(
    ("post", "template", "subject"),
    [
        (Post(text="Boo!\nTonight.", title="Spuk"), "{title}", "Spuk"),
        (Post(text="Boo!\nTonight."), "{title}", "Boo!"),
        (Post(text="Boo!\nTonight.", title="Spuk"), "[Press] {title}: {text}", "[Press] Spuk: Boo!"),
        (Post(text="", title=""), "News", "News"),
        (Post(text="x", title="Boo\r\nBcc: everybody@example.com"), "{title}", "Boo Bcc: everybody@example.com"),
        (Post(text="x", title="a\u2028b\x00c\x85d\te"), "{title}", "a b c d e"),
    ],
)
def test_the_subject_is_one_line_of_the_template(post: Post, template: str, subject: str) -> None:
    assert subject_of(post, template) == subject


@settings(deadline=None)
@given(st.text(max_size=80), st.text(max_size=400))
def test_no_title_and_no_text_begins_a_header_or_a_line_too_long(title: str, text: str) -> None:
    post = Post(text=text.encode("utf-8", "replace").decode(), title=title.encode("utf-8", "replace").decode())
    mail = letter(post, ENVELOPE, [])
    message = read(mail)
    assert set(message.keys()) == {
        "Message-ID",
        "Date",
        "From",
        "To",
        "Subject",
        "Auto-Submitted",
        "MIME-Version",
        "Content-Type",
    }
    assert mail.isascii()
    assert all(len(line) <= 998 for line in mail.split(b"\r\n"))
    assert b"\n" not in mail.replace(b"\r\n", b"")


def test_a_very_long_line_is_folded() -> None:
    mail = letter(Post(text="boo " * 5000, title="t" * 500), ENVELOPE, [])
    assert max(map(len, mail.split(b"\r\n"))) <= 998
    assert body(read(mail), "plain").strip() == ("boo " * 5000).strip()


class TestAddresses:
    @pytest.mark.parametrize(
        ("text", "spec", "name"),
        [
            ("ann@example.com", "ann@example.com", ""),
            ("Ann Smith <ann@example.com>", "ann@example.com", "Ann Smith"),
            ('"Smith, Ann" <ann@example.com>', "ann@example.com", "Smith, Ann"),
            ("Jürgen <j@exämple.de>", "j@xn--exmple-cua.de", "Jürgen"),
            (" ann+news@mail.example.co.uk ", "ann+news@mail.example.co.uk", ""),
        ],
    )
    def test_an_address_is_read(self, text: str, spec: str, name: str) -> None:
        address = parse(text)
        assert (address.addr_spec, address.display_name) == (spec, name)
        assert parse(str(address)) == address

    @pytest.mark.parametrize(
        "text",
        [
            "ann",
            "ann@",
            "@example.com",
            "ann@example.com, bob@example.com",
            "ann@example.com\r\nBcc: bob@example.com",
            "Ann\nX: y <ann@example.com>",
            "ann smith@example.com",
            "ann@exa mple.com",
            "ann@example..com",
            "<ann@example.com> <bob@example.com>",
            "",
        ],
    )
    def test_anything_else_is_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match="address"):
            parse(text)

    def test_a_name_that_is_not_ascii_needs_a_server_that_takes_it(self) -> None:
        assert needs_utf8(parse("jürgen@example.com"))
        assert not needs_utf8(parse("Jürgen <j@exämple.de>"))


class TestSettings:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"sender": "press@example.com\nBcc: x@example.com"},
            {"to": ["ann"]},
            {"bcc": ["a@example.com, b@example.com"]},
            {"subject": "{day}"},
            {"subject": "{title"},
            {"subject": "a\nb"},
            {"security": "ssl"},
            {"host": "smtp://example.com"},
            {"port": 0},
            {"list_unsubscribe": "http://example.com"},
            {"list_unsubscribe": "https://example.com>\r\nX: y"},
        ],
    )
    def test_wrong_settings_are_refused(self, wrong: dict[str, object]) -> None:
        with pytest.raises(ValidationError):
            SmtpSettings.model_validate({"network": "smtp"} | wrong)

    def test_addresses_may_have_names(self) -> None:
        settings = SmtpSettings.model_validate({"network": "smtp", "to": ["Ann <ann@example.com>"]})
        assert settings.to == ("Ann <ann@example.com>",)
