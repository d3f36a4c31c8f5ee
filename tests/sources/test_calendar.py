"""Calendars are read in both layouts, and a malformed one says where and what to do."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from pressroom.sources.calendar import Calendar, CalendarError, Theme, day_name, read_calendar


def calendar_of(document: Any) -> Calendar:
    return read_calendar(json.dumps(document).encode(), "days.json")


def complaint_about(text: str | bytes) -> str:
    with pytest.raises(CalendarError) as caught:
        read_calendar(text if isinstance(text, bytes) else text.encode(), "days.json")
    return str(caught.value)


def names_on(calendar: Calendar, day: date) -> list[str]:
    return [theme.name for theme in calendar.themes_on(day)]


def test_the_reference_layout_is_read_as_it_is() -> None:
    calendar = calendar_of(
        {"Prompt": "Draw {theme}", "january": {"14": ["Dress Up Your Pet", "Hot Pastrami Sandwich"]}}
    )
    assert calendar.prompt == "Draw {theme}"
    assert calendar.themes_on(date(2027, 1, 14)) == (
        Theme(theme="Dress Up Your Pet", name="National Dress Up Your Pet Day", index=0),
        Theme(theme="Hot Pastrami Sandwich", name="National Hot Pastrami Sandwich Day", index=1),
    )


def test_a_date_without_a_theme_has_none() -> None:
    calendar = calendar_of({"january": {"14": ["Pizza"], "15": []}})
    assert calendar.themes_on(date(2027, 1, 15)) == ()
    assert calendar.themes_on(date(2027, 6, 1)) == ()


@pytest.mark.parametrize("month", ["january", "January", "JANUARY", "jan", "Jan"])
@pytest.mark.parametrize("day", ["1", "01"])
def test_months_and_days_may_be_written_in_any_usual_way(month: str, day: str) -> None:
    assert names_on(calendar_of({month: {day: ["Pie"]}}), date(2027, 1, 1)) == ["National Pie Day"]


def test_a_single_text_stands_for_a_list_of_one() -> None:
    assert names_on(calendar_of({"may": {"4": "Pie"}}), date(2027, 5, 4)) == ["National Pie Day"]


def test_iso_dates_stand_under_days_for_every_year_or_for_one() -> None:
    calendar = calendar_of({"days": {"11-26": ["Cake"], "2026-11-26": [{"theme": "Turkey", "name": "Thanksgiving"}]}})
    assert names_on(calendar, date(2026, 11, 26)) == ["National Cake Day", "Thanksgiving"]
    assert [theme.index for theme in calendar.themes_on(date(2026, 11, 26))] == [0, 1]
    assert names_on(calendar, date(2027, 11, 26)) == ["National Cake Day"]


def test_both_layouts_may_stand_in_one_file() -> None:
    calendar = calendar_of({"march": {"14": {"theme": "Pi", "name": "Pi Day"}}, "days": {"07-04": "Independence Day"}})
    assert names_on(calendar, date(2027, 3, 14)) == ["Pi Day"]
    assert names_on(calendar, date(2027, 7, 4)) == ["Independence Day"]


def test_the_leap_day_exists() -> None:
    assert names_on(calendar_of({"february": {"29": ["Frog"]}}), date(2028, 2, 29)) == ["National Frog Day"]


@pytest.mark.parametrize(
    ("theme", "name"),
    [
        ("Pizza", "National Pizza Day"),
        ("Lazy Day", "Lazy Day"),
        ("World UFO Day", "World UFO Day"),
        ("Monday", "National Monday Day"),
    ],
)
def test_a_theme_that_is_a_day_already_gets_no_second_one(theme: str, name: str) -> None:
    assert day_name(theme) == name


def test_a_byte_order_mark_is_no_mistake() -> None:
    data = b"\xef\xbb\xbf" + json.dumps({"may": {"1": "Pie"}}).encode()
    assert names_on(read_calendar(data, "days.json"), date(2027, 5, 1)) == ["National Pie Day"]


def test_the_prompt_is_filled_with_theme_and_name() -> None:
    calendar = calendar_of({"Prompt": "A spooky {theme} for {name}, {{really}}"})
    assert calendar.prompt_for(Theme(theme="Pi", name="Pi Day")) == "A spooky Pi for Pi Day, {really}"


def test_a_prompt_without_a_placeholder_still_names_the_day() -> None:
    calendar = calendar_of({"Prompt": "With a nightmarish twist."})
    assert calendar.prompt_for(Theme(theme="Pi", name="Pi Day")) == "Pi Day. With a nightmarish twist."


def test_what_was_read_cannot_be_changed() -> None:
    theme = calendar_of({"may": {"1": "Pie"}}).themes_on(date(2027, 5, 1))[0]
    with pytest.raises(ValidationError):
        theme.theme = "Cake"  # type: ignore[misc]


def test_what_is_not_json_is_named_with_line_and_column() -> None:
    message = complaint_about('{\n  "may": {"1": ["Pie"],}\n}')
    assert message.startswith("days.json, line 2, column 24: not JSON: there is a comma before '}'")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "the file is empty"),
        ("{", "in double quotes is expected"),
        ('{"may": {"1": ["Pie"}}', "a comma or ']' is expected"),
        ('{"may" {}}', "':' is expected"),
        ("{'may': {}}", "in double quotes is expected"),
        ('{"may": NaN}', "NaN is not JSON"),
        ('{"may": {"1": "Pie"}} x', "more text after the end"),
        ('{"may": {"1": "Pie\n"}}', "control character"),
        ('{"may": {"1": "Pie', "unterminated string"),
        ("[" * 5000, "levels deep"),
    ],
)
def test_every_break_of_json_is_explained(text: str, part: str) -> None:
    message = complaint_about(text)
    assert part in message
    assert "not JSON" in message


def test_bytes_that_are_no_utf_8_are_located() -> None:
    assert "line 2, column 4: not UTF-8 text. Save the file as UTF-8." in complaint_about(b'{\n  "\xff": 1}')


def test_an_unknown_month_comes_with_the_closest_one() -> None:
    message = complaint_about('{\n  "janury": {"1": ["Pie"]}}')
    assert message == 'days.json, line 2, janury: "janury" is not a month. Did you mean "january"?'


@pytest.mark.parametrize(
    ("month", "day"), [("february", "30"), ("april", "31"), ("may", "0"), ("may", "32"), ("may", "x")]
)
def test_a_day_that_does_not_exist_is_refused(month: str, day: str) -> None:
    message = complaint_about(f'{{"{month}":\n {{"{day}": ["Pie"]}}}}')
    assert message.startswith(f'days.json, line 2, {month}.{day}: {month.capitalize()} has no day "{day}".')


@pytest.mark.parametrize("day", ["2-3", "13-01", "02-30", "2027-02-29", "0000-01-01", "31/10"])
def test_an_iso_date_that_does_not_exist_is_refused(day: str) -> None:
    assert f'line 1, days.{day}: "{day}" is not a date' in complaint_about(f'{{"days": {{"{day}": "Pie"}}}}')


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ('["Pie"]', "the file is a list, not an object in braces"),
        ('{"may": ["Pie"]}', "may is a list, not an object in braces"),
        ('{"may": {"1": 7}}', "may.1: a theme is a number, not a text"),
        ('{"may": {"1": [["Pie"]]}}', "may.1[0]: a theme is a list, not a text"),
        ('{"may": {"1": [null]}}', "may.1[0]: a theme is null, not a text"),
        ('{"may": {"1": [true]}}', "may.1[0]: a theme is true or false, not a text"),
        ('{"may": {"1": [{"name": "Pi Day"}]}}', 'may.1[0]: the "theme" is missing'),
        ('{"may": {"1": [{"theme": "Pi", "nme": "Pi Day"}]}}', 'may.1[0].nme: "nme" is not known here'),
        ('{"may": {"1": [{"theme": "Pi", "name": 3}]}}', "may.1[0].name: the name is a number, not a text"),
        ('{"may": {"1": [{"theme": "Pi", "theme": "Pie"}]}}', "may.1[0].theme: written twice"),
        ('{"Prompt": 3}', "Prompt: the prompt is a number, not a text"),
    ],
)
def test_a_wrong_type_is_named_with_its_field(text: str, part: str) -> None:
    assert part in complaint_about(text)


@pytest.mark.parametrize("theme", ["", "  ", "\\t"])
def test_an_empty_theme_is_refused(theme: str) -> None:
    assert "line 1, may.1[1]: the theme is empty" in complaint_about(f'{{"may": {{"1": ["Pie", "{theme}"]}}}}')


@pytest.mark.parametrize("theme", ["Pie\\u0007", "\\ud800"])
def test_a_theme_that_cannot_be_shown_is_refused(theme: str) -> None:
    assert "cannot be shown" in complaint_about(f'{{"may": {{"1": ["{theme}"]}}}}')


@pytest.mark.parametrize("character", ["\u202e", "\u202a", "\u2067", "\u2069"])
def test_what_turns_the_direction_of_writing_is_refused_by_its_number(character: str) -> None:
    shown = f"a character that cannot be shown (U+{ord(character):04X})"
    assert f"line 2, may.1[0]: the theme has {shown}" in complaint_about(f'{{"may":\n{{"1": ["Pie{character}"]}}}}')
    assert f"may.1[0].name: the name has {shown}" in complaint_about(
        f'{{"may": {{"1": [{{"theme": "Pie", "name": "{character}Pie Day"}}]}}}}'
    )


@pytest.mark.parametrize("theme", ["👩\u200d🚀", "یوم\u200cها", "שלום\u200f!"])
def test_what_a_script_or_an_emoji_needs_is_no_control_character(theme: str) -> None:
    assert calendar_of({"may": {"1": [theme]}}).themes_on(date(2027, 5, 1))[0].theme == theme


def test_a_theme_or_a_name_is_as_long_as_a_title_at_most() -> None:
    assert calendar_of({"may": {"1": [{"theme": "é" * 150, "name": "n" * 150}]}}).days
    assert "line 2, may.1[0]: the theme has 5,000 characters. Write at most 150" in complaint_about(
        json.dumps({"may": {"1": ["x" * 5000]}}).replace('"1"', '\n"1"')
    )
    assert "may.1[0].name: the name has 151 characters." in complaint_about(
        json.dumps({"may": {"1": [{"theme": "Pie", "name": "n" * 151}]}})
    )


def test_a_month_spelled_in_two_ways_is_refused() -> None:
    message = complaint_about('{"January": {"1": "Pie"},\n "jan": {"2": "Cake"}}')
    assert 'line 2, jan: the month "jan" was already given in line 1. Put everything into one of the two.' in message


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ('{"may": {"1": "Pie"}, "may": {"2": "Pie"}}', 'the month "may" was already given'),
        ('{"may": {"1": "Pie",\n "1": "Cake"}}', 'line 2, may.1: the date "1" was already given in line 1'),
        ('{"may": {"1": "Pie",\n "01": "Cake"}}', 'line 2, may.01: the date "01" was already given in line 1'),
        ('{"may": {"1": "Pie"},\n "days": {"05-01": "Cake"}}', "line 2, days.05-01: the date"),
        ('{"Prompt": "{theme}", "prompt": "{name}"}', "already given"),
        ('{"days": {}, "days": {}}', "already given"),
    ],
)
def test_a_repeated_key_is_found_and_never_silently_dropped(text: str, part: str) -> None:
    assert part in complaint_about(text)


@pytest.mark.parametrize("placeholder", ["{day}", "{}", "{0}", "{theme.__class__}", "{theme!r}", "{theme:>9}"])
def test_an_unknown_placeholder_is_refused(placeholder: str) -> None:
    message = complaint_about(f'{{"Prompt": "Draw {placeholder}"}}')
    assert f"Prompt: {placeholder} is not a known placeholder. The placeholders are {{theme}} and {{name}}." in message


def test_braces_that_do_not_match_are_refused() -> None:
    assert "Prompt: the braces do not match" in complaint_about('{"Prompt": "Draw {theme"}')


def test_all_problems_are_told_at_once_in_the_order_of_the_file() -> None:
    with pytest.raises(CalendarError) as caught:
        read_calendar(b'{"may": {"40": "Pie",\n "1": ""},\n "jannuary": {},\n "Prompt": 4}', "days.json")
    assert [problem.line for problem in caught.value.problems] == [1, 2, 3, 4]
    assert str(caught.value).startswith("days.json has 4 problems:\n- days.json, line 1, may.40: ")
    assert caught.value.where == "days.json, line 1"


def test_after_twenty_problems_the_rest_is_counted() -> None:
    message = complaint_about(json.dumps({"may": {f"{day}": "" for day in range(1, 26)}}))
    assert message.count("\n- ") == 21
    assert message.endswith("- and 5 more")


@given(st.binary())
def test_nonsense_bytes_never_raise_anything_else(data: bytes) -> None:
    with suppress(CalendarError):
        read_calendar(data, "days.json")


JSON_LIKE = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["may", "JAN", "1", "01", "days", "10-31", "Prompt", "theme", "name", "x"]), inner
        )
    ),
    max_leaves=12,
)


@given(JSON_LIKE, st.booleans())
def test_nonsense_json_never_raises_anything_else(document: Any, is_ascii: bool) -> None:
    data = json.dumps(document, ensure_ascii=is_ascii).encode(errors="surrogatepass")
    with suppress(CalendarError):
        calendar = read_calendar(data, "days.json")
        assert isinstance(calendar.prompt_for(Theme(theme="Pi", name="Pi Day")), str)


def test_a_name_that_no_terminal_can_write_is_still_complained_about() -> None:
    assert complaint_about('{"\\ud800": {}}').encode()
