"""What an asset of Lightroom says of its photo. Pure; of what is not as expected, only that is left out.

The payload is written by Adobe's apps. Adobe documents its frame (captureDate, importSource, develop); the names within
`xmp`, `ratings`, `reviews` and `location` are read from answers and clients that are public, 2026-11-20.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pressroom.photos import PhotoInfo, Place
from pressroom.sources._lightroom_cursor import moment_of

LONGEST_TEXT = 10_000
MOST_KEYWORDS = 500
_ID = re.compile(r"[0-9a-f]{32}")  # AdobeDocs, Primitive Data Types, 2026-11-20
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def id_of(resource: Mapping[str, Any]) -> str:
    """Return the id of an asset or album; empty if it has none that is one."""
    found = resource.get("id")
    return found if isinstance(found, str) and _ID.fullmatch(found) else ""


def version_of(asset: Mapping[str, Any]) -> str:
    """Return what is another after each edit: the server's time of it, or else a digest of all that it says."""
    updated = asset.get("updated")
    if isinstance(updated, str) and moment_of(updated):
        return updated
    said = json.dumps([asset.get("payload"), updated], sort_keys=True)
    return "digest-" + hashlib.sha256(said.encode(errors="surrogatepass")).hexdigest()[:32]


def read_payload(asset: Mapping[str, Any], *, location: bool) -> PhotoInfo:
    payload = _table(asset, "payload")
    xmp = _table(payload, "xmp")
    core = _table(xmp, "dc")
    name = _text(_table(payload, "importSource").get("fileName"))
    return PhotoInfo(
        name=name.replace("\\", "/").rpartition("/")[2],
        title=_text(core.get("title")),
        caption=_text(core.get("description")),
        alt_text=_text(_table(xmp, "iptcCore").get("AltTextAccessibility")),
        keywords=_keywords(core.get("subject")),
        rating=rating_of(asset),
        captured_at=_captured_at(payload.get("captureDate")),
        copyright=_text(core.get("rights")),
        credit=_text(core.get("creator")) or _text(_table(xmp, "photoshop").get("Credit")),
        place=_place(_table(payload, "location")) if location else None,
    )


def rating_of(asset: Mapping[str, Any]) -> int | None:
    """Return 0 to 5; what was rated in Lightroom's cloud last, or else what the file brought with it."""
    payload = _table(asset, "payload")
    candidates = (
        _latest(_table(payload, "ratings")).get("rating"),
        payload.get("rating"),
        _table(_table(payload, "xmp"), "xmp").get("Rating"),
    )
    for found in candidates:
        if isinstance(found, int | float) and not isinstance(found, bool) and 0 <= found <= 5:
            return int(found)
    return None


def flag_of(asset: Mapping[str, Any]) -> str:
    """Return "pick", "reject" or "unflagged"."""
    payload = _table(asset, "payload")
    flag = _latest(_table(payload, "reviews")).get("flag")
    if flag is None and isinstance(picked := payload.get("picked"), bool):
        return "pick" if picked else "reject"
    return str(flag) if flag in ("pick", "reject") else "unflagged"


def _latest(by_account: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the entry that was made last: `{"ACCOUNT": {"rating": 4, "date": "…"}}`."""
    entries = [entry for entry in by_account.values() if isinstance(entry, dict)]
    return max(entries, key=lambda entry: str(entry.get("date", "")), default={})


def _table(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = document.get(name)
    return found if isinstance(found, dict) else {}


def _text(found: object) -> str:
    """Read a text, the first of several, or one by language: `{"x-default": "…"}`."""
    if isinstance(found, dict):
        found = found.get("x-default", next(iter(found.values()), ""))
    if isinstance(found, list):
        found = next(iter(found), "")
    if not isinstance(found, str):
        return ""
    return _CONTROL.sub("", _clean(found)).strip()[:LONGEST_TEXT]


def _clean(text: str) -> str:
    """Leave out halves of characters, which JSON can hold and no file can."""
    return text.encode(errors="ignore").decode()


def _keywords(found: object) -> tuple[str, ...]:
    """Read a list, one word, or a table of words that are on."""
    if isinstance(found, dict):
        found = [word for word, is_on in found.items() if is_on]
    words = found if isinstance(found, list) else [found]
    return tuple(dict.fromkeys(word for one in words[:MOST_KEYWORDS] if (word := _text(one))))


def _captured_at(found: object) -> datetime | None:
    """Read a time as the camera told it, with its zone only if it has one; `0000-00-00T00:00:00` is none."""
    try:
        return datetime.fromisoformat(found) if isinstance(found, str) else None
    except ValueError:
        return None


def _place(location: Mapping[str, Any]) -> Place | None:
    latitude, longitude = location.get("latitude"), location.get("longitude")
    for degrees, most in ((latitude, 90), (longitude, 180)):
        if not isinstance(degrees, int | float) or isinstance(degrees, bool):
            return None
        if not math.isfinite(degrees) or abs(degrees) > most:
            return None
    return Place(latitude=float(latitude or 0), longitude=float(longitude or 0))
