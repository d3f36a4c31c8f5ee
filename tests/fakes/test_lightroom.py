"""The fake Lightroom refuses what the real one refuses, and lists, makes and forgets as it does."""

from __future__ import annotations

import base64
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx
import pytest

from tests.fakes.faults import Fault
from tests.fakes.lightroom import TOKEN_PATH, FakeLightroom
from tests.fakes.lightroom_auth import CLIENT_ID
from tests.fakes.lightroom_caller import Caller, document
from tests.fakes.lightroom_renditions import draw


@pytest.fixture
def lightroom() -> Iterator[FakeLightroom]:
    with FakeLightroom() as fake:
        yield fake


@pytest.fixture
def call(lightroom: FakeLightroom) -> Caller:
    return Caller(lightroom)


class TestAccess:
    def test_a_call_needs_the_key_and_a_token(self, lightroom: FakeLightroom, call: Caller) -> None:
        assert call("GET", "/v2/account").status_code == 200
        wrong_key = call("GET", "/v2/account", headers={"x-api-key": "other"})
        assert (wrong_key.status_code, document(wrong_key)["code"]) == (403, 403003)
        for authorization in ("Bearer other", "", f"Basic {lightroom.connected[0].text}"):
            refused = call("GET", "/v2/account", headers={"authorization": authorization})
            assert refused.status_code == 401

    def test_health_needs_the_key_alone(self, lightroom: FakeLightroom) -> None:
        url = lightroom.base_url + "/v2/health"
        assert httpx.get(url, headers={"x-api-key": CLIENT_ID}).status_code == 200
        assert httpx.get(url).status_code == 403

    def test_an_access_token_ends_after_a_day(self, lightroom: FakeLightroom, call: Caller) -> None:
        lightroom.advance(24 * 60 * 60)
        assert call("GET", "/v2/account").status_code == 401

    def test_another_catalog_is_not_there(self, call: Caller) -> None:
        assert call("GET", f"/v2/catalogs/{'0' * 32}/assets").status_code == 404

    def test_too_many_requests_have_an_empty_body(self, lightroom: FakeLightroom, call: Caller) -> None:
        lightroom.script(Fault.RATE_LIMITED)
        refused = call("GET", "/v2/account")
        assert (refused.status_code, refused.content) == (429, b"")
        assert "retry-after" not in refused.headers


class TestTokens:
    def renew(self, lightroom: FakeLightroom, token: str, **more: Any) -> httpx.Response:
        form = {
            "grant_type": "refresh_token",
            "refresh_token": token,
            "client_id": CLIENT_ID,
            "client_secret": lightroom.client_secret,
        } | more
        return httpx.post(lightroom.base_url + TOKEN_PATH, data=form)

    def test_a_refresh_token_is_good_for_once(self, lightroom: FakeLightroom) -> None:
        first = self.renew(lightroom, lightroom.connected[1].text)
        assert first.status_code == 200
        again = self.renew(lightroom, lightroom.connected[1].text)
        assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
        assert self.renew(lightroom, first.json()["refresh_token"]).status_code == 200

    @pytest.mark.parametrize(
        ("changed", "error"),
        [
            ({"client_secret": "other"}, "invalid_client"),
            ({"client_id": "other"}, "invalid_client"),
            ({"grant_type": "password"}, "unsupported_grant_type"),
        ],
    )
    def test_what_is_wrong_is_named(self, lightroom: FakeLightroom, changed: dict[str, str], error: str) -> None:
        refused = self.renew(lightroom, lightroom.connected[1].text, **changed)
        assert refused.json()["error"] == error

    def test_a_lost_answer_has_used_up_the_token_all_the_same(self, lightroom: FakeLightroom) -> None:
        lightroom.script(Fault.CUT_AFTER_PROCESSING, path=TOKEN_PATH)
        with pytest.raises(httpx.TransportError):
            self.renew(lightroom, lightroom.connected[1].text)
        assert self.renew(lightroom, lightroom.connected[1].text).status_code == 400


