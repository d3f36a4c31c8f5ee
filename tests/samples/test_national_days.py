"""The calendar that comes with Pressroom: a real day for every date of a year."""

from __future__ import annotations

import re
from datetime import date, timedelta
from importlib import resources

import pytest

from pressroom.sources.calendar import Calendar, read_calendar

LEAP_YEAR = 2028
DATES = tuple(date(LEAP_YEAR, 1, 1) + timedelta(days=day) for day in range(366))


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    file = resources.files("pressroom.samples") / "national-days.json"
    return read_calendar(file.read_bytes(), file.name)


def all_names(calendar: Calendar) -> list[str]:
    return [theme.name for day in DATES for theme in calendar.themes_on(day)]


def test_every_date_of_a_year_has_a_theme(calendar: Calendar) -> None:
    assert [day for day in DATES if not calendar.themes_on(day)] == []
    assert len(calendar.days) == 366


def test_no_date_asks_for_more_than_two_posts(calendar: Calendar) -> None:
    assert {len(calendar.themes_on(day)) for day in DATES} == {1, 2}
    assert len(all_names(calendar)) > 450


def test_no_day_is_listed_twice(calendar: Calendar) -> None:
    names = all_names(calendar)
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_the_fourteenth_of_january_is_for_dressing_up_pets(calendar: Calendar) -> None:
    first = calendar.themes_on(date(2027, 1, 14))[0]
    assert (first.theme, first.name) == ("Dress Up Your Pet", "National Dress Up Your Pet Day")


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2027, 1, 1), "New Year's Day"),
        (date(2027, 2, 2), "Groundhog Day"),
        (date(2028, 2, 29), "Leap Day"),
        (date(2027, 3, 14), "Pi Day"),
        (date(2027, 4, 22), "Earth Day"),
        (date(2027, 7, 4), "Independence Day"),
        (date(2027, 10, 31), "Halloween"),
        (date(2027, 12, 24), "Christmas Eve"),
    ],
)
def test_days_with_a_name_of_their_own_keep_it(calendar: Calendar, day: date, name: str) -> None:
    assert calendar.themes_on(day)[0].name == name


def test_names_read_well(calendar: Calendar) -> None:
    for name in all_names(calendar):
        assert not re.search(r"\b(\w+) \1\b", name, re.IGNORECASE), name
        assert not re.search(r"National (World|International|National|Christmas (Day|Eve)|New Year)", name), name
        assert not re.search(r"\b(Day|Eve|Night|Halloween)\b.*\bDay\b", name), name
        assert re.fullmatch(r"[A-Z][\w'. -]+", name), name


def test_a_theme_is_part_of_its_days_name_or_known_from_it(calendar: Calendar) -> None:
    for day in DATES:
        for theme in calendar.themes_on(day):
            assert theme.theme.split()[0][:4].casefold() in theme.name.casefold(), theme


def test_plain_captions_fit_a_post(calendar: Calendar) -> None:
    assert max(len(f"{name}!") for name in all_names(calendar)) <= 280


def test_the_prompt_is_spooky_and_names_the_theme(calendar: Calendar) -> None:
    prompt = calendar.prompt_for(calendar.themes_on(date(2027, 1, 14))[0])
    assert "spooky" in prompt
    assert "Dress Up Your Pet" in prompt
    assert "{" not in prompt


def test_no_date_of_mourning_is_made_spooky(calendar: Calendar) -> None:
    solemn = re.compile(r"Holocaust|Remembrance|Patriot|Pearl Harbor|Veterans|Martin Luther|Juneteenth|AIDS")
    assert [name for name in all_names(calendar) if solemn.search(name)] == []
