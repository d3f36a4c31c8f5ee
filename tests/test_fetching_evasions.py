"""Ways to make a program fetch what is not public: each is refused for its own reason, and nothing is connected to."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from ipaddress import ip_address
from typing import Any, NoReturn

import httpcore
import pytest

from pressroom.config import Fetch
from pressroom.errors import BadInput, ConfigurationError
from pressroom.fetching import Fetching
from pressroom.public_addresses import Address
from pressroom.testing import ManualClock
from tests.raw_server import RawServer, answer

NUMBER = "its host is a number written in an unusual way"
PERCENT = "a percent sign stands in its host"
NO_HOST = "it names no host"
SCHEME = "it does not begin with https:// or http://"
USER = "a user name stands before its host"
NO_NAME = "its host is no name that there can be"
UNREADABLE = "its host or port cannot be read"
THIS_NAME = "its name is that of this machine itself"
SHORT = "its name is short for a host in the own network"
LOOPBACK = r"it is an address that is not public \(this machine itself \(loopback\), 127.0.0.0/8\)"
IN_IPV6 = r"it is an address that is not public \(an IPv4 address written as IPv6"

EVASIONS = [
    # Loopback, plainly and in disguise
    ("http://127.0.0.1/", LOOPBACK),
    ("http://127.0.0.1:80/", LOOPBACK),
    ("https://127.8.8.8/", LOOPBACK),
    ("HTTP://127.0.0.1/", LOOPBACK),
    ("http://2130706433/", NUMBER),
    ("http://017700000001/", NUMBER),
    ("http://0x7f000001/", NUMBER),
    ("http://0X7F000001/", NUMBER),
    ("http://0x7f.1/", NUMBER),
    ("http://0177.0.0.1/", NUMBER),
    ("http://127.0.0.0x1/", NUMBER),
    ("http://127.1/", NUMBER),
    ("http://127.0.1/", NUMBER),
    ("http://0/", NUMBER),
    ("http://127.0.0.1./", NUMBER),
    ("http://127.0.0.1.1/", NUMBER),
    ("http://127.0.0.01/", NUMBER),
    ("http://127.0.0.256/", NUMBER),
    ("http://4294967297/", NUMBER),
    ("http://127%2e0%2e0%2e1/", PERCENT),
    ("http://%31%32%37.0.0.1/", PERCENT),
    ("http://127.0.0.1%00.example.com/", PERCENT),
    ("http://%6c%6f%63alhost/", PERCENT),
    ("http://１２７.０.０.１/", NUMBER),
    ("http://127。0。0。1/", NUMBER),
    ("http://127．0．0．1/", NUMBER),
    ("http://①②⑦.⓪.⓪.①/", NUMBER),
    ("http://127.0.0.¹/", NUMBER),
    ("http://⑯⑨。②⑤④。⑯⑨｡②⑤④/", NUMBER),
    ("http://١٢٧.0.0.1/", NO_NAME),
    ("http://..127.0.0.1/", NUMBER),
    # This machine by name
    ("http://localhost/", THIS_NAME),
    ("http://LOCALHOST/", THIS_NAME),
    ("http://localhost./", THIS_NAME),
    ("http://any.localhost/", THIS_NAME),
    ("http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/", THIS_NAME),
    ("http://ｌocalhost/", THIS_NAME),
    ("http://local\u00adhost/", THIS_NAME),
    ("http://ip6-localhost/", SHORT),
    ("http://intranet/", SHORT),
    ("http://router./", SHORT),
    # IPv6
    ("http://[::1]/", "this machine itself"),
    ("http://[0:0:0:0:0:0:0:1]/", "this machine itself"),
    ("http://[::]/", "unspecified"),
    ("http://[::ffff:127.0.0.1]/", IN_IPV6),
    ("http://[::ffff:7f00:1]/", IN_IPV6),
    ("http://[0:0:0:0:0:FFFF:7F00:0001]/", IN_IPV6),
    ("http://[::127.0.0.1]/", IN_IPV6),
    ("http://[::ffff:0:127.0.0.1]/", IN_IPV6),
    ("http://[64:ff9b::127.0.0.1]/", IN_IPV6),
    ("http://[64:ff9b::a9fe:a9fe]/", IN_IPV6),
    ("http://[64:ff9b:1::10.0.0.1]/", "a translation of a private network"),
    ("http://[2002:7f00:1::]/", "6to4"),
    ("http://[2002:a9fe:a9fe::1]/", "6to4"),
    ("http://[2001:0:53aa:64c:0:0:80ff:fffe]/", "Teredo"),
    ("http://[fd00:ec2::254]/", "unique local"),
    ("http://[fc00::1]/", "unique local"),
    ("http://[fe80::1]/", "link-local"),
    ("http://[fe80::1%25eth0]/", PERCENT),
    ("http://[fe80::1%eth0]/", PERCENT),
    ("http://[::1%25lo]/", PERCENT),
    ("http://[fec0::1]/", "site-local"),
    ("http://[ff02::1]/", "multicast"),
    ("http://[100::1]/", "discarded"),
    ("http://[2001:db8::1]/", "documentation"),
    ("http://[3fff::1]/", "documentation"),
    ("http://[5f00::1]/", "not given out for public use"),
    ("http://[::1]example.com/", UNREADABLE),
    ("http://example.com[::1]/", UNREADABLE),
    ("http://[::1/", UNREADABLE),
    ("http://[[::1]]/", UNREADABLE),
    ("http://[127.0.0.1]/", UNREADABLE),
    ("http://[v1.a]/", UNREADABLE),
    ("http://[]/", UNREADABLE),
    # The ranges of IPv4 that are not public
    ("http://0.0.0.0/", "this machine itself"),
    ("http://10.1.2.3/", "a private network, 10.0.0.0/8"),
    ("http://100.64.0.1/", "a provider's shared network"),
    ("http://172.16.0.1/", "a private network, 172.16.0.0/12"),
    ("http://192.0.0.1/", "reserved for protocols"),
    ("http://192.0.2.1/", "documentation"),
    ("http://192.168.1.1/", "a private network, 192.168.0.0/16"),
    ("http://198.18.0.1/", "benchmarks"),
    ("http://224.0.0.1/", "multicast"),
    ("http://240.0.0.1/", "reserved"),
    ("http://255.255.255.255/", "broadcast"),
    # Metadata of clouds
    ("http://169.254.169.254/latest/meta-data/", "where clouds keep their metadata"),
    ("http://100.100.100.200/latest/meta-data/", "a provider's shared network"),
    ("http://192.0.0.192/opc/v2/", "reserved for protocols"),
    ("http://168.63.129.16/machine", "a cloud's own service"),
    ("http://metadata.google.internal/computeMetadata/v1/", "its name leads to an address that is not public"),
    # Names that lead there
    ("http://private.example/", r"its name leads to an address that is not public \(a private network, 10.0.0.0/8\)"),
    ("http://127.0.0.1.nip.example/", "its name leads to an address that is not public"),
    ("http://mixed.example/", "its name leads to an address that is not public"),
    ("http://six.example/", "unique local"),
    ("http://mapped.example/", "an IPv4 address written as IPv6"),
    ("http://scoped.example/", "bound to one interface"),
    # User names, and where the host begins
    ("http://public.example@127.0.0.1/", USER),
    ("http://127.0.0.1@public.example/", USER),
    ("http://user:secret@public.example/", USER),
    ("http://@public.example/", USER),
    ("http://public.example:80@127.0.0.1:80/", USER),
    ("http://public.example%40127.0.0.1/", PERCENT),
    ("http://127.0.0.1#@public.example/", LOOPBACK),
    ("http://127.0.0.1?@public.example/", LOOPBACK),
    ("http://127.0.0.1\\@public.example/", r"U\+005C may not stand in a URL"),
    ("http:\\\\127.0.0.1\\", r"U\+005C may not stand in a URL"),
    ("http://public.example\\.private.example/", r"U\+005C may not stand in a URL"),
    ("http://public.example\t@127.0.0.1/", r"U\+0009 may not stand in a URL"),
    ("http://127.0.\n0.1/", r"U\+000A may not stand in a URL"),
    ("ht\ntp://127.0.0.1/", r"U\+000A may not stand in a URL"),
    ("http://public.example/\r\nHost: 127.0.0.1", r"U\+000D may not stand in a URL"),
    ("http://public.example/ HTTP/1.1", r"U\+0020 may not stand in a URL"),
    ("http://127.0.0.1\0.public.example/", r"U\+0000 may not stand in a URL"),
    ("http://public.example/\ud800", r"U\+D800 may not stand in a URL"),
    # Ports
    ("http://public.example:22/", "only the ports 80 and 443 are fetched from, not 22"),
    ("http://public.example:6379/", "not 6379"),
    ("https://public.example:8443/", "not 8443"),
    ("http://public.example:0/", "not 0"),
    ("http://public.example:65616/", "not 65616"),
    ("http://public.example:-80/", UNREADABLE),
    ("http://public.example:80:80/", UNREADABLE),
    ("http://public.example:８０/", UNREADABLE),
    ("http://public.example:http/", UNREADABLE),
    ("http://public.example:800000000080/", UNREADABLE),
    # Schemes
    ("file:///etc/passwd", SCHEME),
    ("file://localhost/etc/passwd", SCHEME),
    ("ftp://public.example/", SCHEME),
    ("gopher://127.0.0.1:6379/_INFO", SCHEME),
    ("data:text/html,<h1>Lamp</h1>", SCHEME),
    ("javascript:alert(1)", SCHEME),
    ("unix:///var/run/docker.sock", SCHEME),
    ("http+unix://%2Fvar%2Frun%2Fdocker.sock/", SCHEME),
    ("ws://public.example/", SCHEME),
    ("jar:http://127.0.0.1!/", SCHEME),
    ("view-source:http://127.0.0.1/", SCHEME),
    ("//127.0.0.1/", SCHEME),
    ("/etc/passwd", SCHEME),
    ("127.0.0.1", SCHEME),
    ("public.example", SCHEME),
    ("", SCHEME),
    # No host, and none that there can be
    ("http://", NO_HOST),
    ("http:///etc/passwd", NO_HOST),
    ("http://:80/", NO_HOST),
    ("http://?", NO_HOST),
    ("http:127.0.0.1", SCHEME),
    ("http:/127.0.0.1/", SCHEME),
    ("http:////127.0.0.1/", NO_HOST),
    ("http://./", NO_NAME),
    ("http://public..example/", NO_NAME),
    ("http://-public.example/", NO_NAME),
    ("http://pub!ic.example/", NO_NAME),
    (f"http://{'a' * 64}.example/", NO_NAME),
    (f"http://{'abcdefgh.' * 40}example/", NO_NAME),
    (f"http://public.example/{'a' * 8000}", "it has 8,022 characters, more than 8,000"),
]

ANSWERS = {
    "metadata.google.internal": ["169.254.169.254"],
    "private.example": ["10.0.0.5"],
    "127.0.0.1.nip.example": ["127.0.0.1"],
    "mixed.example": ["93.184.216.34", "2606:4700::1111", "192.168.0.9"],
    "six.example": ["fd00::1"],
    "mapped.example": ["::ffff:10.0.0.1"],
    "scoped.example": ["2606:4700::1111%1"],
    "public.example": ["93.184.216.34"],
}


class Reached(Exception):
    """Something was connected to."""


class NoNetwork(httpcore.NetworkBackend):
    """Remembers what was to be connected to, and connects to nothing."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int]] = []

    def connect_tcp(self, host: str, port: int, *rest: Any, **more: Any) -> NoReturn:
        self.asked.append((host, port))
        raise Reached(f"{host}:{port}")