class TestLists:
    def test_photos_come_by_capture_time_backwards_page_by_page(self, lightroom: FakeLightroom, call: Caller) -> None:
        for number in (2, 1, 3):
            lightroom.catalog.add_photo(f"P{number}", captured=f"2026-01-0{number}T10:00:00")
        page = document(call.in_catalog("assets", params={"limit": 2}))
        assert [one["payload"]["xmp"]["dc"]["title"] for one in page["resources"]] == ["P3", "P2"]
        there = urljoin(page["base"], page["links"]["next"]["href"])
        last = document(call("GET", there.removeprefix(lightroom.base_url)))
        assert [one["payload"]["xmp"]["dc"]["title"] for one in last["resources"]] == ["P1"]
        assert "next" not in last["links"]

    def test_photos_of_the_same_time_stay_on_one_page(self, lightroom: FakeLightroom, call: Caller) -> None:
        for number in range(3):
            lightroom.catalog.add_photo(f"P{number}")
        assert len(call.listed(limit=1)) == 3

    def test_photos_without_a_time_are_the_last(self, lightroom: FakeLightroom, call: Caller) -> None:
        lightroom.catalog.add_photo("Scan", captured="0000-00-00T00:00:00")
        lightroom.catalog.add_photo("Photo")
        assert call.listed() == ["Photo", "Scan"]
        assert call.listed(captured_after="-0001-12-31T23:59:59") == ["Photo", "Scan"]

    def test_only_what_was_updated_since(self, lightroom: FakeLightroom, call: Caller) -> None:
        old = lightroom.catalog.add_photo("Old")
        new = lightroom.catalog.add_photo("New")
        assert call.listed(updated_since=new.updated) == ["New"]
        lightroom.is_since_inclusive = False
        assert call.listed(updated_since=new.updated) == []
        lightroom.catalog.edit(old.id, "Old, edited")
        assert call.listed(updated_since=new.updated) == ["Old, edited"]

    def test_an_edit_keeps_what_it_does_not_change(self, lightroom: FakeLightroom) -> None:
        photo = lightroom.catalog.add_photo("Old", caption="Words", rating=3)
        before = photo.updated
        lightroom.catalog.edit(photo.id, "New")
        assert photo.updated > before
        assert photo.payload["xmp"]["dc"] == {"title": "New", "description": "Words"}
        assert next(iter(photo.payload["ratings"].values()))["rating"] == 3

    def test_subtypes_and_incomplete_photos(self, lightroom: FakeLightroom, call: Caller) -> None:
        lightroom.catalog.add_photo("Film", subtype="video")
        lightroom.catalog.add_photo("Coming", is_complete=False)
        assert call.listed(subtype="image") == ["Coming"]
        assert call.listed(subtype="image", exclude="incomplete") == []
        assert len(call.listed(subtype="image;video")) == 2

    @pytest.mark.parametrize(
        "query",
        [
            {"captured_before": "2026-01-01T00:00:00", "captured_after": "2025-01-01T00:00:00"},
            {"updated_since": "yesterday"},
            {"limit": "501"},
            {"limit": "0"},
            {"asset_ids": "a", "limit": "5"},
            {"exclude": "everything"},
            {"flag": "pick"},
            {"offset": "5"},
        ],
    )
    def test_what_the_interface_does_not_have_is_refused(self, call: Caller, query: dict[str, str]) -> None:
        refused = call.in_catalog("assets", params=query)
        assert (refused.status_code, document(refused)["code"]) == (400, 1005)

    def test_an_album_has_its_photos_whole_only_if_asked(self, lightroom: FakeLightroom, call: Caller) -> None:
        album, photo = lightroom.catalog.add_album("Feed"), lightroom.catalog.add_photo("Chosen", flag="pick")
        lightroom.catalog.add_photo("Other")
        lightroom.catalog.add_to_album(album.id, photo.id)
        path = f"albums/{album.id}/assets"
        assert call.listed(path, embed="asset") == ["Chosen"]
        assert call.listed(path, embed="asset", flag="reject;unflagged") == []
        [bare] = document(call.in_catalog(path))["resources"]
        assert bare["asset"].keys() == {"id", "links"}
        assert bare["updated"] == "0000-00-00T00:00:00"
        for query in ({"flag": "pick", "album_filters": "true"}, {"updated_since": photo.updated}):
            assert call.in_catalog(path, params=query).status_code == 400

    def test_albums_come_by_name(self, lightroom: FakeLightroom, call: Caller) -> None:
        for name in ("b", "a", "b", "c"):
            lightroom.catalog.add_album(name)
        assert call.listed("albums", limit=2) == ["a", "b", "b"]
        assert call.listed("albums", name_after="b") == ["c"]


