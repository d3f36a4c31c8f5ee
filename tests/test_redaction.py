"""Secrets are taken out of text, known ones and those that look like one."""

from __future__ import annotations

import base64
import html
import json
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressroom.redaction import REDACTED, redact, redactor

SECRET = 'gX7/+k=9 "äß\\Zq%3'


@pytest.mark.parametrize(
    "form",
    [
        SECRET,
        quote(SECRET),
        quote(SECRET, safe=""),
        quote(SECRET, safe="").lower().replace("gx7", "gX7").replace("zq", "Zq"),
        quote_plus(SECRET),
        quote(quote(SECRET, safe="~"), safe=""),
        json.dumps(SECRET)[1:-1],
        json.dumps(SECRET, ensure_ascii=False)[1:-1],
        json.dumps(json.dumps(SECRET))[3:-3],
        repr(SECRET)[1:-1],
        repr(SECRET.encode())[2:-1],
        html.escape(SECRET),
        base64.b64encode(SECRET.encode()).decode().rstrip("="),
        base64.urlsafe_b64encode(SECRET.encode()).decode().rstrip("="),
        SECRET.encode().hex(),
    ],
)
def test_a_known_secret_is_taken_out_in_every_form(form: str) -> None:
    shown = redact(f"before {form} after", [SECRET])
    assert form not in shown
    assert form[4:-4] not in shown
    assert shown.startswith("before ")
    assert shown.endswith(" after")
    assert REDACTED in shown


@pytest.mark.parametrize("user", ["u", "us", "use", "user"])
def test_a_password_inside_basic_credentials_is_taken_out(user: str) -> None:
    encoded = base64.b64encode(f"{user}:correct-horse-battery".encode()).decode()
    shown = redact(f"sent {encoded} to the server", ["correct-horse-battery"])
    assert encoded[6:-4] not in shown
    assert REDACTED in shown


@given(
    secret=st.text(
        st.characters(min_codepoint=33, max_codepoint=0x24F, exclude_characters="•"), min_size=8, max_size=60
    ),
    before=st.text(max_size=10),
)
def test_no_secret_survives_whatever_it_is_made_of(secret: str, before: str) -> None:
    take_out = redactor([secret])
    for form in (secret, quote(secret), json.dumps(secret)):
        assert secret not in take_out(before + form)
        assert quote(secret, safe="") not in take_out(before + form)


def test_a_secret_that_begins_like_another_leaves_no_rest() -> None:
    assert redact("key abcdefgh-long-tail", ["abcdefgh", "abcdefgh-long-tail"]) == f"key {REDACTED}"


def test_a_short_secret_is_only_taken_out_where_it_stands_alone() -> None:
    assert redact("pet, carpet and pet-shop", ["pet"]) == f"{REDACTED}, carpet and {REDACTED}-shop"


def test_every_line_of_a_secret_of_several_lines_is_taken_out() -> None:
    key = "-----BEGIN X-----\nMIIEvQIBADANBgkqhkiG9w0B\nAQEFAASCBKcwggSjAgEAAoIB\n-----END X-----"
    assert redact("in a log: AQEFAASCBKcwggSjAgEAAoIB.", [key]) == f"in a log: {REDACTED}."


def test_an_empty_secret_changes_nothing() -> None:
    assert redact("nothing to hide", ["", " "]) == "nothing to hide"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Authorization: Bearer abc", "Authorization: •••"),
        ('{"Authorization": "Bearer abc.def-123"}', '{"Authorization": "•••"}'),
        ("{'authorization': 'Basic dXNlcjpwYXNz'}", "{'authorization': '•••'}"),
        ("(b'Authorization', b'Bearer abc')", "(b'Authorization', b'•••')"),
        ('Authorization: OAuth oauth_token="x", oauth_signature="y"\nHost: h', "Authorization: •••\nHost: h"),
        ("it sent Bearer eJxNjk1 to it", "it sent Bearer ••• to it"),
        ("it sent Basic dXNlcjpwYXNz to it", "it sent Basic ••• to it"),
        ("GET /x?access_token=abc&page=1", "GET /x?access_token=•••&page=1"),
        ('{"access_token": "a\\"bc", "n": 1}', '{"access_token": "•••", "n": 1}'),
        ('"{\\"refresh_token\\": \\"abc\\", \\"n\\": 1}"', '"{\\"refresh_token\\": \\"•••\\", \\"n\\": 1}"'),
        ("client_secret='s3cret'", "client_secret='•••'"),
        ("X-Api-Key: 0123456789", "X-Api-Key: •••"),
        ("PRESSROOM_SECRET__GENERATORS__ART__API_KEY=abc", "PRESSROOM_SECRET__GENERATORS__ART__API_KEY=•••"),
        ("/assets/a.jpg?expires=2&signature=abcdef", "/assets/a.jpg?expires=2&signature=•••"),
        ("https://user:pass@example.org/x", "https://•••@example.org/x"),
        ("Incorrect API key provided: sk-abc*****wxyz. Find", "Incorrect API key provided: sk-•••. Find"),
        (f"a key pr_0123456789ab_{'0f' * 32} of ours", "a key pr_0123456789ab_••• of ours"),
        ("a JWT eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln", "a JWT •••"),
        ("-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY----- rest", "-----BEGIN PRIVATE KEY-----••• rest"),
        ("cut off: -----BEGIN RSA PRIVATE KEY-----\nabc", "cut off: -----BEGIN RSA PRIVATE KEY-----•••"),
    ],
)
def test_what_looks_like_a_credential_is_taken_out(text: str, shown: str) -> None:
    assert redact(text, []) == shown
    assert redact(shown, []) == shown


@pytest.mark.parametrize(
    "text",
    [
        "[generators.art] api_key: this setting is missing",
        "Run `pressroom secrets set generators.art.api_key`.",
        "The variable PRESSROOM_SECRET_KEY is set.",
        "Bearer authentication is needed; Basic authentication failed.",
        "input_tokens: 1204, output_tokens=439, max_output_tokens: 2280",
        "task-force-of-many, risk-averse",
        "https://example.org/a?b=c@d",
        "OAuth 2 authorization: connect the channel again",
        "token=None, secret: null",
    ],
)
def test_ordinary_words_are_left_alone(text: str) -> None:
    assert redact(text, []) == text