def resolved(host: str, port: int, seconds: float) -> Sequence[Address]:
    return [ip_address(answer) for answer in ANSWERS[host]]


def guarded(*allow_hosts: str, resolve: Any = resolved, network: Any = None) -> Fetching:
    return Fetching(Fetch(allow_hosts=allow_hosts), ManualClock(), resolve=resolve, network=network or NoNetwork())


@pytest.mark.parametrize(("url", "reason"), EVASIONS)
def test_an_evasion_is_refused_for_its_own_reason(url: str, reason: str) -> None:
    with pytest.raises(BadInput, match=reason) as refused:
        guarded().get(url)
    assert "is not fetched" in str(refused.value)
    assert "secret" not in repr(refused.value)


def test_the_table_is_long() -> None:
    assert len({url for url, _ in EVASIONS}) == len(EVASIONS) >= 60


@pytest.mark.parametrize(
    "url",
    [
        "http://public.example/",
        "https://public.example",
        "https://public.example:80/",
        " https://PUBLIC.example./a?b=c#d\n",
        "http://93.184.216.34/",
        "http://[2606:4700::1111]:443/",
        "https://public.example/café?q=ü",
    ],
)
def test_what_is_public_is_connected_to(url: str) -> None:
    with pytest.raises(Reached):
        guarded().get(url)


