"""The encrypted file of secrets."""

from __future__ import annotations

import base64
import errno
import itertools
import json
import multiprocessing
import os
import stat
import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pytest

from pressroom.backends._secret_file import SecretFile
from pressroom.backends.encrypted_file import EncryptedFileSecrets
from pressroom.contracts.secrets import SecretsContract
from pressroom.errors import BadInput, ConfigurationError

NAME = "channels.main.api_key"
VARIABLE = "PRESSROOM_SECRET__CHANNELS__MAIN__API_KEY"
VALUE = "a-known-secret-value"


class Place:
    """A folder with a file of secrets and its key; opened anew, as another process would."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "secrets.json"
        self.key_file = folder / "secret.key"

    def opened(self, environment: Mapping[str, str] | None = None) -> EncryptedFileSecrets:
        return EncryptedFileSecrets(self.file, self.key_file, environment or {})


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "workspace")


class TestEncryptedFileSecrets(SecretsContract):
    @pytest.fixture
    def secrets(self, place: Place) -> EncryptedFileSecrets:
        return place.opened()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_secret_is_read_back_by_another_process(place: Place) -> None:
    place.opened().set(NAME, VALUE)
    assert place.opened().get(NAME) == VALUE
    assert place.opened().names() == [NAME]


def test_an_unknown_secret_is_none_and_makes_no_file(place: Place) -> None:
    assert place.opened().get(NAME) is None
    assert not place.folder.exists()


def test_no_value_stands_in_any_file(place: Place) -> None:
    place.opened().set(NAME, VALUE)
    for path in place.folder.rglob("*"):
        if path.is_file():
            assert VALUE.encode() not in path.read_bytes()
            assert base64.b64encode(VALUE.encode()) not in path.read_bytes()


def test_nobody_else_may_read_any_file_of_it(place: Place) -> None:
    before = os.umask(0)
    try:
        secrets = place.opened()
        secrets.set(NAME, VALUE)
        with secrets.lock(NAME):
            modes = {path: mode(path) for path in [place.folder, *place.folder.rglob("*")]}
    finally:
        os.umask(before)
    assert len(modes) >= 5
    assert {path: found for path, found in modes.items() if found & 0o077} == {}


def test_repr_shows_nothing(place: Place) -> None:
    secrets = place.opened({VARIABLE: VALUE, "PRESSROOM_SECRET_KEY": base64.b64encode(b"k" * 32).decode()})
    assert VALUE not in repr(secrets)
    assert base64.b64encode(b"k" * 32).decode() not in repr(secrets) + repr(vars(secrets)["_key"])


def test_several_are_stored_at_once(place: Place) -> None:
    place.opened().set_many({"channels.main.access_token": "new", "channels.main.refresh_token": "newer"})
    secrets = place.opened()
    assert secrets.get("channels.main.access_token") == "new"
    assert secrets.get("channels.main.refresh_token") == "newer"


def test_of_several_none_is_stored_when_one_cannot_be(place: Place) -> None:
    secrets = place.opened()
    secrets.set(NAME, "old")
    with pytest.raises(BadInput, match="was given no value"):
        secrets.set_many({NAME: "new", "channels.main.refresh_token": ""})
    with pytest.raises(BadInput, match="cannot be the name of a secret"):
        secrets.set_many({NAME: "new", "nonsense": "value"})
    assert secrets.get(NAME) == "old"


def test_a_removed_secret_is_gone(place: Place) -> None:
    secrets = place.opened()
    secrets.set(NAME, VALUE)
    assert secrets.remove(NAME) is True
    assert secrets.remove(NAME) is False
    assert secrets.get(NAME) is None


@pytest.mark.parametrize("name", ["", "api_key", "a..b", "a.b/c", "a.__b", "a.b\n", "ä.b", "a." + "b" * 300])
def test_a_name_that_is_not_a_sections_is_refused(place: Place, name: str) -> None:
    with pytest.raises(BadInput, match="named after its section"):
        place.opened().get(name)


# The environment


def test_the_environment_beats_what_was_stored_before(place: Place) -> None:
    place.opened().set(NAME, "stored")
    assert place.opened({VARIABLE: "given"}).get(NAME) == "given"


def test_an_empty_variable_is_none(place: Place) -> None:
    place.opened().set(NAME, "stored")
    assert place.opened({VARIABLE: ""}).get(NAME) == "stored"


def test_a_hyphen_in_a_name_is_an_underscore_in_its_variable(place: Place) -> None:
    given = {"PRESSROOM_SECRET__CHANNELS__MY_SHOP__API_KEY": "given"}
    assert place.opened(given).get("channels.my-shop.api_key") == "given"


def test_names_list_what_is_stored_and_what_is_given_once_each(place: Place) -> None:
    place.opened().set_many({NAME: "stored", "channels.my-shop.api_key": "stored"})
    given = {
        VARIABLE: "given",
        "PRESSROOM_SECRET__CHANNELS__MY_SHOP__API_KEY": "given",
        "PRESSROOM_SECRET__GENERATORS__ART__API_KEY": "given",
        "PRESSROOM_SECRET_KEY": base64.b64encode(b"k" * 32).decode(),
    }
    assert place.opened(given).names() == [NAME, "channels.my-shop.api_key", "generators.art.api_key"]


def test_setting_a_name_that_the_environment_overrides_says_so_and_stores_nothing(place: Place) -> None:
    with pytest.raises(ConfigurationError, match=VARIABLE) as caught:
        place.opened({VARIABLE: "given"}).set(NAME, VALUE)
    assert "given" not in str(caught.value)
    assert VALUE not in str(caught.value)
    assert place.opened().get(NAME) is None


def test_a_rotated_token_wins_over_the_value_that_it_replaced(place: Place) -> None:
    environment = {VARIABLE: "first"}
    place.opened(environment).set_many({NAME: "second"})
    assert place.opened(environment).get(NAME) == "second"
    place.opened(environment).set_many({NAME: "third"})
    assert place.opened(environment).get(NAME) == "third"


def test_a_new_value_in_the_environment_wins_over_a_rotated_token(place: Place) -> None:
    place.opened({VARIABLE: "first"}).set_many({NAME: "second"})
    assert place.opened({VARIABLE: "reconnected"}).get(NAME) == "reconnected"


def test_going_back_to_a_replaced_value_does_not_bring_the_dead_token_back(place: Place) -> None:
    place.opened({VARIABLE: "first"}).set_many({NAME: "second"})
    place.opened({VARIABLE: "reconnected"}).set_many({NAME: "latest"})
    assert place.opened({VARIABLE: "first"}).get(NAME) == "latest"


def test_a_process_without_the_variable_rotates_for_those_that_have_it(place: Place) -> None:
    place.opened({VARIABLE: "first"}).set_many({NAME: "second"})
    place.opened().set_many({NAME: "third"})
    assert place.opened({VARIABLE: "first"}).get(NAME) == "third"


def test_a_person_may_set_what_was_rotated_although_the_old_variable_is_still_there(place: Place) -> None:
    environment = {VARIABLE: "first"}
    place.opened(environment).set_many({NAME: "second"})
    place.opened(environment).set(NAME, "by hand")
    assert place.opened(environment).get(NAME) == "by hand"


def test_removing_a_rotated_token_leaves_the_environments(place: Place) -> None:
    secrets = place.opened({VARIABLE: "first"})
    secrets.set_many({NAME: "second"})
    assert secrets.remove(NAME) is True
    assert secrets.get(NAME) == "first"


# The key


def test_the_key_may_come_from_the_environment_and_then_no_file_is_made(place: Place) -> None:
    environment = {"PRESSROOM_SECRET_KEY": base64.urlsafe_b64encode(b"\xff" * 32).decode()}
    place.opened(environment).set(NAME, VALUE)
    assert place.opened(environment).get(NAME) == VALUE
    assert not place.key_file.exists()


def test_a_wrong_key_is_told_from_a_damaged_secret(place: Place) -> None:
    place.opened().set(NAME, VALUE)
    other = place.opened({"PRESSROOM_SECRET_KEY": base64.b64encode(b"o" * 32).decode()})
    with pytest.raises(ConfigurationError, match=r"not the one that .* was locked with"):
        other.get(NAME)
    with pytest.raises(ConfigurationError, match=r"not the one that .* was locked with"):
        other.set("channels.main.other", VALUE)
    assert place.opened().get(NAME) == VALUE


@pytest.mark.parametrize("key", ["short", "ä" * 43, base64.b64encode(b"k" * 31).decode(), "=" * 44])
def test_a_key_of_another_form_is_refused_and_not_shown(place: Place, key: str) -> None:
    with pytest.raises(ConfigurationError, match="not 32 bytes in base64") as caught:
        place.opened({"PRESSROOM_SECRET_KEY": key}).set(NAME, VALUE)
    assert key not in str(caught.value)


@pytest.mark.parametrize("others", [0o640, 0o604, 0o620, 0o610])
def test_a_key_file_that_others_may_touch_is_refused_with_what_to_do(place: Place, others: int) -> None:
    place.opened().set(NAME, VALUE)
    place.key_file.chmod(others)
    with pytest.raises(ConfigurationError, match="chmod 600"):
        place.opened().get(NAME)
    place.key_file.chmod(0o600)
    assert place.opened().get(NAME) == VALUE


def test_a_lost_key_is_not_replaced_while_there_are_secrets(place: Place) -> None:
    place.opened().set(NAME, VALUE)
    place.key_file.unlink()
    with pytest.raises(ConfigurationError, match=r"key file .* is missing"):
        place.opened().get(NAME)
    with pytest.raises(ConfigurationError, match=r"key file .* is missing"):
        place.opened().set("channels.main.other", VALUE)
    with pytest.raises(ConfigurationError, match=r"key file .* is missing"):
        place.opened().derive("signed URLs")
    assert not place.key_file.exists()


def _derive(folder: Path) -> bytes:
    return Place(folder).opened().derive("signed URLs")


def test_processes_that_make_the_key_at_once_get_the_same_one(place: Place) -> None:
    with ProcessPoolExecutor(3, mp_context=multiprocessing.get_context("spawn")) as pool:
        keys = set(pool.map(_derive, [place.folder] * 6))
    assert keys == {_derive(place.folder)}
    assert sorted(path.name for path in place.folder.iterdir()) == ["secret.key"]


def test_threads_that_make_the_key_at_once_get_the_same_one(place: Place) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(_derive, [place.folder] * 16))) == 1


def test_a_derived_key_is_the_same_again_and_another_for_another_purpose(place: Place) -> None:
    key = place.opened().derive("signed URLs")
    place.opened().set(NAME, VALUE)
    assert place.opened().derive("signed URLs") == key
    assert place.opened().derive("sessions") != key
    assert len(key) == 32


# The file


def test_a_full_disk_leaves_the_old_secrets_and_no_draft(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = place.opened()
    secrets.set_many({NAME: "old", "channels.main.other": "old"})
    before = sorted(path.name for path in place.folder.iterdir())

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space left"):
            secrets.set_many({NAME: "new", "channels.main.other": "new"})
    assert (secrets.get(NAME), secrets.get("channels.main.other")) == ("old", "old")
    assert sorted(path.name for path in place.folder.iterdir()) == before


def _rotate_for_ever(folder: Path) -> None:
    secrets = Place(folder).opened()
    for number in itertools.count(1):
        secrets.set_many({NAME: str(number), "channels.main.other": str(number)})


def test_a_killed_writer_leaves_all_of_its_secrets_or_none(place: Place) -> None:
    spawn = multiprocessing.get_context("spawn")
    last = 0
    for _ in range(3):
        writer = spawn.Process(target=_rotate_for_ever, args=(place.folder,))
        writer.start()
        while int(place.opened().get(NAME) or 0) in (0, last):
            assert writer.is_alive()
        writer.kill()
        writer.join()
        secrets = place.opened()
        assert secrets.get(NAME) == secrets.get("channels.main.other")
        last = int(secrets.get(NAME) or 0)
        secrets.set("channels.main.third", "the lock is free again")


def test_a_secret_that_was_moved_to_another_name_is_not_accepted(place: Place) -> None:
    place.opened().set_many({NAME: "one", "channels.other.api_key": "two"})
    content = json.loads(place.file.read_text())
    content["secrets"][NAME] = content["secrets"]["channels.other.api_key"]
    place.file.write_text(json.dumps(content))
    with pytest.raises(ConfigurationError, match=f"secret {NAME} is damaged"):
        place.opened().get(NAME)
    assert place.opened().get("channels.other.api_key") == "two"


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"version": 1, "check": "x", "secrets": 3}'])
def test_a_damaged_file_is_said_to_be_damaged_and_not_written_over(place: Place, content: str) -> None:
    place.opened().set(NAME, VALUE)
    place.file.write_text(content)
    with pytest.raises(ConfigurationError, match="is damaged"):
        place.opened().set(NAME, "new")
    assert place.file.read_text() == content


def test_a_file_of_a_newer_version_is_left_alone(place: Place) -> None:
    place.opened().set(NAME, VALUE)
    content = json.loads(place.file.read_text()) | {"version": 2}
    place.file.write_text(json.dumps(content))
    with pytest.raises(ConfigurationError, match="newer version"):
        place.opened().set(NAME, "new")


def _set_ten(folder: Path, number: int) -> None:
    for index in range(10):
        Place(folder).opened().set(f"channels.c{number}.k{index}", f"value {number} {index}")


def test_writers_at_once_lose_nothing(place: Place) -> None:
    with ThreadPoolExecutor(2) as threads, ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as p:
        work = [pool.submit(_set_ten, place.folder, n) for n, pool in enumerate((threads, threads, p, p))]
        for each in work:
            each.result()
    secrets = place.opened()
    assert len(secrets.names()) == 40
    assert all(secrets.get(f"channels.c{n}.k{i}") == f"value {n} {i}" for n in range(4) for i in range(10))


def _count_up(folder: Path, times: int) -> None:
    secrets = Place(folder).opened()
    for _ in range(times):
        with secrets.lock("channels.main"):
            count = folder / "count"
            count.write_text(str(int(count.read_text()) + 1))


def test_a_lock_holds_across_threads_and_processes(place: Place) -> None:
    place.folder.mkdir()
    (place.folder / "count").write_text("0")
    with ThreadPoolExecutor(2) as threads, ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as p:
        for each in [pool.submit(_count_up, place.folder, 20) for pool in (threads, threads, p, p)]:
            each.result()
    assert (place.folder / "count").read_text() == "80"


def test_a_held_lock_does_not_hinder_others_nor_the_writing(place: Place) -> None:
    secrets = place.opened()
    with secrets.lock("channels.main"), secrets.lock("channels/main"), secrets.lock("channels.other"):
        secrets.set_many({NAME: "rotated"})
    assert secrets.get(NAME) == "rotated"


def settled(place: Place, monkeypatch: pytest.MonkeyPatch) -> EncryptedFileSecrets:
    """Return secrets that were opened when their files had stood still for a while."""
    place.opened().set(NAME, VALUE)
    now = time.time_ns() + 10**9
    monkeypatch.setattr(time, "time_ns", lambda: now)
    secrets = place.opened()
    assert secrets.get(NAME) == VALUE
    return secrets


def test_files_that_stand_still_are_read_once(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = settled(place, monkeypatch)
    monkeypatch.setattr(SecretFile, "read", lambda file: pytest.fail(f"{file} is read again"))
    assert secrets.get(NAME) == VALUE


def test_what_another_process_stores_counts_at_once(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = settled(place, monkeypatch)
    place.opened().set(NAME, "another")
    assert secrets.get(NAME) == "another"
    place.opened().remove(NAME)
    assert secrets.get(NAME) is None


def test_files_that_have_just_changed_are_read_each_time(place: Place) -> None:
    secrets = place.opened()
    for number in range(20):
        place.opened().set(NAME, f"value-{number:02}")
        assert secrets.get(NAME) == f"value-{number:02}"


def test_a_known_secret_is_not_told_any_more_once_its_key_is_open_to_others_or_gone(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = settled(place, monkeypatch)
    place.key_file.chmod(0o644)
    with pytest.raises(ConfigurationError, match="others than its owner"):
        secrets.get(NAME)
    place.key_file.chmod(0o600)
    assert secrets.get(NAME) == VALUE
    place.key_file.unlink()
    with pytest.raises(ConfigurationError, match="missing"):
        secrets.get(NAME)


def test_no_known_secret_is_in_what_represents_them(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = settled(place, monkeypatch)
    assert VALUE not in repr(secrets) + repr(secrets._opened)
