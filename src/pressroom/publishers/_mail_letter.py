"""A post as a mail: words as plain text and as HTML, with its pictures inside. Makes no connection."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.headerregistry import Address, Group
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8

from pressroom.errors import PostRejected
from pressroom.publications import Post, PostMedia

SUBJECT_FIELDS = ("title", "text")
_FIELD = re.compile(r"\{(\w*)\}")
_PICTURE = re.compile(r"cid:picture-(\d+)\b")
_ADDRESS = re.compile(r"[!-;=?-~]{1,900}")
"""Without < and >; a line of a mail has 998 characters at most: RFC 5322, section 2.1.1."""
_LONGEST_SUBJECT = 200
_EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What a mail says of itself; the message id and the date stay the same however often it is made."""

    message_id: str
    date: str
    sender: Address
    to: tuple[Address, ...]
    reply_to: Address | None = None
    subject: str = "{title}"
    """A template, with {title} and {text}: the post's title, or its first line, and its first line."""
    list_unsubscribe: str = ""
    needs_utf8: bool = False


def letter(post: Post, envelope: Envelope, pictures: Sequence[bytes]) -> bytes:
    """Return the mail, with lines that end in CR LF and are no longer than a server takes."""
    # Seven bits in the body, so that it does not depend on what the next server can take.
    message = EmailMessage(policy=(SMTPUTF8 if envelope.needs_utf8 else SMTP).clone(cte_type="7bit"))
    message["Message-ID"] = envelope.message_id
    message["Date"] = envelope.date
    message["From"] = envelope.sender
    message["To"] = envelope.to or Group("undisclosed-recipients")
    if envelope.reply_to:
        message["Reply-To"] = envelope.reply_to
    message["Subject"] = subject_of(post, envelope.subject)
    own = post.letter
    if own and own.unsubscribe_url.startswith("https://"):
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notice is to answer it
    key = envelope.message_id.strip("<>").partition("@")[0]
    names = [f"{key}.{number}@pressroom" for number in range(1, len(pictures) + 1)]
    message.set_content(in_plain_text(post))
    page = in_html(post, names)
    if own and own.html:
        page = _PICTURE.sub(lambda found: _cid(int(found[1]), names), own.html)
    message.add_alternative(page, subtype="html")
    _put_in(message, post, dict(zip(names, pictures, strict=True)))
    if own and own.language:
        message["Content-Language"] = own.language  # at the end: what begins with Content- would move into a part
    return _ways_to_leave(own.unsubscribe_url if own else "", envelope.list_unsubscribe) + message.as_bytes()


def _ways_to_leave(*urls: str) -> bytes:
    """Return the header `List-Unsubscribe`, an address a line.

    The library would write a long address as words of MIME (`=?utf-8?q?=3Chttps…`), which no mail program reads there.
    """
    ways = [url for url in urls if url]
    if not all(map(_ADDRESS.fullmatch, ways)):
        raise PostRejected(
            "The address for leaving is none that can stand in a mail.",
            where="List-Unsubscribe",
            todo="Write it in ASCII, percent-encoded, without blanks and brackets.",
        )
    value = ",\r\n ".join(f"<{url}>" for url in ways)
    return f"List-Unsubscribe: {value}\r\n".encode() if ways else b""


def subject_of(post: Post, template: str) -> str:
    """Return the subject on one line: a title may have line breaks, and they must not begin another header."""
    lines = post.text.strip().splitlines()
    first_line = lines[0] if lines else ""
    values = {"title": post.title.strip() or first_line, "text": first_line}
    text = _FIELD.sub(lambda found: values[found[1]], template)
    text = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return text if len(text) <= _LONGEST_SUBJECT else f"{text[: _LONGEST_SUBJECT - 1]}…"


def check_template(template: str) -> None:
    """Raise ValueError unless the template has one line and only fields that are known."""
    if not template.isprintable():
        raise ValueError("must be one line")
    unknown = [name for name in _FIELD.findall(template) if name not in SUBJECT_FIELDS]
    if unknown or "{" in _FIELD.sub("", template) or "}" in _FIELD.sub("", template):
        raise ValueError("may have {title} and {text}, and no other braces")


def in_plain_text(post: Post) -> str:
    """Return the words with what else is to be read; a letter with a page of its own says all of it itself."""
    if post.letter and post.letter.html:
        return post.text.strip() + "\n"
    parts = [post.text.strip(), post.link if post.link not in post.text else ""]
    parts += [f"[Picture: {item.alt_text.strip()}]" for item in post.media if item.alt_text.strip()]
    return "\n\n".join(part for part in parts if part) + "\n"


def in_html(post: Post, names: Sequence[str]) -> str:
    paragraphs = [
        f"<p>{'<br>'.join(html.escape(line) for line in paragraph.splitlines())}</p>"
        for paragraph in re.split(r"\n\s*\n", post.text.strip())
        if paragraph
    ]
    if post.link:
        link = html.escape(post.link)
        paragraphs.append(f'<p><a href="{link}">{html.escape(post.title.strip()) or link}</a></p>')
    images = [_image(name, item) for name, item in zip(names, post.media, strict=True)]
    body = "\n".join([*paragraphs, *images])
    title = html.escape(subject_of(post, "{title}"))
    head = f'<head><meta charset="utf-8"><title>{title}</title></head>'
    return f"<!doctype html>\n<html>{head}\n<body>\n{body}\n</body></html>\n"


def _cid(number: int, names: Sequence[str]) -> str:
    if not 1 <= number <= len(names):
        raise PostRejected(
            f"The mail shows a picture {number}, and there are {len(names)}.",
            where=f"cid:picture-{number}",
            todo="Take it out of the letter, or add the picture.",
        )
    return f"cid:{names[number - 1]}"


def _image(name: str, item: PostMedia) -> str:
    # The width keeps mail programs that know no style sheets from showing a picture wider than the window.
    size = f' width="{min(item.width, 600)}"' if item.width else ""
    style = "max-width:100%;height:auto"
    return f'<p><img src="cid:{name}" alt="{html.escape(item.alt_text.strip())}"{size} style="{style}"></p>'


def _put_in(message: EmailMessage, post: Post, pictures: Mapping[str, bytes]) -> None:
    page = message.get_body(("html",))
    assert isinstance(page, EmailMessage)
    for number, ((name, data), item) in enumerate(zip(pictures.items(), post.media, strict=True), start=1):
        main, _, sub = item.media_type.partition("/")
        filename = f"picture-{number}.{_EXTENSIONS.get(item.media_type, sub)}"
        page.add_related(data, main, sub, cid=f"<{name}>", filename=filename, disposition="inline")
