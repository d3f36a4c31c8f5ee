"""Lightroom's tokens are renewed once, kept before they are used, and given up only on Adobe's own word."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pressroom.backends.memory.secrets import MemorySecrets
from pressroom.clocks import SystemClock
from pressroom.errors import AccountDisconnected, Unavailable
from pressroom.sources._lightroom_auth import IMS_TOKEN_URL, token_url
from tests.fakes.faults import Fault
from tests.fakes.lightroom import TOKEN_PATH, FakeLightroom
from tests.sources.lightroom_bench import (
    ACCESS,
    REFRESH,
    Bench,
    a_bench,
    file_secrets,
    look,
    make_source,
    secrets_of,
    titles,
)

ROOT = Path(__file__).parents[2]
DAYS = 2 * 24 * 60 * 60


@pytest.fixture
def bench() -> Iterator[Bench]:
    with a_bench() as bench:
        bench.fake.catalog.add_photo("Harbour")
        yield bench


def a_process(folder: Path, fake: FakeLightroom) -> subprocess.Popen[str]:
    """Another process that looks once, with the secrets of a file."""
    command = [sys.executable, "-m", "tests.sources.lightroom_bench", str(folder), fake.base_url]
    environment = os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'src'}"}
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def test_an_ended_token_is_renewed_and_the_look_goes_on(bench: Bench) -> None:
    before = (bench.secrets.get(ACCESS), bench.secrets.get(REFRESH))
    bench.fake.advance(DAYS)
    assert titles(look(bench.source())[0]) == ["Harbour"]
    after = (bench.secrets.get(ACCESS), bench.secrets.get(REFRESH))
    assert set(before).isdisjoint(after)
    assert all(after)
    look(bench.source())
    assert len(bench.asked(TOKEN_PATH)) == 1


def test_the_token_is_renewed_again_with_the_rotated_refresh_token(bench: Bench) -> None:
    source = bench.source()
    for _ in range(3):
        bench.fake.advance(DAYS)
        look(source)
    assert len(bench.asked(TOKEN_PATH)) == 3


def test_a_public_client_has_no_secret() -> None:
    with a_bench(client_secret="") as bench:
        bench.fake.advance(DAYS)
        look(bench.source())
        assert len(bench.asked(TOKEN_PATH)) == 1


def test_a_fetch_renews_as_well(bench: Bench) -> None:
    source = bench.source()
    [item], _ = look(source)
    bench.fake.advance(DAYS)
    assert source.fetch(item).data


def test_threads_that_meet_the_end_at_once_renew_it_once(bench: Bench) -> None:
    bench.fake.advance(DAYS)
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda source: titles(look(source)[0]), [bench.source() for _ in range(4)]))
    assert found == [["Harbour"]] * 4
    assert len(bench.asked(TOKEN_PATH)) == 1


def test_two_processes_that_meet_the_end_at_once_renew_it_once(bench: Bench, tmp_path: Path) -> None:
    file_secrets(tmp_path).set_many(secrets_of(bench.fake))
    bench.fake.advance(DAYS)
    bench.fake.script(Fault.SLOW_ANSWER, path=TOKEN_PATH)
    processes = [a_process(tmp_path, bench.fake) for _ in range(2)]
    bench.fake.wait_until(lambda: len(bench.asked("/v2/catalog")) == 2 and bench.asked(TOKEN_PATH), 60)
    bench.fake.release()
    assert [process.communicate(timeout=60)[0] for process in processes] == ["1\n", "1\n"]
    assert len(bench.asked(TOKEN_PATH)) == 1


def test_a_process_that_is_killed_after_the_exchange_loses_nothing(bench: Bench, tmp_path: Path) -> None:
    secrets = file_secrets(tmp_path)
    secrets.set_many(secrets_of(bench.fake))
    bench.fake.advance(DAYS)
    # The first question meets the ended token; the second is the first use of the new one.
    bench.fake.script(Fault.TIMEOUT_NOT_PROCESSED, path="/v2/catalog", skip=1)
    process = a_process(tmp_path, bench.fake)
    bench.fake.wait_until(lambda: len(bench.asked("/v2/catalog")) == 2, 60)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    bench.fake.release()
    assert titles(look(make_source(secrets, SystemClock(), base_url=bench.fake.base_url))[0]) == ["Harbour"]
    assert len(bench.asked(TOKEN_PATH)) == 1


@pytest.mark.parametrize(
    "fault",
    [
        Fault.SERVER_ERROR,
        Fault.UNAVAILABLE,
        Fault.RATE_LIMITED_BARE,
        Fault.JUNK_BODY,
        Fault.EMPTY_BODY,
        Fault.CUT_BEFORE_PROCESSING,
    ],
)
def test_what_may_pass_is_no_reason_to_disconnect(bench: Bench, fault: Fault) -> None:
    bench.fake.advance(DAYS)
    bench.fake.script(fault, path=TOKEN_PATH)
    with pytest.raises(Unavailable):
        look(bench.source())
    assert titles(look(bench.source())[0]) == ["Harbour"]


def test_a_refresh_token_that_is_refused_asks_to_connect_again(bench: Bench) -> None:
    bench.fake.state.is_revoked = True
    with pytest.raises(AccountDisconnected, match="invalid_grant") as refused:
        look(bench.source())
    assert "access_token and refresh_token" in refused.value.todo


def test_a_wrong_client_secret_is_named(bench: Bench) -> None:
    bench.secrets.set("sources.lr.client_secret", "wrong")
    bench.fake.advance(DAYS)
    with pytest.raises(AccountDisconnected, match="invalid_client") as refused:
        look(bench.source())
    assert "client_id and client_secret" in refused.value.todo


def test_without_a_refresh_token_the_end_is_told(bench: Bench) -> None:
    bench.secrets.remove(REFRESH)
    bench.fake.advance(DAYS)
    with pytest.raises(AccountDisconnected, match="no longer accepts"):
        look(bench.source())
    assert bench.asked(TOKEN_PATH) == []


@pytest.mark.parametrize("missing", ["client_id", "access_token"])
def test_a_missing_secret_is_named_and_nothing_is_asked(bench: Bench, missing: str) -> None:
    bench.secrets.remove(f"sources.lr.{missing}")
    with pytest.raises(AccountDisconnected, match=missing):
        look(bench.source())
    assert bench.asked() == []


@pytest.mark.parametrize("name", ["client_id", "access_token"])
def test_a_secret_with_a_line_break_is_named_without_being_shown(bench: Bench, name: str) -> None:
    bench.secrets.set(f"sources.lr.{name}", "abc\r\nx-other: 1")
    with pytest.raises(AccountDisconnected, match=name) as refused:
        look(bench.source())
    assert "x-other" not in str(refused.value)


def test_no_secret_stands_in_any_error_or_repr(bench: Bench) -> None:
    values = [value for name in bench.secrets.names() if (value := bench.secrets.get(name))]
    shown = [repr(bench.source()), repr(bench.source()._api), repr(vars(bench.source()._api))]
    for fault in (Fault.SERVER_ERROR, Fault.BAD_REQUEST, Fault.RATE_LIMITED, Fault.CUT_AFTER_PROCESSING):
        bench.fake.script(fault, path="/v2/catalog")
        with pytest.raises(Exception, match="Lightroom") as failed:
            look(bench.source())
        shown.append("".join(traceback.format_exception(failed.value)))
        shown.append(str(getattr(failed.value, "detail", "")))
    assert [value for value in values for text in shown if value in text] == []


@pytest.mark.parametrize(
    ("base_url", "chosen", "expected"),
    [
        ("https://lr.adobe.io", "", IMS_TOKEN_URL),
        ("https://lr.adobe.io/", "https://ims.example/token", "https://ims.example/token"),
        ("http://127.0.0.1:8000/", "", "http://127.0.0.1:8000/ims/token/v3"),
        ("https://notadobe.io", "", "https://notadobe.io/ims/token/v3"),
        ("https://adobe.io.example", "", "https://adobe.io.example/ims/token/v3"),
    ],
)
def test_tokens_are_renewed_at_adobe_for_adobe_only(base_url: str, chosen: str, expected: str) -> None:
    assert token_url(base_url, chosen) == expected


def test_a_refresh_token_goes_nowhere_but_to_the_token_url(bench: Bench) -> None:
    refresh = bench.secrets.get(REFRESH) or ""
    bench.fake.advance(DAYS)
    look(bench.source())
    seen = [one.path for one in bench.fake.requests if refresh in one.body.decode() + str(dict(one.headers))]
    assert seen == [TOKEN_PATH]


def test_secrets_are_trimmed() -> None:
    with a_bench() as bench:
        values = {name: f" {value}\n" for name, value in secrets_of(bench.fake).items()}
        source = make_source(MemorySecrets(values), bench.clock, base_url=bench.fake.base_url)
        bench.fake.advance(DAYS)
        assert look(source)[0] == []
