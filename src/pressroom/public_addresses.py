"""Which IP addresses are public, and why another one is not. Pure.

The tables are our own: `ipaddress.is_global` says yes to 64:ff9b::127.0.0.1, 2002:7f00:1:: and ::127.0.0.1.
"""

from __future__ import annotations

from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

Address = IPv4Address | IPv6Address

# IANA IPv4 Special-Purpose Address Registry (RFC 6890), 2026-11-20; what it lists as globally reachable is left out
_NOT_PUBLIC_4 = {
    "0.0.0.0/8": "this machine itself",
    "10.0.0.0/8": "a private network",
    "100.64.0.0/10": "a provider's shared network",
    "127.0.0.0/8": "this machine itself (loopback)",
    "169.254.0.0/16": "link-local, where clouds keep their metadata",
    "172.16.0.0/12": "a private network",
    "192.0.0.0/24": "reserved for protocols",
    "192.0.2.0/24": "reserved for documentation",
    "192.88.99.0/24": "a relay that is no longer in use",
    "192.168.0.0/16": "a private network",
    "198.18.0.0/15": "reserved for benchmarks",
    "198.51.100.0/24": "reserved for documentation",
    "203.0.113.0/24": "reserved for documentation",
    "224.0.0.0/4": "multicast",
    "240.0.0.0/4": "reserved, or broadcast",
    # Looks public, and is answered by the host of a virtual machine: Microsoft Learn, What is 168.63.129.16, 2026-11-20
    "168.63.129.16/32": "a cloud's own service for its machines",
}

# IANA IPv6 Special-Purpose Address Registry, 2026-11-20; the first that holds an address says why
_NOT_PUBLIC_6 = {
    "::1/128": "this machine itself (loopback)",
    "::/128": "this machine itself (unspecified)",
    "::ffff:0:0/96": "an IPv4 address written as IPv6",
    "::ffff:0:0:0/96": "an IPv4 address written as IPv6",
    "::/96": "an IPv4 address written as IPv6",
    "64:ff9b:1::/48": "a translation of a private network",
    "100::/64": "where everything is discarded",
    "2001::/32": "a tunnel (Teredo)",
    "2001:db8::/32": "reserved for documentation",
    "2001::/23": "reserved for protocols",
    "2002::/16": "a tunnel (6to4)",
    "3fff::/20": "reserved for documentation",
    "fc00::/7": "a private network (unique local)",
    "fe80::/10": "link-local",
    "fec0::/10": "a private network (site-local)",
    "ff00::/8": "multicast",
}
_PUBLIC_6 = "2000::/3"
"""All that is given out for public use; RFC 4291, section 2.4."""
_TRANSLATED = "64:ff9b::/96"
"""How a network without IPv4 writes an IPv4 address (RFC 6052); as public as that one."""
_INTERFACE_OF_A_TUNNEL = (0x00005EFE, 0x02005EFE)
"""ISATAP (RFC 5214): what follows is an IPv4 address to which everything is sent."""
_METADATA_4 = ("169.254.0.0/16", "168.63.129.16/32")
_METADATA_6 = "fd00:ec2::254"
"""Of AWS: Amazon EC2 User Guide, Use IMDS, 2026-11-20."""
_LINK_LOCAL_6 = "fe80::/10"
_HOLD_IPV4 = ("::ffff:0:0/96", "::ffff:0:0:0/96", "::/96", _TRANSLATED)


def why_not_public(address: Address) -> str:
    """Return what kind of place an address is, with its range, if it is not public; empty if it is."""
    if isinstance(address, IPv4Address):
        return _first(address, _networks_4())
    if address.scope_id:
        return f"{address} is bound to one interface of this machine"
    if address in IPv6Network(_TRANSLATED):
        return _inner(address)
    if why := _first(address, _networks_6()):
        return why
    if address not in IPv6Network(_PUBLIC_6):
        return f"not given out for public use (outside {_PUBLIC_6})"
    if int(address) >> 32 & 0xFFFFFFFF in _INTERFACE_OF_A_TUNNEL:
        return _inner(address)
    return ""


def is_metadata(address: Address) -> bool:
    """Say whether an address is link-local or a cloud's own: what gives keys away to whoever asks on the machine."""
    if isinstance(address, IPv6Address):
        if address in IPv6Network(_LINK_LOCAL_6) or address.compressed == _METADATA_6:
            return True
        if not any(address in IPv6Network(network) for network in _HOLD_IPV4):
            return False
        address = IPv4Address(int(address) & 0xFFFFFFFF)
    return any(address in IPv4Network(network) for network in _METADATA_4)


def _inner(address: IPv6Address) -> str:
    """Judge the IPv4 address at the end of one of IPv6."""
    why = why_not_public(IPv4Address(int(address) & 0xFFFFFFFF))
    return why and f"an IPv4 address written as IPv6: {why}"


def _first(address: Address, networks: dict[IPv4Network, str] | dict[IPv6Network, str]) -> str:
    return next((f"{why}, {network}" for network, why in networks.items() if address in network), "")


@cache
def _networks_4() -> dict[IPv4Network, str]:
    return {IPv4Network(network): why for network, why in _NOT_PUBLIC_4.items()}


@cache
def _networks_6() -> dict[IPv6Network, str]:
    return {IPv6Network(network): why for network, why in _NOT_PUBLIC_6.items()}
