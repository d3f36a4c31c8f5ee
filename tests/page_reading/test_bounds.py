"""A stranger's page takes little time and memory whatever it is made of, and nothing is fetched for it."""

from __future__ import annotations

import json
import resource
import socket
import subprocess
import sys
import time
from contextlib import suppress
from typing import Any, NoReturn

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pressroom.errors import BadInput
from pressroom.page_reading.json_ld import LONGEST_BLOCK
from pressroom.page_reading.page import MOST_DEPTH, MOST_ELEMENTS, MOST_PIECES, read_page
from pressroom.sources.web_page import read_product

URL = "https://shop.example/"
SIZE = 20_000_000
SECONDS = 8.0
"""Ten times what it takes; enough to tell what grows with the square of the size."""
LD = b'<script type="application/ld+json">'
PRODUCT = b'{"@type":"Product","name":"Lamp","offers":{"price":"5","priceCurrency":"EUR"}}'
ITEM = b"<div itemscope itemtype=https://schema.org/Product"

PAGES: dict[str, tuple[bytes, bytes]] = {
    "a long list": (b"<h1>Lamp</h1>", b"<div class=card><a href=/1>Some lamp</a><p class=price>12,00 EUR</p></div>\n"),
    "pictures": (b"<h1>Lamp</h1>", b"<div class=gallery><img src=/a.jpg srcset='a 1x, b 2x'></div>"),
    "open tags": (b"", b"<a>"),
    "depth": (b"", b"<div>"),
    "tables in tables": (b"", b"<table><tr><td><table>"),
    "tags across each other": (b"", b"<b><i><p></b>"),
    "attributes": (b"<p ", b"abcdefgh=1 "),
    "a script": (b"<script>", b"var a=1;"),
    "open brackets": (LD, b"["),
    "one great block": (LD + b"[", PRODUCT + b","),
    "many blocks": (b"", LD + PRODUCT + b"</script>"),
    "beginnings of scripts": (b"", b"<script application/ld+json"),
    "less-than signs": (b"", b"<"),
    "quotes": (b"", b"<a b='"),
    "comments": (b"", b"<!-"),
    "entities": (b"", b"&amp;"),
    "NULs": (b"<h1>Lamp</h1>", b"\0"),
    "properties in properties": (ITEM + b">", b"<div itemprop=name>"),
    "items in items": (ITEM + b">", b"<div itemscope itemprop=offers>"),
    "references": (b"", ITEM + b" itemref=a><p itemprop=name id=a>x</p></div>"),
    "rdfa in rdfa": (b"", b"<div property=name typeof=Product>"),
    "prices in prices": (b"<h1>Lamp</h1>", b"<div class=price>"),
    "struck prices": (b"<h1>Lamp</h1>", b"<div class=price><s>1 EUR</s></div>"),
    "digits": (b"<h1>Lamp</h1>", b"9"),
    "digits and points": (b"<h1>Lamp</h1>", b"<p>1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1%</p>"),
    "headings": (b"", b"<h1>"),
    "badges": (b"<h1>Lamp</h1><p class=price>5 EUR", b"<div class=badge>"),
    "meta tags": (b"<head>", b"<meta property=og:title content=x>"),
    "a title": (b"<title>", b"a - "),
    "bases": (b"<head>", b"<base href=x>"),
    "broken UTF-8": (b"<meta charset=utf-8>", b"\xc3\xa4 \xff"),
    "a set of pictures": (b"<h1>Lamp</h1><img srcset='", b"a 1x,"),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_twenty_megabytes_is_read_in_seconds(name: str) -> None:
    beginning, filling = PAGES[name]
    page = (beginning + filling * (SIZE // len(filling)))[:SIZE]
    started = time.process_time()
    with suppress(BadInput):
        read_product(page, URL)
    assert time.process_time() - started < SECONDS


REFERENCES = [
    {"@id": "price", "price": ["x" * 200] * 300},
    {"@id": "offer", "@type": "AggregateOffer", "offers": [{"@id": "price"}] * 500},
    *({"@id": f"variant {n}", "@type": "Product", "name": "v", "offers": [{"@id": "offer"}] * 500} for n in range(99)),
    {"@type": "ProductGroup", "name": "Lamp", "hasVariant": [{"@id": f"variant {n}"} for n in range(99)]},
]
BLOCKS: dict[str, str] = {
    "references to references": json.dumps({"@graph": REFERENCES}),
    "addresses": json.dumps({"@type": "Product", "name": "Lamp", "url": ["a"] * 500_000}),
    "texts that are no price": json.dumps(
        {"@type": "Product", "name": "Lamp", "offers": [{"price": ["1,2.3,4.5,6" * 20] * 20} for _ in range(500)]}
    ),
    "empty lines": "{" + "\n" * (LONGEST_BLOCK - 10) + "x}",
    "lines with comments": "{" + "// /*\n" * (LONGEST_BLOCK // 7) + "x}",
    "a name of scripts": json.dumps({"@type": "Product", "name": "<script " * 300_000}),
    "a name of comments": json.dumps({"@type": "Product", "name": "<!--" * 600_000, "description": "<!--" * 100_000}),
}


@pytest.mark.parametrize("name", BLOCKS)
def test_a_block_of_the_largest_size_is_read_in_a_moment(name: str) -> None:
    started = time.process_time()
    with suppress(BadInput):
        read_product(b"<h1>Lamp</h1>" + LD + BLOCKS[name].encode() + b"</script>", URL)
    assert time.process_time() - started < 2.0


@pytest.mark.parametrize("name", ["a long list", "open tags", "attributes", "quotes", "NULs", "one great block"])
def test_a_page_of_twenty_megabytes_takes_memory_within_bounds(name: str) -> None:
    code = "import resource, sys\nfrom tests.page_reading.test_bounds import memory_for\nprint(memory_for(sys.argv[1]))"
    done = subprocess.run([sys.executable, "-c", code, name], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 400, f"{done.stdout} MB"


def memory_for(name: str) -> int:
    """Return by how many megabytes the process grew; it must be one of its own."""
    beginning, filling = PAGES[name]
    page = beginning + filling * (SIZE // len(filling))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with suppress(BadInput):
        read_product(page, URL)
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024


def test_what_stands_at_the_end_of_a_large_page_is_read_all_the_same() -> None:
    page = b"<h1>Lamp</h1>" + b"<p>words</p>" * (MOST_ELEMENTS + 10) + LD + PRODUCT + b"</script>"
    product = read_product(page, URL)
    assert product.price == 5
    assert product.found_in["price"] == "JSON-LD"


def test_text_in_countless_pieces_is_kept_in_part() -> None:
    page = read_page(b"<p>" + b"<" * 3_000_000, URL)
    assert MOST_PIECES / 2 < len("".join(page.root.itertext())) < 2 * MOST_PIECES


def test_what_is_too_deep_is_flat() -> None:
    page = read_page(b"<div>" * 3_000 + b"<h1>deep</h1>", URL)
    assert len(page.find("//div")) < MOST_DEPTH
    assert "deep" in "".join(page.root.itertext())


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*rest: Any, **more: Any) -> NoReturn:
        raise AssertionError("something was to be fetched")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)
    monkeypatch.setattr("builtins.open", refuse)
    page = b"""<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0" "http://evil.example/x.dtd"
    [<!ENTITY x SYSTEM "file:///etc/passwd">]><?xml-stylesheet href="http://evil.example/x.xsl"?>
    <html prefix="s: http://evil.example/v#" vocab="http://evil.example/"><head profile="http://evil.example/p">
    <base href="http://evil.example/"><link rel=stylesheet href=x.css>
    <script type="application/ld+json">{"@context": ["http://evil.example/c.jsonld", {"@import": "http://evil.example/"}],
    "@type": "Product", "name": "Lamp", "offers": {"@id": "http://evil.example/offer"}}</script></head>
    <body typeof="Product"><h1 property=name>Lamp &x;</h1><iframe src="http://evil.example/"></iframe>
    <div itemscope itemtype="http://evil.example/Product"><p itemprop=name>Lamp</p></div></body></html>"""
    assert read_product(page, URL).name == "Lamp"


@settings(deadline=None)
@given(st.binary(max_size=2_000), st.sampled_from(["", "utf-8", "utf-16", "shift_jis", "x"]))
def test_no_bytes_break_the_reading(data: bytes, charset: str) -> None:
    with suppress(BadInput):
        read_product(b"<h1>" + data, URL, charset)


PIECES = st.sampled_from(
    [
        "<div itemscope itemtype=https://schema.org/Product itemref=a>",
        "<p id=a itemprop='name offers price'>",
        "<div typeof=Product property=offers>",
        "<h1>",
        "<del class=price>",
        "</div>",
        "5 €",
        "$1,0",
        "<img srcset='a 1x,,b' src=//>",
        "<meta property=og:price:amount content='1.'>",
        '<script type="application/ld+json">{"@type":"Product","name":[{}],"offers":[{"price":[]}]}</script>',
        '<script type="application/ld+json">{"@id":"a","@type":["Product",1],"name":{"@id":"a"}}</script>',
        "<o:p><a'b itemprop=&#1;name>&#2;&#xFFFF;&#xD800;</a'b><1>",
        "<base href='http://['>",
        "\ud7ff\u202e",
    ]
)


@settings(deadline=None, max_examples=400)
@given(st.lists(PIECES, max_size=25))
def test_no_arrangement_of_markup_breaks_the_reading(pieces: list[str]) -> None:
    with suppress(BadInput):
        read_product("".join(pieces).encode(), URL)
