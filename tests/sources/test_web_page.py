"""Products read from pages as shops write them: one page for each way to say what is sold."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from pressroom.config import Fetch
from pressroom.errors import BadInput
from pressroom.fetching import Fetching
from pressroom.page_reading.product import Product
from pressroom.sources.web_page import read_product
from pressroom.testing import ManualClock
from tests.raw_server import RawServer, answer

URL = "https://shop.example/lamps/blue?colour=2"


def read(body: str, *, head: str = "", lang: str = "en", url: str = URL, charset: str = "") -> Product:
    page = f"<!doctype html><html lang={lang}><head>{head}</head><body>{body}</body></html>"
    return read_product(page.encode(), url, charset)


def ld(*documents: Any) -> str:
    return "".join(f'<script type="application/ld+json">{text}</script>' for text in map(_in_a_script, documents))


def _in_a_script(document: Any) -> str:
    return json.dumps(document).replace("</", "<\\/")


def lamp(**more: Any) -> dict[str, Any]:
    return {"@context": "https://schema.org", "@type": "Product", "name": "Blue Lamp", **more}


def offer(price: Any, currency: str = "EUR", **more: Any) -> dict[str, Any]:
    return {"@type": "Offer", "price": price, "priceCurrency": currency, **more}


def prices(product: Product) -> Any:
    return product.price, product.currency, product.original_price


def told(product: Product, *fields: str) -> tuple[Any, ...]:
    return tuple(getattr(product, field) for field in fields)


def eur(amount: str) -> Any:
    return Decimal(amount), "EUR", None


# JSON-LD


def test_json_ld_tells_everything() -> None:
    document = lamp(
        image=["/a.jpg", {"@type": "ImageObject", "url": "https://cdn.example/b.jpg"}],
        brand={"@type": "Brand", "name": "Lux & Co"},
        description="<p>Shines <b>blue</b>.</p>",
        offers=offer("19.90", availability="https://schema.org/InStock"),
    )
    product = read("<h1>Something else</h1>", head=ld(document))
    assert product == Product(
        name="Blue Lamp",
        url=URL,
        price=Decimal("19.90"),
        currency="EUR",
        brand="Lux & Co",
        availability="in stock",
        description="Shines blue .",
        image_urls=("https://shop.example/a.jpg", "https://cdn.example/b.jpg"),
        found_in=dict.fromkeys(
            ("name", "price", "currency", "brand", "availability", "description", "image_urls"), "JSON-LD"
        ),
    )


@pytest.mark.parametrize(
    "document",
    [
        [lamp(offers=offer(19.9))],
        {"@context": "https://schema.org", "@graph": [{"@type": "WebSite", "name": "Shop"}, lamp(offers=offer(19.9))]},
        {"@type": "ItemPage", "name": "Page", "mainEntity": lamp(offers=[offer("19.90")])},
        {
            "@type": ["Product", "Thing"],
            "name": {"@value": "Blue Lamp", "@language": "en"},
            "offers": [[offer("19.90")]],
        },
        {"@type": "http://schema.org/Product", "schema:name": "Blue Lamp", "schema:offers": offer("19.90")},
        {"@type": "product", "name": ["Blue Lamp"], "offers": {"@list": [offer("19.90")]}},
        [[{"@graph": {"@graph": [lamp(offers=offer("19.90"))]}}]],
        lamp(offers={"@type": "Offer", "priceSpecification": {"price": 19.90, "priceCurrency": "EUR"}}),
        lamp(offers={"@type": "Offer", "price": "19,90 €"}),
        lamp(offers={"@type": "Offer", "price": "€19.90", "priceCurrency": "€"}),
        lamp(offers={"@type": "AggregateOffer", "offers": [offer("19.90")]}),
        lamp(offers={"@type": "AggregateOffer", "lowPrice": "19.90", "highPrice": "19.90", "priceCurrency": "EUR"}),
        lamp(price="19.90", priceCurrency="EUR"),
    ],
)
def test_json_ld_is_read_in_every_shape(document: Any) -> None:
    product = read("", head=ld(document))
    assert product.name == "Blue Lamp"
    assert prices(product) == eur("19.90")


def test_references_by_id_are_followed_through_all_blocks() -> None:
    product = read(
        "",
        head=ld(
            {"@graph": [lamp(offers={"@id": "#offer"}, brand={"@id": "#brand"}, image={"@id": "#image"})]},
            [{"@id": "#offer", **offer("19.90")}, {"@id": "#brand", "@type": "Brand", "name": "Lux"}],
            {"@id": "#image", "@type": "ImageObject", "contentUrl": "/a.jpg"},
        ),
    )
    assert prices(product) == eur("19.90")
    assert product.brand == "Lux"
    assert product.image_urls == ("https://shop.example/a.jpg",)


def test_items_that_refer_to_each_other_in_a_circle_are_read_once() -> None:
    one = {"@id": "#p", **lamp(isRelatedTo={"@id": "#p"}, offers={"@id": "#o"})}
    assert prices(read("", head=ld(one, {"@id": "#o", **offer("5", itemOffered={"@id": "#p"})}))) == eur("5.00")


def test_a_reference_to_nothing_is_left_out() -> None:
    product = read("", head=ld(lamp(offers={"@id": "#gone"}, brand={"@id": "#gone"})))
    assert product.price is None


def test_a_block_that_is_broken_does_not_stop_the_others() -> None:
    broken = '<script type="application/ld+json">{"@type": "Product", "name": </script>'
    deep = f'<script type="application/ld+json">{"[" * 100_000}</script>'
    product = read("", head=f"{broken}{deep}{ld('text', 5, None, [])}{ld(lamp(offers=offer(1)))}{broken}")
    assert prices(product) == eur("1.00")


@pytest.mark.parametrize(
    "block",
    [
        '<!-- {"@type":"Product","name":"Blue Lamp","offers":{"price":"1"}} -->',
        '//<![CDATA[\n{"@type":"Product","name":"Blue Lamp","offers":{"price":"1"}}\n//]]>',
        '/* shop */\n{"@type":"Product","name":"Blue Lamp","offers":{"price":"1",},};',
        '{"@type":"Product","name":"Blue\nLamp","offers":{"price":"1"}}',
        "{&quot;@type&quot;:&quot;Product&quot;,&quot;name&quot;:&quot;Blue Lamp&quot;,&quot;price&quot;:1}",
        '{"@type":"Product","name":"Blue Lamp","sku":NaN,"offers":{"price":"1"}}',
        '\ufeff{"@type":"Product","name":"Blue Lamp","offers":{"price":"1","n":' + "9" * 5000 + "}}",
    ],
)
def test_the_usual_mistakes_in_json_ld_are_forgiven(block: str) -> None:
    product = read("", head=f'<script type="application/ld+json; charset=utf-8">{block}</script>')
    assert product.name == "Blue Lamp"
    assert product.price == 1


def test_of_several_products_the_one_that_the_address_names_is_taken() -> None:
    products = [lamp(name="Red", url="/lamps/red"), lamp(name="Blue", url="/lamps/blue?colour=1")]
    assert read("", head=ld(*products)).name == "Blue"


def test_of_several_products_the_one_that_the_heading_names_is_taken() -> None:
    products = [lamp(name="Red", offers=offer(1), image="/a.jpg"), lamp(name="Blue Lamp XL", offers=offer(2))]
    assert read("<h1>Blue Lamp XL</h1>", head=ld(*products)).name == "Blue Lamp XL"


def test_of_several_products_that_nothing_names_the_first_is_taken() -> None:
    assert read("", head=ld(lamp(name="Red", offers=offer(1)), lamp(name="Blue", offers=offer(2)))).name == "Red"


def test_a_related_product_is_not_taken_for_the_page_s_own() -> None:
    related = lamp(name="Socket", image="/s.jpg", offers=offer(99))
    product = read(
        "", head=ld({"@type": "WebPage", "isRelatedTo": related}, lamp(isRelatedTo=related, offers=offer(5)))
    )
    assert told(product, "name", "price") == ("Blue Lamp", 5)


def test_a_list_of_other_products_is_no_product() -> None:
    entries = [{"@type": "ListItem", "item": lamp(name=f"Lamp {n}", offers=offer(n))} for n in (1, 2, 3)]
    with pytest.raises(BadInput, match="No product was found"):
        read("<h1>All lamps</h1>", head=ld({"@type": "ItemList", "itemListElement": entries}))


# What it costs


def test_a_list_price_makes_an_offer() -> None:
    specifications = [
        {"@type": "UnitPriceSpecification", "price": "24.90", "priceType": "https://schema.org/ListPrice"},
        {"@type": "UnitPriceSpecification", "price": "19.90"},
    ]
    product = read("", head=ld(lamp(offers={"priceCurrency": "EUR", "priceSpecification": specifications})))
    assert prices(product) == (Decimal("19.90"), "EUR", Decimal("24.90"))
    assert product.offer == "-20 %"
    assert product.found_in["offer"] == "JSON-LD"


@pytest.mark.parametrize("kind", ["StrikethroughPrice", "https://schema.org/SRP", "http://schema.org/MSRP"])
def test_a_price_that_is_struck_out_is_what_it_cost_before(kind: str) -> None:
    struck = {"@type": "UnitPriceSpecification", "price": 100, "priceCurrency": "EUR", "priceType": kind}
    assert prices(read("", head=ld(lamp(offers=offer(97, priceSpecification=struck))))) == (97, "EUR", 100)


def test_little_that_is_saved_is_told_as_an_amount() -> None:
    struck = {"price": 100, "priceType": "ListPrice"}
    assert read("", head=ld(lamp(offers=offer(97, priceSpecification=struck)))).offer == "Save €3.00"


def test_a_price_before_that_was_lower_is_none() -> None:
    product = read("", head=ld(lamp(offers=offer(97, priceSpecification={"price": 90, "priceType": "ListPrice"}))))
    assert prices(product) == (97, "EUR", None)
    assert product.offer == ""


def test_a_price_for_a_quantity_or_for_members_is_not_the_price() -> None:
    specifications = [
        {"price": "0.99", "referenceQuantity": {"value": 100, "unitCode": "GRM"}},
        {"price": "17.00", "validForMemberTier": {"name": "Gold"}},
        {"price": "19.90"},
    ]
    product = read("", head=ld(lamp(offers={"priceCurrency": "EUR", "priceSpecification": specifications})))
    assert prices(product) == eur("19.90")


def test_an_aggregate_offer_is_a_range() -> None:
    aggregate = {"@type": "AggregateOffer", "lowPrice": "10", "highPrice": 20.5, "priceCurrency": "EUR"}
    product = read("", head=ld(lamp(offers=aggregate)))
    assert told(product, "price", "price_low", "price_high") == (10, 10, Decimal("20.50"))


def test_several_offers_are_a_range_of_what_can_be_bought() -> None:
    offers = [offer(30), offer(10, availability="OutOfStock"), offer(20), offer(5, "USD")]
    product = read("", head=ld(lamp(offers=offers)))
    assert told(product, "price", "price_low", "price_high", "currency") == (20, 20, 30, "EUR")


def test_of_several_offers_the_one_at_the_page_s_address_counts() -> None:
    offers = [offer(30, url="?colour=1"), offer(20, url="/lamps/blue?colour=2"), offer(10, url="?colour=3")]
    product = read("", head=ld(lamp(offers=offers)))
    assert told(product, "price", "price_low") == (20, None)


def test_variants_of_a_group_are_a_range() -> None:
    group = {
        "@type": "ProductGroup",
        "name": "Lamp",
        "brand": "Lux",
        "hasVariant": [
            lamp(name="Lamp, red", offers=offer(20)),
            lamp(name="Lamp, blue", offers=offer(30), image="/b.jpg"),
        ],
    }
    product = read("", head=ld(group))
    assert (product.name, product.brand) == ("Lamp", "Lux")
    assert told(product, "price", "price_high") == (20, 30)
    assert product.image_urls == ("https://shop.example/b.jpg",)


def test_the_variant_at_the_page_s_address_is_taken_from_its_group() -> None:
    variants = [
        lamp(name="Lamp, red", url="?colour=1", offers=offer(20)),
        lamp(name="Lamp, blue", url=URL, offers=offer(30)),
    ]
    group = {"@type": "ProductGroup", "name": "Lamp", "brand": "Lux", "hasVariant": variants}
    product = read("", head=ld(group))
    assert told(product, "name", "brand", "price", "price_low") == ("Lamp, blue", "Lux", 30, None)


@pytest.mark.parametrize(
    ("price", "currency", "expected"),
    [
        ("12.800", "JPY", Decimal(12800)),
        ("12.800", "KWD", Decimal("12.800")),
        ("19.990000", "EUR", Decimal("19.99")),
        (19.989999999999998, "EUR", Decimal("19.99")),
        ("1,299.00", "USD", Decimal("1299.00")),
        ("1.299,00", "EUR", Decimal("1299.00")),
        (1e3, "EUR", Decimal(1000)),
    ],
)
def test_prices_for_programs_are_read_as_they_are_meant(price: Any, currency: str, expected: Decimal) -> None:
    assert read("", head=ld(lamp(offers=offer(price, currency)))).price == expected


@pytest.mark.parametrize("price", ["-5", "call us", "", "1" * 40, "Infinity", "NaN", None, {"a": 1}, True])
def test_what_is_no_price_is_none(price: Any) -> None:
    assert read("", head=ld(lamp(offers=offer(price)))).price is None


def test_nothing_is_free_that_has_a_price_elsewhere() -> None:
    product = read("<p class=price>49,00 €</p>", head=ld(lamp(offers=offer(0))))
    assert prices(product) == eur("49.00")
    assert product.found_in["price"] == "the visible text"


def test_what_is_free_costs_nothing() -> None:
    assert prices(read("", head=ld(lamp(offers=offer("0.00"))))) == eur("0.00")


def test_what_it_cost_before_may_stand_elsewhere_if_the_price_is_the_same() -> None:
    body = "<h1>Blue Lamp</h1><div class=price><del>25,00 €</del> <ins>20,00 €</ins></div>"
    product = read(body, head=ld(lamp(offers=offer(20))))
    assert prices(product) == (20, "EUR", 25)
    assert product.found_in["original_price"] == "the visible text"


def test_what_another_price_cost_before_is_left_alone() -> None:
    body = "<h1>Blue Lamp</h1><div class=price><del>25,00 €</del> <ins>15,00 €</ins></div>"
    assert prices(read(body, head=ld(lamp(offers=offer(20))))) == (20, "EUR", None)


def test_a_currency_may_stand_elsewhere_if_the_price_is_the_same() -> None:
    product = read("<h1>Blue Lamp</h1><b class=price>20,00 €</b>", head=ld(lamp(offers={"price": 20})))
    assert prices(product) == eur("20.00")
    assert (product.found_in["price"], product.found_in["currency"]) == ("JSON-LD", "the visible text")


# Microdata and RDFa

MICRODATA = """
<div itemscope itemtype="http://schema.org/BreadcrumbList"><span itemprop=name>Lamps</span></div>
<main itemscope itemtype="https://schema.org/Product" itemref="more">
  <h1 itemprop="name">Blue <b>Lamp</b></h1><img itemprop=image data-src="/a.jpg" src="data:image/gif;base64,R0">
  <div itemprop=brand itemscope itemtype="https://schema.org/Brand"><meta itemprop=name content=Lux></div>
  <div itemprop="offers" itemscope itemtype="https://schema.org/Offer">
    <meta itemprop="priceCurrency" content="EUR"><span itemprop="price" content="19.90">19,90</span>
    <link itemprop=availability href="https://schema.org/PreOrder">
  </div>
  <div itemprop=isRelatedTo itemscope itemtype=https://schema.org/Product><i itemprop=name>Socket</i></div>