@pytest.mark.parametrize(
    ("url", "known_as"),
    [
        ("http://bücher.example/", "xn--bcher-kva.example"),
        ("http://straße.example/", "xn--strae-oqa.example"),
        ("http://例え.example/", "xn--r8jz45g.example"),
        ("http://PUBLIC.example./", "public.example"),
        ("http://shop_1.example/", "shop_1.example"),
    ],
)
def test_a_name_is_resolved_in_one_spelling(url: str, known_as: str) -> None:
    asked: list[str] = []

    def resolve(host: str, port: int, seconds: float) -> Sequence[Address]:
        asked.append(host)
        return [ip_address("93.184.216.34")]

    with pytest.raises(Reached):
        guarded(resolve=resolve).get(url)
    assert asked == [known_as]


def test_an_answer_that_changes_after_it_was_checked_changes_nothing() -> None:
    answers = [["93.184.216.34"], ["127.0.0.1"], ["127.0.0.1"]]
    network = NoNetwork()

    def resolve(host: str, port: int, seconds: float) -> Sequence[Address]:
        return [ip_address(address) for address in answers.pop(0)]

    with pytest.raises(Reached):
        guarded(resolve=resolve, network=network).get("http://rebinding.example/")
    assert network.asked == [("93.184.216.34", 80)]
    assert len(answers) == 2


