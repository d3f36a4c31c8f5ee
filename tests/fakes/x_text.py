"""How X counts and shows text: weights, links as t.co, HTML escapes. Written apart from the publisher's own count."""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from dataclasses import dataclass

MAX_WEIGHTED_LENGTH = 280
MAX_LONG_POST_LENGTH = 25_000  # with Premium; docs.x.com counting characters, 2026-11-20
LINK_LENGTH = 23
SINGLE_WEIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))  # twitter-text config v3, 2026-11-20

# Without a scheme X looks at the last label of a domain; these are the most used of some 1,400.
_GENERIC = (
    "com org net edu gov mil int info biz app dev blog shop site online page news photo photos photography art "
    "design cloud world life live today store tech xyz top club studio museum agency digital email guide media "
    "network press space video wiki work works zone fun game games house love name one pro social style team "
    "tips tools travel website"
).replace(" ", "|")
_COUNTRIES = (
    "ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca "
    "cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo "
    "fr ga gd ge gf gg gh gi gl gm gn gp gq gr gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm "
    "jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp "
    "mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw "
    "py qa re ro rs ru rw sa sb sc sd se sg sh si sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl "
    "tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw"
).replace(" ", "|")
_ASCII_LABELS = r"(?:[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?\.)+"
_BARE = rf"(?<![a-z0-9_.@#$/-]){_ASCII_LABELS}(?:{_GENERIC}|{_COUNTRIES})(?![a-z0-9_@-]|\.[a-z0-9])"
_WITH_SCHEME = rf"https?://(?:{_ASCII_LABELS}[a-z]{{2,}}|(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{{2,}})"
_LINK = re.compile(rf"(?:{_WITH_SCHEME}|{_BARE})(?::\d+)?(?:[/?#][^\s<>\"“”‘’]*)?", re.IGNORECASE)
_TRAILING = ".,;:!?]}'"
_PICTURE = "[©®‼⁉\u2100-\u27bf\u2900-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
_EMOJI = re.compile(
    "[\U0001f1e6-\U0001f1ff]{2}|[#*0-9]\ufe0f?\u20e3|"
    f"{_PICTURE}[\ufe0f\U0001f3fb-\U0001f3ff]*[\U000e0020-\U000e007f]*"
    f"(?:\u200d{_PICTURE}[\ufe0f\U0001f3fb-\U0001f3ff]*)*"
)


@dataclass(frozen=True)
class Link:
    """A link in a text, and what it is replaced with."""

    start: int
    end: int
    url: str
    short_url: str


def find_links(text: str) -> list[Link]:
    """Every link that X would shorten, with or without a scheme."""
    links = []
    for match in _LINK.finditer(text):
        url = match.group().rstrip(_TRAILING)
        while url.endswith(")") and url.count("(") < url.count(")"):
            url = url[:-1].rstrip(_TRAILING)
        links.append(Link(match.start(), match.start() + len(url), url, short_link(url)))
    return links


def short_link(what: str) -> str:
    """The t.co link of a URL or a media key: 23 characters, always the same for the same thing."""
    return "https://t.co/" + hashlib.sha256(what.encode()).hexdigest()[:10]


def weighted_length(text: str) -> int:
    """The length that counts against 280."""
    text = unicodedata.normalize("NFC", text)
    total, position = 0, 0
    for link in find_links(text):
        total += _weigh(text[position : link.start]) + LINK_LENGTH
        position = link.end
    return total + _weigh(text[position:])


def shown_text(text: str, media_keys: list[str]) -> str:
    """The text as the API gives it back: links shortened, the media's link at the end, `& < >` escaped."""
    text = unicodedata.normalize("NFC", text)
    parts, position = [], 0
    for link in find_links(text):
        parts += [text[position : link.start], link.short_url]
        position = link.end
    shown = "".join([*parts, text[position:]])
    if media_keys:
        shown = f"{shown} {short_link(media_keys[0])}".lstrip()
    return html.escape(shown, quote=False)


def _weigh(text: str) -> int:
    plain, emoji = _EMOJI.subn("", text)
    return 2 * emoji + sum(1 if _is_single(ord(character)) else 2 for character in plain)


def _is_single(point: int) -> bool:
    return any(first <= point <= last for first, last in SINGLE_WEIGHT)
