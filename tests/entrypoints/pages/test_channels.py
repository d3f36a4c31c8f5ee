"""Where each channel stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from pressroom.backends.memory import build_memory_ports
from pressroom.composition import compose
from pressroom.config import Config
from pressroom.entrypoints.api.app import create_app
from tests.entrypoints.site import Client, Site, a_site


def test_every_channel_is_shown_with_its_limits_and_its_pace() -> None:
    html = a_site().page("/channels")
    assert 'id="channel-preview"' in html
    assert 'id="channel-main"' in html
    assert html.count('id="main"') == 1, "the page's own <main>, which a channel of that name must not be mixed up with"
    assert "280 weighted characters" in html
    assert "0 of 5 failures in a row" in html


def test_a_resting_channel_says_until_when_and_why() -> None:
    site = a_site()
    states = site.runtime.ports.channel_states
    resting = states.get("main").limited(site.clock.now() + timedelta(minutes=9), "X asks to wait.")
    states.put(replace(resting, version=resting.version + 1))
    html = site.page("/channels")
    assert "Resting" in html
    assert "2026-10-31T08:09:00Z" in html
    assert "X asks to wait." in html


def test_a_paused_channel_says_why_and_how_to_reconnect_and_opens_again() -> None:
    site = a_site()
    site.edition.pause("main", "The token was revoked.")
    html = site.page("/channels")
    assert "The token was revoked." in html
    assert "pressroom secrets set channels.main." in html
    assert site.submit("/channels/main/resume") == "/channels?note=resumed"
    assert "The token was revoked." not in site.page("/channels")


def test_secrets_are_shown_by_name_and_never_by_value() -> None:
    site = a_site()
    site.runtime.ports.secrets.set("channels.main.api_key", "tops3cret")
    html = site.page("/channels")
    assert "api_key" in html
    assert "tops3cret" not in html


def test_an_unknown_channel_cannot_be_opened() -> None:
    assert a_site().client.post("/channels/nowhere/resume").status_code == 404


def test_a_channel_with_broken_settings_is_shown_with_what_is_wrong() -> None:
    site = a_site()
    config = Config(workspace=site.runtime.config.workspace, channels={"odd": {"network": "x", "nonsense": 1}})
    runtime = compose(config, build_memory_ports(site.clock))
    broken = Site(runtime, Client(create_app(runtime), "http://127.0.0.1:8080"), site.edition, site.clock)
    assert "there is no such setting" in broken.page("/channels")