def test_no_name_reaches_the_system_where_it_would_be_resolved_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def getaddrinfo(host: str, *rest: Any, **more: Any) -> NoReturn:
        asked.append(host)
        raise OSError("not here")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with pytest.raises(Exception, match="no connection could be made"):
        guarded(network=httpcore.SyncBackend()).get("http://public.example/")
    assert asked == ["93.184.216.34"]


REDIRECTS = [
    ("http://127.0.0.1/", "not public"),
    ("http://169.254.169.254/latest/meta-data/", "where clouds keep their metadata"),
    ("http://[::1]/", "loopback"),
    ("http://2130706433/", NUMBER),
    ("http://private.example/", "its name leads to an address that is not public"),
    ("http://metadata.google.internal/", "its name leads to an address that is not public"),
    ("//127.0.0.1/", "not public"),
    ("//localhost/", THIS_NAME),
    ("https://127.0.0.1/", "not public"),
    ("file:///etc/passwd", SCHEME),
    ("ftp://public.example/", SCHEME),
    ("gopher://127.0.0.1:6379/_INFO", SCHEME),
    ("data:text/html,Lamp", SCHEME),
    ("javascript:alert(1)", SCHEME),
    ("http://user:secret@public.example/", USER),
    ("//user@public.example/", USER),
    ("http://public.example:22/", "not 22"),
    ("http://127.0.0.1\\@public.example/", "backslash"),
    ("/\\127.0.0.1/", "backslash"),
    ("\\\\127.0.0.1\\", "backslash"),
    ("/\t/127.0.0.1/", "a tab"),
    ("h\tttp://127.0.0.1/", "a tab"),
    ("http://[::1", UNREADABLE),
    ("http://#", "circle"),
]


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
def test_every_kind_of_redirect_is_checked(status: str) -> None:
    with (
        RawServer(lambda path: [answer(b"", "Location: http://127.0.0.1/", status=status)]) as server,
        pytest.raises(BadInput, match=f"http://127.0.0.1/, where {server.url}/ leads, is not fetched: .*loopback"),
    ):
        guarded(server.entry, network=OnlyTo(server)).get(server.url)


@pytest.mark.parametrize(("location", "reason"), REDIRECTS)
def test_where_a_redirect_leads_is_checked_as_if_it_had_been_asked_for(location: str, reason: str) -> None:
    with RawServer(lambda path: [answer(b"", f"Location: {location}", status="302 Found")]) as server:
        network = OnlyTo(server)
        with pytest.raises(BadInput, match=reason) as refused:
            guarded(server.entry, network=network).get(server.url)
    assert len(server.requests) == 1
    assert network.asked == [("127.0.0.1", server.port)]
    assert "secret" not in str(refused.value)


