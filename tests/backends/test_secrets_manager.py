"""The secrets in AWS Secrets Manager: a section in one write, nobody's write lost, nothing shown."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest

from pressroom.backends.aws_clients import AwsClients
from pressroom.backends.memory.secrets import MemorySecrets
from pressroom.backends.secrets_manager import KEPT, SecretsManagerSecrets
from pressroom.contracts.base import at_once
from pressroom.contracts.secrets import SecretsContract
from pressroom.errors import BadInput, ConfigurationError, PressroomError, Unavailable
from pressroom.testing.clock import ManualClock
from tests.backends.test_aws_troubles import refusal
from tests.emulated_aws import clients

TOKEN = "channels.main.access_token"
VARIABLE = "PRESSROOM_SECRET__CHANNELS__MAIN__ACCESS_TOKEN"
VALUE = "planted-secret"
Open = Callable[..., SecretsManagerSecrets]


class Locks:
    """The lock of the other port, as a machine of its own would have it."""

    def __init__(self) -> None:
        self._held = MemorySecrets()

    def __call__(self, name: str, *, wait: timedelta) -> AbstractContextManager[object]:
        return self._held.lock(name, wait=wait)


class Bench:
    @pytest.fixture
    def clock(self) -> ManualClock:
        return ManualClock()

    @pytest.fixture
    def aws(self) -> AwsClients:
        return clients()

    @pytest.fixture
    def opened(self, aws: AwsClients, clock: ManualClock) -> Open:
        """Open the secrets as another machine would."""
        locks = Locks()

        def opened(environment: Mapping[str, str] | None = None) -> SecretsManagerSecrets:
            return SecretsManagerSecrets(aws, locks, environment or {}, clock)

        return opened

    @pytest.fixture
    def secrets(self, opened: Open) -> SecretsManagerSecrets:
        return opened()


class TestSecretsManager(Bench, SecretsContract):
    pass


class TestSections(Bench):
    def test_a_section_is_one_secret_of_its_own_name_and_key(
        self, secrets: SecretsManagerSecrets, aws: AwsClients
    ) -> None:
        secrets.set_many({TOKEN: "a", "channels.main.refresh_token": "r"})
        name = f"{aws.settings.name}/channels.main"
        assert json.loads(stored(aws, "channels.main")) == {"access_token": "a", "refresh_token": "r"}
        assert aws("secretsmanager").describe_secret(SecretId=name)["KmsKeyId"] == f"alias/{aws.settings.name}"

    def test_a_change_keeps_the_version_before_for_whoever_must_go_back(
        self, secrets: SecretsManagerSecrets, aws: AwsClients
    ) -> None:
        secrets.set(TOKEN, "old")
        secrets.set(TOKEN, "new")
        assert json.loads(stored(aws, "channels.main")) == {"access_token": "new"}
        assert json.loads(stored(aws, "channels.main", VersionStage="AWSPREVIOUS")) == {"access_token": "old"}

    def test_many_that_store_into_one_section_at_once_lose_nothing(
        self, opened: Open, secrets: SecretsManagerSecrets
    ) -> None:
        names = [f"channels.main.key-{number}" for number in range(4)]
        outcomes = at_once(lambda name: opened().set(name, name), names)
        kept = [name for name, outcome in zip(names, outcomes, strict=True) if outcome is None]
        assert all(outcome is None or isinstance(outcome, Unavailable) for outcome in outcomes)
        assert kept
        assert secrets.names() == kept

    def test_a_write_on_what_is_not_current_any_more_is_decided_anew(
        self, secrets: SecretsManagerSecrets, opened: Open
    ) -> None:
        secrets.set(TOKEN, "old")
        other, sections = opened(), secrets._sections
        rounds = []

        def alter(current: Any) -> Any:
            rounds.append(sorted(current.values))
            if len(rounds) == 1:
                other.set("channels.main.refresh_token", "r")
            return type(current)({**current.values, "api_key": "k"}, version=current.version)

        sections.change("channels.main", alter)
        assert rounds == [["access_token"], ["access_token", "refresh_token"]]
        assert opened().names() == [
            "channels.main.access_token",
            "channels.main.api_key",
            "channels.main.refresh_token",
        ]

    def test_what_another_machine_stored_is_seen_after_some_seconds(
        self, secrets: SecretsManagerSecrets, opened: Open, clock: ManualClock
    ) -> None:
        secrets.set(TOKEN, "old")
        assert secrets.get(TOKEN) == "old"
        opened().set(TOKEN, "new")
        assert secrets.get(TOKEN) == "old"
        clock.advance(KEPT)
        assert secrets.get(TOKEN) == "new"

    def test_under_a_lock_nothing_older_is_seen(self, secrets: SecretsManagerSecrets, opened: Open) -> None:
        secrets.set(TOKEN, "old")
        assert secrets.get(TOKEN) == "old"
        opened().set(TOKEN, "renewed")
        with secrets.lock("channels.main.tokens"):
            assert secrets.get(TOKEN) == "renewed"

    def test_reading_several_secrets_of_a_section_asks_aws_once(
        self, secrets: SecretsManagerSecrets, aws: AwsClients
    ) -> None:
        secrets.set_many({TOKEN: "a", "channels.main.refresh_token": "r"})
        asked: list[str] = []
        aws("secretsmanager").meta.events.register(
            "before-call.secretsmanager", lambda model, **_: asked.append(model.name)
        )
        for name in (TOKEN, "channels.main.refresh_token", "channels.main.api_key"):
            secrets.get(name)
        assert asked == ["GetSecretValue"]

    def test_sections_are_written_one_after_the_other_and_an_error_says_how_far_it_came(
        self, secrets: SecretsManagerSecrets, opened: Open
    ) -> None:
        with pytest.raises(BadInput, match=r"Stored already: the secrets of a\.") as caught:
            secrets.set_many({"a.key": "1", "b.key": "planted-secret" * 5000, "c.key": "3"})
        assert "planted-secret" not in str(caught.value.problem())
        assert opened().names() == ["a.key"]

    def test_what_is_no_document_of_ours_is_told_and_not_shown(
        self, secrets: SecretsManagerSecrets, aws: AwsClients
    ) -> None:
        for number, text in enumerate(["planted-secret", '["planted-secret"]', '{"api_key": {"x": "planted-secret"}}']):
            aws("secretsmanager").create_secret(Name=f"{aws.settings.name}/channels.c{number}", SecretString=text)
            with pytest.raises(ConfigurationError, match="no JSON document") as caught:
                secrets.get(f"channels.c{number}.api_key")
            assert "planted-secret" not in "".join(traceback.format_exception(caught.value))

    def test_a_place_that_was_deployed_without_a_value_takes_its_first(
        self, secrets: SecretsManagerSecrets, aws: AwsClients, opened: Open
    ) -> None:
        aws("secretsmanager").create_secret(Name=f"{aws.settings.name}/channels.main")
        assert secrets.get(TOKEN) is None
        assert secrets.names() == []
        secrets.set(TOKEN, "first")
        secrets.set(TOKEN, "second")
        assert opened().get(TOKEN) == "second"


class TestRemoval(Bench):
    def test_the_last_secret_takes_its_section_with_it_for_a_week(
        self, secrets: SecretsManagerSecrets, aws: AwsClients
    ) -> None:
        secrets.set_many({TOKEN: "a", "channels.main.refresh_token": "r"})
        assert secrets.remove(TOKEN)
        assert json.loads(stored(aws, "channels.main")) == {"refresh_token": "r"}
        assert secrets.remove("channels.main.refresh_token")
        gone = aws("secretsmanager").describe_secret(SecretId=f"{aws.settings.name}/channels.main")
        assert gone["DeletedDate"].date() is not None
        assert secrets.get(TOKEN) is None

    def test_what_was_removed_can_be_set_again_and_nothing_old_comes_back(
        self, secrets: SecretsManagerSecrets, opened: Open
    ) -> None:
        secrets.set_many({TOKEN: "a", "channels.main.refresh_token": "r"})
        for name in (TOKEN, "channels.main.refresh_token"):
            secrets.remove(name)
        secrets.set(TOKEN, "again")
        assert opened().names() == [TOKEN]
        assert opened().get(TOKEN) == "again"

    def test_what_somebody_deleted_in_the_console_does_not_come_back_either(
        self, secrets: SecretsManagerSecrets, aws: AwsClients, opened: Open
    ) -> None:
        secrets.set_many({TOKEN: "a", "channels.main.refresh_token": "r"})
        aws("secretsmanager").delete_secret(SecretId=f"{aws.settings.name}/channels.main", RecoveryWindowInDays=7)
        machine = opened()
        assert machine.get(TOKEN) is None
        machine.set(TOKEN, "again")
        assert opened().get("channels.main.refresh_token") is None


class TestEnvironment(Bench):
    def test_a_variable_wins_until_a_newer_value_was_stored_in_its_place(self, opened: Open) -> None:
        opened().set(TOKEN, "stored")
        machine = opened({VARIABLE: "given"})
        assert machine.get(TOKEN) == "given"
        machine.set_many({TOKEN: "renewed"})
        assert machine.get(TOKEN) == "renewed"
        assert opened({VARIABLE: "given"}).get(TOKEN) == "renewed"
        assert opened({VARIABLE: "another"}).get(TOKEN) == "another"

    def test_what_a_variable_would_override_is_not_stored_by_hand(self, opened: Open) -> None:
        with pytest.raises(ConfigurationError, match=VARIABLE):
            opened({VARIABLE: "given"}).set(TOKEN, "new")
        assert opened().get(TOKEN) is None

    def test_a_variable_has_a_name_like_any_other(self, opened: Open) -> None:
        opened().set("a.key", "1")
        assert opened({VARIABLE: "given", "PRESSROOM_SECRET__A__KEY": "2"}).names() == [
            "a.key",
            "channels.main.access_token",
        ]


class TestDerived(Bench):
    def test_what_is_derived_is_the_same_on_every_machine_and_for_one_purpose(self, opened: Open) -> None:
        keys = at_once(lambda _: opened().derive("asset urls"), range(4))
        assert len({str(key) for key in keys}) == 1
        assert len(opened().derive("asset urls")) == 32
        assert opened().derive("another") != opened().derive("asset urls")

    def test_what_it_is_derived_from_is_no_secret_of_the_user(self, opened: Open) -> None:
        opened().derive("asset urls")
        assert opened().names() == []


class TestRights(Bench):
    """A function may read its own sections alone; moto lets everybody do everything."""

    def denied(self, secrets: SecretsManagerSecrets, monkeypatch: pytest.MonkeyPatch, said: str) -> None:
        def refuse(**_: Any) -> None:
            raise refusal("AccessDeniedException", 400, said)

        monkeypatch.setattr(secrets._sections._client, "get_secret_value", refuse)

    def test_what_a_role_may_not_read_counts_as_not_set(
        self, secrets: SecretsManagerSecrets, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        said = "User is not authorized to perform: secretsmanager:GetSecretValue on resource"
        self.denied(secrets, monkeypatch, said)
        assert secrets.get("generators.rekognition.access_key_id") is None
        with pytest.raises(ConfigurationError, match="secretsmanager:GetSecretValue"):
            secrets.set("generators.rekognition.access_key_id", "new")

    def test_what_it_may_read_and_cannot_open_is_an_error(
        self, secrets: SecretsManagerSecrets, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.denied(secrets, monkeypatch, "Access to KMS is not allowed")
        with pytest.raises(ConfigurationError, match="kms:Decrypt"):
            secrets.get(TOKEN)

    def test_what_it_may_not_write_is_an_error(
        self, secrets: SecretsManagerSecrets, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        secrets.set(TOKEN, "old")

        def refuse(**_: Any) -> None:
            raise refusal("AccessDeniedException", 400, "not authorized")

        monkeypatch.setattr(secrets._sections._client, "put_secret_value", refuse)
        with pytest.raises(ConfigurationError, match="UpdateSecretVersionStage"):
            secrets.set(TOKEN, "new")

    def test_a_role_that_may_not_make_the_key_is_told_who_does(
        self, secrets: SecretsManagerSecrets, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(**_: Any) -> None:
            raise refusal("AccessDeniedException", 400, "not authorized")

        monkeypatch.setattr(secrets._sections._client, "create_secret", refuse)
        with pytest.raises(ConfigurationError) as caught:
            secrets.derive("asset urls")
        assert caught.value.todo.startswith("Run `pressroom aws prepare`")


class TestSilence(Bench):
    def test_no_error_of_aws_is_repeated(self, secrets: SecretsManagerSecrets, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(**given: Any) -> None:
            raise refusal("ValidationException", 400, f"1 error: {given['SecretString']}")

        monkeypatch.setattr(secrets._sections._client, "create_secret", refuse)
        with pytest.raises(PressroomError) as caught:
            secrets.set(TOKEN, VALUE)
        shown = "".join(traceback.format_exception(caught.value)) + str(caught.value.problem())
        assert "planted-secret" not in shown

    def test_a_value_that_was_read_is_shown_nowhere(self, secrets: SecretsManagerSecrets) -> None:
        secrets.set(TOKEN, "planted-secret")
        secrets.get(TOKEN)
        assert "planted-secret" not in repr(vars(secrets)) + repr(secrets) + repr(secrets._sections)

    @pytest.mark.parametrize("name", ["", "api_key", "channels..key", "../etc.x", "channels.main._replaced"])
    def test_what_cannot_be_a_name_is_refused(self, secrets: SecretsManagerSecrets, name: str) -> None:
        for call in (lambda: secrets.get(name), lambda: secrets.set(name, "x"), lambda: secrets.remove(name)):
            with pytest.raises(BadInput):
                call()

    def test_a_secret_without_a_value_is_refused(self, secrets: SecretsManagerSecrets) -> None:
        with pytest.raises(BadInput, match="Remove it instead"):
            secrets.set(TOKEN, "")


def stored(aws: AwsClients, section: str, **more: str) -> str:
    found = aws("secretsmanager").get_secret_value(
        SecretId=f"{aws.settings.name}/{section}", **({"VersionStage": "AWSCURRENT"} | more)
    )
    return str(found["SecretString"])
