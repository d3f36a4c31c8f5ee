"""E-mail addresses and phone numbers, told from dates, sizes and prices."""

from __future__ import annotations

import pytest

from pressroom.generators.offline_judging.personal_data import personal_data


@pytest.mark.parametrize(
    "text",
    [
        "+49 170 1234567", "+49 (0)170 123 45 67", "0049 170 1234567", "0170 1234567", "0170/1234567", "030-123456-78",
        "02 34 56 78 90", "02.34.56.78.90", "+1 212 555 0134", "(212) 555-0134", "212-555-0134", "212.555.0134",
        "+442079460958", "020 7946 0958", "+39 02 1234 5678", "+４９ １７０ １２３４５６７", "Tel.:0170 1234567",
    ],
)  # fmt: skip
def test_a_phone_number_is_flagged_by_its_last_digits(text: str) -> None:
    (flag,) = personal_data(f"Call {text} now")
    assert flag.category == "personal data"
    assert flag.why.startswith("There is a phone number that ends in ")


@pytest.mark.parametrize("text", ["mira@shop.example", "Mira.K+x@mail.shop.example", "<mira@shop.example>,"])
def test_an_e_mail_address_is_flagged_by_its_host(text: str) -> None:
    (flag,) = personal_data(text)
    assert flag.why.startswith("There is an e-mail address at ")
    assert flag.why.endswith("shop.example.")


@pytest.mark.parametrize(
    "text",
    [
        "On 05/11/2026 18:00 and 2026-10-31 12:30", "05.11.2026 19.30 Uhr", "1080x1350, 1920 × 1080",
        "f/2.8, 1/250, ISO 100",
        "1.000.000 or 1,000,000 people", "12345678901", "0.50 EUR", "ISBN 978-0-306-40615-7",
        "@mira, @shop.example",
        "https://shop.example/0170/1234567", "24/7", "0-100 in 3.2 s", "007", "2024 2025 2026", "#20261031",
    ],
)  # fmt: skip
def test_other_numbers_pass(text: str) -> None:
    assert personal_data(text) == []