def test_a_redirect_from_an_allowed_host_to_its_neighbour_on_another_port_is_refused() -> None:
    with RawServer(lambda path: [answer(b"mine")]) as neighbour:
        away = answer(b"", f"Location: {neighbour.url}/", status="302 Found")
        with (
            RawServer(lambda path: [away]) as server,
            pytest.raises(BadInput, match=f"only the ports 80 and 443 are fetched from, not {neighbour.port}"),
        ):
            guarded(server.entry, network=httpcore.SyncBackend()).get(server.url)
        assert neighbour.requests == []


def test_an_allowed_host_is_allowed_as_it_is_written_and_in_no_other_way() -> None:
    fetching = guarded("127.0.0.1:8081")
    for url in ("http://localhost:8081/", "http://127.1:8081/", "http://127.0.0.1:8082/", "http://127.0.0.1/"):
        with pytest.raises(BadInput, match="is not fetched"):
            fetching.get(url)
    for url in ("http://127.0.0.1:8081/x", "https://127.0.0.1:8081/"):
        with pytest.raises(Reached):
            fetching.get(url)


@pytest.mark.parametrize(
    ("entry", "url"),
    [
        ("localhost:8081", "http://localhost:8081/"),
        ("Shop:80", "http://shop/"),
        ("[::1]:8081", "http://[0::1]:8081/"),
        ("bücher.intra:443", "https://xn--bcher-kva.intra/"),
    ],
)
def test_a_host_is_allowed_by_its_name_whatever_it_leads_to(entry: str, url: str) -> None:
    with pytest.raises(Reached):
        guarded(entry, resolve=lambda *_: [ip_address("10.0.0.1")]).get(url)


@pytest.mark.parametrize(
    "entry", ["127.0.0.1", "localhost", "http://localhost:80", ":80", "a:b", "a:1/path", "u:secret@a:1", "", "127.1:80"]
)
def test_an_entry_that_is_no_host_and_port_is_told_when_pressroom_starts(entry: str) -> None:
    with pytest.raises(ConfigurationError, match="is not a host and a port") as told:
        guarded(entry)
    assert "shop.example:8080" in told.value.todo


def test_the_reader_is_told_how_to_allow_it() -> None:
    with pytest.raises(BadInput) as refused:
        guarded().get("http://[fd00::1]:8080/secret-page?token=abc")
    assert refused.value.todo == (
        "Only if [fd00::1]:8080 may be fetched for anybody who gives an address or redirects there, "
        'add "[fd00::1]:8080" to `[fetch] allow_hosts`: that opens it for every page.'
    )
    assert refused.value.where == "http://[fd00::1]:8080/secret-page"
    assert "token" not in str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://169.254.169.254:8080/",
        "http://[fe80::1]/",
        "http://[fd00:ec2::254]/",
        "http://[::ffff:169.254.169.254]/",
        "http://[64:ff9b::169.254.169.254]/",
        "http://168.63.129.16/",
        "http://metadata.example/",
    ],
)
def test_nobody_is_told_how_to_open_what_gives_the_machines_keys_away(url: str) -> None:
    with pytest.raises(BadInput, match=r"not public|only the ports") as refused:
        guarded(resolve=lambda *_: [ip_address("169.254.169.254")]).get(url)
    assert refused.value.todo == "Give the address of a public page."


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/",
        "http://127.0.0.1:22/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://127.1/",
        "http://localhost/",
        "http://shop.example:22/",
    ],
)
def test_what_is_never_fetched_is_known_without_asking_anybody(url: str) -> None:
    def unasked(*_: Any) -> Sequence[Address]:
        raise AssertionError("a name was resolved")

    with pytest.raises(BadInput, match="is not fetched"):
        guarded(resolve=unasked).refuse_hopeless(url)
    guarded("127.0.0.1:22", resolve=unasked).refuse_hopeless("http://127.0.0.1:22/")
    guarded(resolve=unasked).refuse_hopeless("https://shop.example/mug")


class OnlyTo(NoNetwork):
    """Connects to one server, and remembers what else was to be connected to."""

    def __init__(self, server: RawServer) -> None:
        super().__init__()
        self._port = server.port
        self._real = httpcore.SyncBackend()

    def connect_tcp(self, host: str, port: int, *rest: Any, **more: Any) -> Any:
        if (host, port) != ("127.0.0.1", self._port):
            super().connect_tcp(host, port)
        self.asked.append((host, port))
        return self._real.connect_tcp(host, port, *rest, **more)
