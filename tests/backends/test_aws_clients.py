"""The clients of AWS: made once, with time-outs of ours, and errors that say what is missing."""

from __future__ import annotations

import sys

import pytest

from pressroom.backends.aws_clients import AwsClients
from pressroom.config import Aws
from pressroom.errors import ConfigurationError
from tests.emulated_aws import REGION, clients


def test_a_client_is_made_once_and_gives_up_soon() -> None:
    made = clients()
    assert made("s3") is made("s3")
    config = made("s3").meta.config
    assert (config.connect_timeout, config.read_timeout) == (3, 10)
    assert config.retries == {"mode": "standard", "total_max_attempts": 5}
    made.close()


def test_the_account_is_asked_once() -> None:
    made = clients()
    assert made.account() == "123456789012"
    made.close()
    assert made.account() == "123456789012"
    assert "sts" not in made._made


def test_the_account_of_the_settings_is_asked_of_nobody() -> None:
    assert AwsClients(Aws(account="210987654321", endpoint_url="http://127.0.0.1:1")).account() == "210987654321"


def test_the_credentials_are_those_of_this_machine() -> None:
    found = clients().credentials()
    assert (found.access_key, found.secret_key) == ("test", "test")


def test_without_credentials_it_says_how_to_sign_in(monkeypatch: pytest.MonkeyPatch) -> None:
    clients()
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    with pytest.raises(ConfigurationError, match="aws sso login"):
        AwsClients(Aws(region=REGION)).credentials()


def test_without_a_region_it_says_which_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_DEFAULT_REGION", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    with pytest.raises(ConfigurationError, match="AWS_REGION"):
        AwsClients(Aws())("dynamodb")


def test_without_the_library_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)
    with pytest.raises(ConfigurationError, match=r"pressroom\[aws\]"):
        AwsClients(Aws(region=REGION))