class TestRenditions:
    def size(self, call: Caller, id: str, size: str, method: str = "GET") -> int:
        return call.in_catalog(f"assets/{id}/renditions/{size}", method).status_code

    def order(self, call: Caller, id: str, size: str) -> int:
        headers = {"x-generate-renditions": size}
        return call.in_catalog(f"assets/{id}/renditions", "POST", headers=headers).status_code

    def test_the_usual_sizes_are_there_once_the_photo_is_processed(
        self, lightroom: FakeLightroom, call: Caller
    ) -> None:
        lightroom.processing_seconds = 5
        photo = lightroom.catalog.add_photo("P")
        assert self.size(call, photo.id, "2048") == 404
        lightroom.advance(6)
        assert [self.size(call, photo.id, size) for size in ("thumbnail2x", "640", "1280", "2048")] == [200] * 4
        assert self.size(call, photo.id, "4096") == 400

    def test_full_size_is_made_on_demand_and_kept_for_a_day(self, lightroom: FakeLightroom, call: Caller) -> None:
        lightroom.making_seconds = 5
        photo = lightroom.catalog.add_photo("P")
        assert self.size(call, photo.id, "fullsize", "HEAD") == 404
        assert self.order(call, photo.id, "fullsize") == 202
        assert self.size(call, photo.id, "fullsize", "HEAD") == 404
        lightroom.advance(6)
        assert self.size(call, photo.id, "fullsize", "HEAD") == 200
        assert self.size(call, photo.id, "fullsize") == 200
        lightroom.advance(24 * 60 * 60)
        lightroom.connected = lightroom.connect()
        assert self.size(call, photo.id, "fullsize") == 404

    def test_an_edit_takes_it_away(self, lightroom: FakeLightroom, call: Caller) -> None:
        photo = lightroom.catalog.add_photo("P")
        self.order(call, photo.id, "fullsize")
        lightroom.catalog.edit(photo.id, "Q")
        assert self.size(call, photo.id, "fullsize") == 404

    def test_only_sizes_on_demand_are_made(self, lightroom: FakeLightroom, call: Caller) -> None:
        photo = lightroom.catalog.add_photo("P")
        assert self.order(call, photo.id, "2048") == 400
        assert self.order(call, photo.id, "") == 400

    def test_basic_access_has_none_on_demand(self, lightroom: FakeLightroom, call: Caller) -> None:
        lightroom.has_full_access = False
        photo = lightroom.catalog.add_photo("P")
        assert self.order(call, photo.id, "fullsize") == 403
        assert self.size(call, photo.id, "fullsize", "HEAD") == 403
        assert self.size(call, photo.id, "2048") == 200


class TestAnotherProcess:
    def control(self, url: str, name: str, /, **told: Any) -> httpx.Response:
        return httpx.post(f"{url}/control/{name}", json=told)

    def test_photos_edits_and_albums_come_from_outside(self, lightroom: FakeLightroom, call: Caller) -> None:
        lightroom.script(Fault.SERVER_ERROR, path="*")
        picture = base64.b64encode(draw("Mine")).decode()
        url = lightroom.base_url
        photo = self.control(url, "photos", label="P", rating=4, picture=picture).json()
        assert lightroom.catalog.photo(photo["id"]).picture == draw("Mine")
        assert self.control(url, "edits", id=photo["id"], label="Q").json()["updated"] > photo["updated"]
        album = self.control(url, "albums", name="Feed").json()["id"]
        self.control(url, "members", album=album, photo=photo["id"])
        assert call("GET", "/v2/account").status_code == 500, "a fault strikes a client, not the one who tells"
        assert call.listed(f"albums/{album}/assets", embed="asset") == ["Q"]
        held = httpx.get(f"{url}/_fake/photos").json()
        assert [one["id"] for one in held] == [photo["id"]]

    def test_what_makes_no_sense_is_refused(self, lightroom: FakeLightroom) -> None:
        for name, told in (("photos", {"picture": "?"}), ("edits", {"id": "x"}), ("members", {}), ("edits", {})):
            assert self.control(lightroom.base_url, name, **told).status_code == 400
        assert self.control(lightroom.base_url, "nonsense").status_code == 404

    def test_it_runs_alone_and_begins_where_it_ended(self, tmp_path: Path) -> None:
        command = [sys.executable, "-m", "tests.fakes.lightroom", "--state", str(tmp_path / "state.json")]

        def lifetime(add: bool) -> Any:
            root = Path(__file__).parents[2]
            with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as process:
                assert process.stdout is not None
                url = process.stdout.readline().strip()
                if add:
                    self.control(url, "photos", label="P")
                held = {name: httpx.get(f"{url}/_fake/{name}").json() for name in ("photos", "tokens")}
                process.send_signal(signal.SIGTERM)
            assert process.returncode == 0
            return held

        first = lifetime(add=True)
        assert len(first["photos"]) == 1
        assert lifetime(add=False) == first

    def test_a_reset_begins_anew(self, lightroom: FakeLightroom) -> None:
        lightroom.catalog.add_photo("P")
        token = lightroom.connected[0].text
        lightroom.reset()
        assert lightroom.state.photos == {}
        assert lightroom.connected[0].text != token
