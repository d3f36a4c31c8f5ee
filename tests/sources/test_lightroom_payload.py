"""What is read from an asset: as Adobe's apps write it, and as nobody should."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pressroom.photos import PhotoInfo, Place
from pressroom.sources._lightroom_payload import LONGEST_TEXT, flag_of, id_of, rating_of, read_payload, version_of

ID = "18c23e15a2b94e6d8f0c3b1a5d7e9f42"
# The shape of an answer that is public, with other words in it.
PAYLOAD: dict[str, Any] = {
    "captureDate": "2024-03-02T00:51:36.96-08:00",
    "userUpdated": "2025-06-01T22:19:54.450Z",
    "importSource": {"fileName": "harbour.jpg", "fileSize": 505588, "originalWidth": 2000},
    "ratings": {"a" * 32: {"rating": 3, "date": "2025-06-01T10:00:00Z"}},
    "reviews": {"a" * 32: {"flag": "pick", "date": "2025-06-01T10:00:00Z"}},
    "location": {"latitude": 33.9, "longitude": -117.4, "city": "Riverside"},
    "xmp": {
        "dc": {"title": "Harbour", "description": "Boats", "rights": "© Ada", "subject": ["sea", "boats"]},
        "xmp": {"CreateDate": "2024-03-02T00:51:36.96-08:00", "Rating": 5},
        "tiff": {"Orientation": "top left"},
    },
    "develop": {"croppedWidth": 2000, "croppedHeight": 1357},
}


def asset(**changed: Any) -> dict[str, Any]:
    return {"id": ID, "subtype": "image", "updated": "2026-04-23T02:52:44.495423Z", "payload": PAYLOAD | changed}


def read(*, location: bool = False, **changed: Any) -> PhotoInfo:
    return read_payload(asset(**changed), location=location)


def test_an_asset_as_lightroom_writes_it() -> None:
    assert read(location=True) == PhotoInfo(
        name="harbour.jpg",
        title="Harbour",
        caption="Boats",
        keywords=("sea", "boats"),
        rating=3,
        captured_at=datetime.fromisoformat("2024-03-02T00:51:36.960-08:00"),
        copyright="© Ada",
        place=Place(latitude=33.9, longitude=-117.4),
    )


@pytest.mark.parametrize(
    ("core", "title"),
    [
        ({"title": {"x-default": "Harbour", "de": "Hafen"}}, "Harbour"),
        ({"title": {"de": "Hafen"}}, "Hafen"),
        ({"title": ["Harbour", "Hafen"]}, "Harbour"),
        ({"title": "  Har\x00bour\ud800 "}, "Harbour"),
        ({"title": 7}, ""),
        ({"title": {}}, ""),
        ([], ""),
    ],
)
def test_a_title_in_each_form_that_xmp_has(core: object, title: str) -> None:
    assert read(xmp={"dc": core}).title == title


@pytest.mark.parametrize(
    ("subject", "keywords"),
    [
        ({"sea": True, "boats": True, "old": False}, ("sea", "boats")),
        ("sea", ("sea",)),
        (["sea", 5, "", "sea", None, "boats"], ("sea", "boats")),
        (None, ()),
    ],
)
def test_keywords_in_each_form(subject: object, keywords: tuple[str, ...]) -> None:
    assert read(xmp={"dc": {"subject": subject}}).keywords == keywords


@pytest.mark.parametrize(
    ("payload", "rating"),
    [
        ({"ratings": {"a": {"rating": 2, "date": "2026-01-01"}, "b": {"rating": 5, "date": "2025-01-01"}}}, 2),
        ({"rating": 4}, 4),
        ({"xmp": {"xmp": {"Rating": 1}}}, 1),
        ({"xmp": {"xmp": {"Rating": -1}}}, None),
        ({"ratings": {"a": {"rating": True}}}, None),
        ({"ratings": [5]}, None),
        ({"rating": 6}, None),
        ({}, None),
    ],
)
def test_a_rating(payload: dict[str, Any], rating: int | None) -> None:
    assert rating_of({"payload": payload}) == rating


@pytest.mark.parametrize(
    ("payload", "flag"),
    [
        ({"reviews": {"a": {"flag": "reject", "date": "2026"}, "b": {"flag": "pick", "date": "2025"}}}, "reject"),
        ({"reviews": {"a": {"flag": "unflagged"}}}, "unflagged"),
        ({"picked": True}, "pick"),
        ({"picked": False}, "reject"),
        ({"picked": []}, "unflagged"),
        ({}, "unflagged"),
    ],
)
def test_a_flag(payload: dict[str, Any], flag: str) -> None:
    assert flag_of({"payload": payload}) == flag


@pytest.mark.parametrize("text", ["0000-00-00T00:00:00", "soon", "", 5, None, "2026-13-01T00:00:00"])
def test_what_is_no_time_is_none(text: object) -> None:
    assert read(captureDate=text).captured_at is None


def test_a_time_without_a_zone_gets_none() -> None:
    captured_at = read(captureDate="2026-06-01T20:15:00").captured_at
    assert captured_at is not None
    assert captured_at.tzinfo is None


@pytest.mark.parametrize(
    "location",
    [
        {"latitude": 91, "longitude": 0},
        {"latitude": float("nan"), "longitude": 0},
        {"latitude": "54", "longitude": 10},
        {"latitude": 54},
        {"latitude": True, "longitude": True},
        "Kiel",
    ],
)
def test_what_is_no_place_is_none(location: object) -> None:
    assert read_payload({"payload": {"location": location}}, location=True).place is None


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\photos\\passwd", "/etc/passwd", "passwd"])
def test_a_file_name_is_never_a_path(name: str) -> None:
    assert read(importSource={"fileName": name}).name == "passwd"


def test_a_text_without_an_end_is_cut() -> None:
    assert len(read(xmp={"dc": {"description": "a" * 1_000_000}}).caption) == LONGEST_TEXT


@pytest.mark.parametrize("id", ["../../v2/account", "A" * 32, "a" * 31, "", None, 5, ["a" * 32]])
def test_only_an_id_is_an_id(id: object) -> None:
    assert id_of({"id": id}) == ""


def test_a_version_without_a_time_of_the_server_still_differs_after_an_edit() -> None:
    before, after = ({**asset(rating=number), "updated": "0000-00-00T00:00:00"} for number in (1, 2))
    assert version_of(before) != version_of(after)
    assert version_of(before) == version_of(dict(before))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
NAMES = ("captureDate", "importSource", "ratings", "reviews", "location", "xmp", "rating", "picked")


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(st.sampled_from(NAMES), JSON),
    st.dictionaries(st.sampled_from(("dc", "xmp", "photoshop", "iptcCore")), JSON),
    st.dictionaries(st.sampled_from(("title", "description", "subject", "rights", "creator")), JSON),
)
def test_nothing_that_json_can_hold_breaks_the_reading(
    payload: dict[str, Any], xmp: dict[str, Any], core: dict[str, Any]
) -> None:
    for one in (payload, payload | {"xmp": xmp}, payload | {"xmp": xmp | {"dc": core}}):
        found = {"id": ID, "payload": one}
        info = read_payload(found, location=True)
        assert info.model_dump_json()
        assert flag_of(found) in ("pick", "reject", "unflagged")
        assert version_of(found).startswith("digest-")
