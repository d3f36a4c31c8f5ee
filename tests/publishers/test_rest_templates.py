"""Templates of settings: what they can do, and that nothing in them can reach, or cost, more than that."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

import pytest

from pressroom.publishers._rest_filters import OMIT
from pressroom.publishers._rest_templates import Template, TemplateMistake, compiled, filled

VALUES: dict[str, Any] = {
    "text": "Boo! #pumpkins and #ghosts",
    "title": "Größe & <Höhe>",
    "media": [{"id": 7, "name": "a.jpg"}, {"id": 8, "name": "b.jpg"}],
    "count": 3,
    "yes": True,
    "now": datetime(2026, 10, 31, 18, 30, tzinfo=UTC),
    "about": {"items": "three", "day": "Halloween"},
    "omit": OMIT,
}


def value(source: str) -> Any:
    template = Template(source, "requests.create.json.text")
    template.check()
    return template.value(VALUES)


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("{{ count }}", 3),
        (" {{ yes }} ", True),
        ("{{ none }}", None),
        ("{{ media }}", VALUES["media"]),
        ("{{ {'a': [count, 1.5]} }}", {"a": [3, 1.5]}),
        ("{{ now }}", "2026-10-31T18:30:00+00:00"),
        ("{{ media | map(attribute='id') }}", [7, 8]),
        ("{{ count }}{{ count }}", "33"),
        ("{{ yes }}!", "true!"),
        ("n = {{ none }}", "n = "),
        ("no template", "no template"),
    ],
)
def test_one_value_keeps_its_type_and_anything_else_is_text(source: str, wanted: Any) -> None:
    found = value(source)
    assert found == wanted
    assert type(found) is type(wanted)


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("{{ title | slug }}", "große-hohe".replace("ß", "")),
        ("{{ title | html }}", "<p>Größe &amp; &lt;Höhe&gt;</p>"),
        ("{{ text | hashtags }}", ["pumpkins", "ghosts"]),
        ("{{ text | without_hashtags }}", "Boo! and"),
        ("{{ now | date('%d.%m.%Y') }}", "31.10.2026"),
        ("{{ text | base64 }}", "Qm9vISAjcHVtcGtpbnMgYW5kICNnaG9zdHM="),
        ("{{ media | map(attribute='name') | join(', ') }}", "a.jpg, b.jpg"),
        ("{{ media | tojson }}", '[{"id": 7, "name": "a.jpg"}, {"id": 8, "name": "b.jpg"}]'),
        ("{{ 2.345 | round(1) }}", 2.3),
        ("{{ text | truncate(6) }}", "Boo!…"),
        ("{{ about.items }} on {{ about['day'] }}", "three on Halloween"),
        ("{{ 'a' ~ count ~ 'b' }}", "a3b"),
        ("{% for one in media %}{{ loop.index }}:{{ one.id }}{{ '' if loop.last else ',' }}{% endfor %}", "1:7,2:8"),
    ],
)
def test_filters_make_what_services_want(source: str, wanted: Any) -> None:
    assert value(source) == wanted


def test_what_comes_to_omit_is_left_out() -> None:
    tree = compiled(
        {"a": "{{ omit }}", "b": ["{{ omit }}", "{{ count }}"], "c": "{{ title if yes else omit }}"}, "json"
    )
    assert filled(tree, VALUES) == {"b": [3], "c": VALUES["title"]}


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__ }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "x{{ text.__init__.__globals__ }}",
        "{{ text['__class__'] }}",
        "{{ media.append(1) }}",
        "{{ about.update({'a': 1}) }}",
        "{{ text.format(1) }}",
        "{{ '%c' % 65 }}",
        "{{ self._TemplateReference__context }}",
        "{{ now.__reduce__() }}",
        "{{ text.encode('utf-16') }}",
        "{{ text | attr('__class__') }}",
        "{{ lipsum.__globals__ }}",
        "{{ cycler.__init__ }}",
        "{{ namespace(a=1) }}",
        "{{ _budget }}",
        "{{ 1 | _tick }}",
        "{% include 'a' %}",
        "{% import 'a' as b %}",
        "{% extends 'a' %}",
        "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
        "{% for a in [1] recursive %}{{ loop([1]) }}{% endfor %}",
    ],
)
def test_nothing_but_the_values_can_be_reached(source: str) -> None:
    with pytest.raises(TemplateMistake):
        value(source)


@pytest.mark.parametrize(
    "source",
    [
        "{{ 'a' * 10 ** 12 }}",
        "{{ [1] * 10 ** 9 }}",
        "{{ 10 ** 5000 }}",
        "{{ range(10 ** 9) | list }}",
        "{{ range(100000) }}",
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{% for a in range(9999) %}{{ text * 1000 }}{% endfor %}",
        "{% set a = text * 1000 %}" + "{% set a = a ~ a %}" * 30 + "{{ a }}",
        "{% set a = [1, 1, 1, 1] %}" + "{% set a = [a, a, a, a] %}" * 20 + "{{ a }}",
        "{{ text.ljust(10 ** 9) }}",
        "{{ text.replace('o', text * 9999) }}",
        "{{ (text * 9999) | replace('o', text * 9999) }}",
        "{{ range(9999) | join(text * 9999) }}",
        "{{ 1.5 | round(10 ** 9) }}",
        "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
        "{{ text }}" * 9999,
    ],
)
def test_no_template_can_take_all_the_time_or_memory(source: str) -> None:
    began = time.process_time()
    with pytest.raises(TemplateMistake):
        value(source)
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("source", "line", "said"),
    [
        ("one\ntwo {{ txet }}", 2, "'txet' is undefined; did you mean text?"),
        ("{% if %}", 1, "Expected an expression"),
        ("\n\n{{ text | nosuch }}", 3, "No filter named 'nosuch'"),
        ("a {{ media }}", 1, "| join(', ')"),
        ("a {{ omit }}", 1, "omit"),
        ("{{ media[5].id }}", 1, "no element 5"),
        ("{{ about.month }}", 1, "'month'"),
        ("{{ 1 / 0 }}", 1, "division by zero"),
    ],
)
def test_a_mistake_names_the_key_the_line_and_what_is_wrong(source: str, line: int, said: str) -> None:
    with pytest.raises(TemplateMistake) as raised:
        value(source)
    assert (raised.value.key, raised.value.line) == ("requests.create.json.text", line)
    assert said in str(raised.value)


def test_what_is_inserted_into_a_path_cannot_lead_elsewhere() -> None:
    path = Template("/posts/{{ id }}/comments", "path", in_path=True)
    assert path.text({"id": "../../admin?x=1#y"}) == "/posts/..%2F..%2Fadmin%3Fx%3D1%23y/comments"
    with pytest.raises(TemplateMistake):
        path.text({"id": ".."})


def test_the_words_of_a_post_are_never_read_as_a_template() -> None:
    assert Template("{{ text }}!", "key").text({"text": "{{ 7 * 7 }}"}) == "{{ 7 * 7 }}!"


def test_a_tree_that_is_nested_without_end_is_refused() -> None:
    tree: Any = "leaf"
    for _ in range(100):
        tree = [tree]
    with pytest.raises(TemplateMistake, match="nested"):
        compiled(tree, "json")
