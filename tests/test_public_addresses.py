"""Which addresses are public: a table of those that are not, and of those that are."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, ip_address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pressroom.public_addresses import why_not_public

NOT_PUBLIC = [
    ("0.0.0.0", "this machine"),
    ("0.1.2.3", "this machine"),
    ("10.255.255.255", "a private network, 10.0.0.0/8"),
    ("100.64.0.1", "a provider's shared network"),
    ("100.100.100.200", "a provider's shared network"),
    ("100.127.255.255", "a provider's shared network"),
    ("127.0.0.1", "loopback"),
    ("127.255.255.254", "loopback"),
    ("168.63.129.16", "a cloud's own service"),
    ("169.254.169.254", "link-local"),
    ("172.16.0.1", "a private network"),
    ("172.31.255.255", "a private network"),
    ("192.0.0.192", "reserved for protocols"),
    ("192.0.2.1", "documentation"),
    ("192.88.99.1", "a relay"),
    ("192.168.255.255", "a private network"),
    ("198.19.255.255", "benchmarks"),
    ("198.51.100.1", "documentation"),
    ("203.0.113.255", "documentation"),
    ("224.0.0.1", "multicast"),
    ("239.255.255.250", "multicast"),
    ("240.0.0.1", "reserved"),
    ("255.255.255.255", "reserved, or broadcast"),
    ("::", "unspecified"),
    ("::1", "loopback"),
    ("::127.0.0.1", "an IPv4 address written as IPv6"),
    ("::8.8.8.8", "an IPv4 address written as IPv6"),
    ("::ffff:127.0.0.1", "an IPv4 address written as IPv6"),
    ("::ffff:8.8.8.8", "an IPv4 address written as IPv6"),
    ("::ffff:0:127.0.0.1", "an IPv4 address written as IPv6"),
    ("64:ff9b::127.0.0.1", "an IPv4 address written as IPv6: this machine itself"),
    ("64:ff9b::169.254.169.254", "an IPv4 address written as IPv6: link-local"),
    ("64:ff9b:1::a00:1", "a translation of a private network"),
    ("100::1", "discarded"),
    ("2001::1", "Teredo"),
    ("2001:0:7f00:1::", "Teredo"),
    ("2001:1::1", "reserved for protocols"),
    ("2001:20::1", "reserved for protocols"),
    ("2001:db8::1", "documentation"),
    ("2002:7f00:1::", "6to4"),
    ("2002:808:808::", "6to4"),
    ("3fff::1", "documentation"),
    ("2606:4700::5efe:10.0.0.1", "an IPv4 address written as IPv6: a private network"),
    ("2606:4700::200:5efe:127.0.0.1", "an IPv4 address written as IPv6: this machine itself"),
    ("4000::1", "not given out for public use"),
    ("5f00::1", "not given out for public use"),
    ("fc00::1", "unique local"),
    ("fd00:ec2::254", "unique local"),
    ("fe80::1", "link-local"),
    ("fe80::1%2", "bound to one interface"),
    ("2606:4700::1111%eth0", "bound to one interface"),
    ("fec0::1", "site-local"),
    ("ff02::1", "multicast"),
]
PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.0",
    "192.167.255.255",
    "192.169.0.0",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "2001:200::1",
    "2001:4860:4860::8888",
    "2606:4700::1111",
    "2a00:1450:4001::5",
    "64:ff9b::8.8.8.8",
    "2606:4700::5efe:8.8.8.8",
]


@pytest.mark.parametrize(("address", "why"), NOT_PUBLIC)
def test_what_is_not_public_says_why(address: str, why: str) -> None:
    assert why in why_not_public(ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_what_is_public_is_not_refused(address: str) -> None:
    assert why_not_public(ip_address(address)) == ""


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_no_ipv4_address_is_public_that_the_standard_library_knows_as_private(number: int) -> None:
    address = IPv4Address(number)
    if not address.is_global or address.is_multicast or address in IPv4Network("240.0.0.0/4"):
        assert why_not_public(address) or address in IPv4Network("192.0.0.9/32") or address == IPv4Address("192.0.0.10")


@settings(deadline=None)
@given(st.integers(0, 2**128 - 1))
def test_no_ipv6_address_is_public_that_the_standard_library_knows_as_private(number: int) -> None:
    address = IPv6Address(number)
    if not address.is_global or address.is_multicast:
        assert why_not_public(address)


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_a_translated_address_is_as_public_as_the_one_that_it_translates(number: int) -> None:
    wrapped = IPv6Address(int(IPv6Address("64:ff9b::")) + number)
    assert bool(why_not_public(wrapped)) == bool(why_not_public(IPv4Address(number)))
