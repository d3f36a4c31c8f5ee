"""An address has its scheme, and one on which credentials can be read is told."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from pressroom.base_urls import BaseUrl, warnings_about

ADDRESS: TypeAdapter[str] = TypeAdapter(BaseUrl)


@pytest.mark.parametrize(
    ("given", "kept"), [("https://a.example/", "https://a.example"), ("http://127.0.0.1:80", "http://127.0.0.1:80")]
)
def test_an_address_is_kept_without_a_slash_at_its_end(given: str, kept: str) -> None:
    assert ADDRESS.validate_python(given) == kept


@pytest.mark.parametrize("wrong", ["", "a.example", "ftp://a.example", "//a.example"])
def test_what_has_no_scheme_of_the_web_is_no_address(wrong: str) -> None:
    with pytest.raises(ValidationError):
        ADDRESS.validate_python(wrong)


@pytest.mark.parametrize("safe", ["https://a.example", "http://127.0.0.1:8080", "http://localhost", "http://[::1]"])
def test_nothing_is_said_of_an_encrypted_or_local_address(safe: str) -> None:
    assert warnings_about(safe) == []


def test_an_open_address_is_a_warning_and_no_error() -> None:
    [finding] = warnings_about("http://a.example")
    assert finding.ok
    assert "https://" in finding.todo