</main><p id=more><span itemprop=description>Shines</span></p>"""

RDFA = """
<main vocab="https://schema.org/" typeof="Product" resource="#lamp"><h1 property="name">Blue Lamp</h1>
  <img property="image" src="/a.jpg"><div property="brand" typeof="Brand"><span property="name">Lux</span></div>
  <p property="schema:description">Shines</p>
  <div property="offers" typeof="Offer"><meta property="priceCurrency" content="EUR">
    <span property="price" content="19.90">19,90 €</span><link property="availability" href="http://schema.org/PreOrder">
  </div></main>"""


@pytest.mark.parametrize(("body", "told_by"), [(MICRODATA, "microdata"), (RDFA, "RDFa")])
def test_markup_of_what_is_visible_tells_everything_too(body: str, told_by: str) -> None:
    product = read(body)
    assert (product.name, product.brand, product.description) == ("Blue Lamp", "Lux", "Shines")
    assert prices(product) == eur("19.90")
    assert product.availability == "pre-order"
    assert product.image_urls == ("https://shop.example/a.jpg",)
    assert set(product.found_in.values()) == {told_by}


def test_an_item_that_refers_to_itself_is_read_once() -> None:
    item = "<div id=a itemscope itemtype=https://schema.org/Product itemprop=offers itemref=a>"
    assert read(f"{item}<b itemprop=name>Lamp</b></div>").name == "Lamp"


def test_what_an_item_refers_to_keeps_the_properties_of_its_own_items() -> None:
    body = """<div itemscope itemtype=https://schema.org/Product itemref=more></div>
    <section id=more><div itemprop=brand itemscope itemtype=https://schema.org/Brand><b itemprop=name>Lux</b></div>
    <b itemprop=name>Lamp</b></section>"""
    product = read(body)
    assert (product.name, product.brand) == ("Lamp", "Lux")


def test_meta_tags_are_not_taken_for_rdfa() -> None:
    page = """<html vocab="https://schema.org/" typeof="Product"><meta property="og:description" content="Welcome">
    <h1 property="name">Lamp</h1>"""
    assert read_product(page.encode(), URL).found_in["description"] == "Open Graph"


def test_a_property_outside_of_any_item_says_nothing() -> None:
    with pytest.raises(BadInput):
        read("<span itemprop=name>Lamp</span><span property=name>Lamp</span>")


def test_the_parts_of_a_page_complete_each_other() -> None:
    head = (
        ld(lamp())
        + '<meta property="product:price:amount" content="5"><meta property="product:price:currency" content=USD>'
    )
    product = read(MICRODATA.replace("<meta itemprop=name content=Lux>", "").replace("itemprop=price", "x"), head=head)
    assert product.found_in["name"] == "JSON-LD"
    assert product.found_in["description"] == "microdata"


# Meta tags


def test_open_graph_tells_the_price() -> None:
    head = """<meta property="og:type" content="og:product"><meta property="og:title" content="Blue Lamp | Shop">
    <meta property="og:site_name" content="Shop"><meta property="og:image" content="//cdn.example/a.jpg">
    <meta property="product:price:amount" content="25.00"><meta property="product:price:currency" content="eur">
    <meta property="product:sale_price:amount" content="20.00"><meta property="product:brand" content="Lux">
    <meta property="product:availability" content="in stock">"""
    product = read("", head=head)
    assert prices(product) == (20, "EUR", 25)
    assert (product.name, product.brand, product.offer) == ("Blue Lamp", "Lux", "-20 %")
    assert product.availability == "in stock"
    assert product.image_urls == ("https://cdn.example/a.jpg",)
    assert product.found_in["price"] == "Open Graph"


def test_open_graph_without_a_price_is_a_product_if_it_says_so() -> None:
    head = '<meta property=og:type content=product.item><meta name=og:title content="Blue Lamp">'
    assert read("", head=head).name == "Blue Lamp"


def test_twitter_s_labels_tell_a_price() -> None:
    head = """<meta name="twitter:title" content="Blue Lamp"><meta name="twitter:label1" content="Price">
    <meta name="twitter:data1" content="$19.90"><meta name="twitter:image" content="/a.jpg">"""
    product = read("", head=head)
    assert prices(product) == (Decimal("19.90"), "USD", None)
    assert product.found_in["price"] == "Twitter tags"


# What a reader sees


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('<h1>Lamp</h1><span class="product-price">1.299,00 €</span>', ("1299.00", "EUR", None)),
        ('<h1>Lamp</h1><div class="price"><del>$25.00</del> <ins>$20.00</ins></div>', ("20.00", "USD", "25.00")),
        ("<h1>Lamp</h1><p><s>25 €</s> <b class=price>20 €</b></p>", ("20.00", "EUR", "25.00")),
        (
            '<h1>Lamp</h1><div><span class="old-price">25 €</span><span class="price">20 €</span></div>',
            ("20", "EUR", "25"),
        ),
        (
            '<h1>Lamp</h1><div class=price-box><span style="text-decoration: line-through">£25</span> £20</div>',
            ("20", "GBP", "25"),
        ),
        ("<h1>Lamp</h1><p>Now only <b>$20</b> instead of <del>$25</del></p>", ("20", "USD", "25")),
        ("<h1>Lamp</h1><p>Shines.</p><p>¥12,800</p>", ("12800", "JPY", None)),
        (
            '<span class=mini-cart-price>$0.00</span><h1>Lamp</h1><b data-testid="ProductPrice">$20</b>',
            ("20", "USD", None),
        ),
        ("<div class=price>$99 other</div><h1>Lamp</h1><div id=our_price>$20</div>", ("20", "USD", None)),
        ("<h1>Lamp</h1><p class=shipping-price>$5 shipping</p><p class=price>$20</p>", ("20", "USD", None)),
        ("<h1>Lamp</h1><div class=related><i class=price>$5</i></div><p class=price>$20</p>", ("20", "USD", None)),
        ("<h1>Lamp</h1><p class=price>Free</p>", ("0", "", None)),
        ("<h1>Lamp</h1><p class=price>10 500 ratings</p><p class=price>20,00&nbsp;€*</p>", ("20", "EUR", None)),
        ("<h1>Lamp</h1><p class=price><span>19</span><sup>90</sup> <span>€</span></p>", ("1990", "EUR", None)),
    ],
)
def test_a_price_beside_the_heading_is_found(body: str, expected: tuple[str, str, str | None]) -> None:
    price, currency, original = expected
    product = read(body)
    assert product.name == "Lamp"
    assert prices(product) == (Decimal(price), currency, Decimal(original) if original else None)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [("From $10", "10", None), ("$10 – $20", "10", "20"), ("10–20 €", "10", "20"), ("ab 10,50 €", "10.50", None)],
)
def test_a_range_is_told_as_one(text: str, low: str, high: str | None) -> None:
    product = read(f"<h1>Lamp</h1><p class=price>{text}</p>")
    assert product.price == product.price_low == Decimal(low)
    assert product.price_high == (Decimal(high) if high else None)


@pytest.mark.parametrize(
    ("url", "lang", "currency"),
    [
        ("https://shop.com.au/x", "en", "AUD"),
        ("https://shop.com/x", "en-CA", "CAD"),
        ("https://shop.com/x", "en", "USD"),
        ("https://shop.com/x", "de", "USD"),
    ],
)
def test_a_sign_of_several_currencies_means_that_of_the_place(url: str, lang: str, currency: str) -> None:
    assert read("<h1>Lamp</h1><p class=price>$10</p>", url=url, lang=lang).currency == currency


def test_the_page_s_own_words_for_an_offer_are_taken_if_nothing_can_be_computed() -> None:
    body = "<h1>Lamp</h1><div><span class=badge>20% off today</span><p class=price>$20</p></div>"
    product = read(body)
    assert product.offer == "20% off today"
    assert product.found_in["offer"] == "the visible text"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Blue Lamp | Shop", "Blue Lamp"),
        ("Shop: Blue Lamp", "Shop: Blue Lamp"),
        ("Shop – Blue Lamp", "Blue Lamp"),
        ("Blue Lamp - 40 cm - shop.example", "Blue Lamp - 40 cm"),
        ("Blue Lamp - Red Socket", "Blue Lamp - Red Socket"),
    ],
)
def test_a_title_is_a_name_without_the_shop_s(title: str, expected: str) -> None:
    assert read("<p class=price>$20</p>", head=f"<title>{title}</title>").name == expected


# Pictures


def test_pictures_are_found_wherever_scripts_load_them_from() -> None:
    body = """<header><img src=/logo.png width=200></header><h1>Lamp</h1><p class=price>$20</p>
    <img src=/wide.jpg><div class=product-gallery>
    <picture><source srcset="/s.webp 400w, /l.webp 1600w"><img src=/p.jpg></picture>
    <img src="data:image/gif;base64,R0lGOD" data-src="//cdn.example/lazy.jpg">
    <img data-zoom-image="/zoom.jpg" src=/small.jpg width=400>
    <img srcset="/one.jpg, /two.jpg 2x" src=/one.jpg>
    <img src=/tiny.jpg width=50 height=50><img src=/1x1.gif><img src="https://t.example/pixel.gif?x=1">
    <img src="javascript:alert(1)"><img src=/spacer.gif><img src="/icon-cart.png"><img src=""><img>
    </div><div class=recommendations><img src=/other.jpg></div><footer><img src=/visa.png></footer>"""
    assert read(body).image_urls == (
        "https://shop.example/l.webp",
        "https://cdn.example/lazy.jpg",
        "https://shop.example/zoom.jpg",
        "https://shop.example/two.jpg",
        "https://shop.example/wide.jpg",
    )


def test_addresses_are_relative_to_the_base_of_the_page() -> None:
    product = read("<img src=a.jpg class=product>", head="<base href='//cdn.example/shop/'>" + ld(lamp(image="b.jpg")))
    assert product.image_urls == ("https://cdn.example/shop/b.jpg", "https://cdn.example/shop/a.jpg")


def test_a_base_that_is_no_address_of_the_web_is_left_alone() -> None:
    head = "<base href='javascript:alert(1)//'>" + ld(lamp(image="b.jpg"))
    assert read("", head=head).image_urls == ("https://shop.example/lamps/b.jpg",)


@pytest.mark.parametrize(
    "image",
    [
        "javascript:alert(1)",
        "data:image/png;base64,AAAA",
        "file:///etc/passwd",
        "blob:https://shop.example/1",
        "ftp://shop.example/a.jpg",
        "https://user:secret@shop.example/a.jpg",
        "http://[::1",
        "java\nscript:alert(1)",
        "",
        "x" * 10_000,
    ],
)
def test_what_is_no_address_of_a_picture_is_left_out(image: str) -> None:
    assert read("", head=ld(lamp(image=image))).image_urls == ()


# Bytes


@pytest.mark.parametrize(
    ("data", "charset"),
    [
        ("<h1>Größe</h1><p class=price>5 €".encode(), ""),
        ("<h1>Größe</h1><p class=price>5 €".encode(), "iso-8859-1"),
        ("<meta charset=iso-8859-1><h1>Größe</h1><p class=price>5 €".encode(), ""),
        ("<h1>Größe</h1><p class=price>5 €".encode("cp1252"), ""),
        ("<h1>Größe</h1><p class=price>5 €".encode("cp1252"), "utf-8"),
        ("<meta charset=utf-8><h1>Größe</h1><p class=price>5 €".encode("cp1252"), "iso-8859-1"),
        ("<h1>Größe</h1><p class=price>5 €".encode("cp1252"), "no-such-charset"),
        ("<h1>Größe</h1><p class=price>5 €".encode("iso-8859-15"), "ISO-8859-15"),
        ("\ufeff<h1>Größe</h1><p class=price>5 €".encode("utf-16-le"), ""),
        ("\ufeff<h1>Größe</h1><p class=price>5 €".encode(), "windows-1252"),
        ('<?xml version="1.0" encoding="x"?><html><h1>Größe</h1><p class=price>5 €'.encode(), ""),
    ],
)
def test_a_page_is_read_in_its_encoding_whatever_is_said_of_it(data: bytes, charset: str) -> None:
    product = read_product(data, URL, charset)
    assert product.name == "Größe"
    assert prices(product) == eur("5.00")


def test_other_alphabets_are_read_in_their_own_encodings() -> None:
    head = '<meta http-equiv="Content-Type" content="text/html; charset=Shift_JIS">'
    product = read_product(f"{head}<h1>青いランプ</h1><p class=price>1,200円".encode("shift_jis"), URL)
    assert product.name == "青いランプ"
    assert prices(product) == (1200, "JPY", None)


def test_a_broken_character_does_not_turn_a_page_of_utf_8_into_another() -> None:
    data = f"<meta charset=utf-8><h1>Größe</h1><p class=price>5 €</p>{'ü' * 50}".encode() + b"\xff"
    assert read_product(data, URL).name == "Größe"


def test_a_page_is_read_as_it_was_fetched() -> None:
    page = f"<h1>Lampe Größe</h1><p class=price>5,00 €</p><img src=a.jpg>{'<br>' * 10}".encode("iso-8859-15")
    moved = answer(b"", "Location: /shop/lamp", status="302 Found")
    latin = answer(page, "Content-Type: text/html; charset=iso-8859-15")
    with RawServer(lambda path: [latin if path == "/shop/lamp" else moved]) as server:
        found = Fetching(Fetch(allow_hosts=(server.entry,)), ManualClock()).get(server.url, accept=("text/html",))
    product = read_product(found.data, found.url, found.charset)
    assert product.name == "Lampe Größe"
    assert prices(product) == eur("5.00")
    assert product.image_urls == (f"{server.url}/shop/a.jpg",)


# Hostile values


def test_values_are_words_and_nothing_else() -> None:
    document = lamp(
        name="  Blue &amp;amp; <script>alert('x')</script><b>Lamp</b>\u202e\u0000 &lt;img src=x&gt; \u200b\u2066!",
        brand="L\u0007u\u00adx",
        description="&amp;lt;p&amp;gt;Shines&amp;lt;/p&amp;gt;",
        offers=offer(1, availability="<b>javascript:alert(1)</b>"),
    )
    product = read("", head=ld(document))
    assert product.name == "Blue & Lamp !"
    assert product.brand == "L ux"
    assert product.description == "Shines"
    assert product.availability == ""


def test_what_is_too_long_is_cut_at_a_word() -> None:
    product = read("", head=ld(lamp(name="very long lamp " * 700, description="word " * 5_000, offers=offer(1))))
    assert product.name.endswith(("long…", "lamp…", "very…"))
    assert len(product.name) <= 300
    assert len(product.description) <= 2_000


def test_letters_keep_what_their_script_needs() -> None:
    name = "می‌خواهم 👨‍👩‍👧 ก็่ é"
    assert read("", head=ld(lamp(name=name))).name == name


def test_a_heap_of_marks_on_one_letter_is_taken_off() -> None:
    assert read("", head=ld(lamp(name="La" + "\u0335" * 500 + "mp"))).name == "La" + "\u0335" * 4 + "mp"


# No product


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("<h1>About us</h1><p>We sell lamps.</p>", "only a name"),
        ("<p>Nothing</p>", "not even a heading"),
        ("<h1>News</h1><p>It rose by 5 % to 12:30 o'clock</p>", "only a name"),
    ],
)
def test_a_page_without_a_product_says_what_was_looked_for(body: str, found: str) -> None:
    with pytest.raises(
        BadInput, match=f"No product was found at https://shop.example/lamps/blue: it has {found}"
    ) as told:
        read(body)
    assert "by hand" in told.value.todo
    assert "JSON-LD" in told.value.detail


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 <<a>>", b"\x89PNG\r\n<", b"\xff\xd8\xff<", b"just words", b"\0\0\0"])
def test_what_is_no_page_is_told(data: bytes) -> None:
    with pytest.raises(BadInput, match="is no web page"):
        read_product(data, URL)
