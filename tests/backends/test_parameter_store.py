"""The settings of a deployment in Parameter Store."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pressroom.backends import parameter_store
from pressroom.backends.aws_clients import AwsClients
from pressroom.config import load_values
from pressroom.errors import ConfigurationError
from tests.emulated_aws import clients

SECTIONS: dict[str, dict[str, Any]] = {
    "server": {"public_base_url": "https://press.example"},
    "channels/main": {"network": "x", "texts": {"footer": "kočka"}},
    "channels/sky": {"network": "bluesky"},
    "pipelines/daily_post": {"channels": ["main", "sky"]},
}


@pytest.fixture
def aws() -> AwsClients:
    return clients()


def test_what_was_written_is_read_as_the_file_would_give_it(aws: AwsClients) -> None:
    assert parameter_store.write(aws, SECTIONS) == sorted(SECTIONS)
    values = parameter_store.read(aws)
    assert values == {
        "server": {"public_base_url": "https://press.example"},
        "channels": {"main": {"network": "x", "texts": {"footer": "kočka"}}, "sky": {"network": "bluesky"}},
        "pipelines": {"daily_post": {"channels": ["main", "sky"]}},
    }
    loaded = load_values(values, {"PRESSROOM_SERVER__PORT": "80"}, Path("/w"))
    assert (loaded.server.public_base_url, loaded.server.port) == ("https://press.example", 80)
    assert loaded.channels["main"]["network"] == "x"


def test_more_sections_than_stand_on_one_page_are_all_read(aws: AwsClients) -> None:
    parameter_store.write(aws, {f"channels/c{number}": {"network": "x"} for number in range(23)})
    assert len(parameter_store.read(aws)["channels"]) == 23


def test_only_what_changed_is_written_and_what_is_gone_is_removed(aws: AwsClients) -> None:
    parameter_store.write(aws, SECTIONS)
    fewer = {name: values for name, values in SECTIONS.items() if name != "channels/sky"}
    assert parameter_store.write(aws, fewer | {"log": {"level": "debug"}}) == ["channels/sky", "log"]
    assert parameter_store.write(aws, fewer | {"log": {"level": "debug"}}) == []
    found = parameter_store.read(aws)
    assert list(found["channels"]) == ["main"]
    parameters = aws("ssm").get_parameters(Names=[f"/{aws.settings.name}/settings/server"])["Parameters"]
    assert [one["Version"] for one in parameters] == [1]


def test_settings_are_sealed_with_the_deployments_key(aws: AwsClients) -> None:
    parameter_store.write(aws, SECTIONS)
    [found] = aws("ssm").describe_parameters(
        ParameterFilters=[{"Key": "Name", "Values": [f"/{aws.settings.name}/settings/server"]}]
    )["Parameters"]
    assert (found["Type"], found["KeyId"]) == ("SecureString", f"alias/{aws.settings.name}")


def test_another_deployments_settings_are_not_read(aws: AwsClients) -> None:
    longer = AwsClients(aws.settings.model_copy(update={"name": f"{aws.settings.name}-b"}))
    parameter_store.write(aws, SECTIONS)
    parameter_store.write(longer, {"log": {"level": "debug"}})
    assert parameter_store.read(longer) == {"log": {"level": "debug"}}
    assert "log" not in parameter_store.read(aws)


def test_without_a_deployment_it_says_how_to_make_one(aws: AwsClients) -> None:
    with pytest.raises(ConfigurationError, match="pressroom aws deploy"):
        parameter_store.read(aws)


def test_a_section_that_is_too_large_is_named_before_anything_is_written(aws: AwsClients) -> None:
    with pytest.raises(ConfigurationError, match=r"\[channels\.main\] takes 8,2\d\d bytes") as caught:
        parameter_store.write(aws, {"server": {"port": 1}, "channels/main": {"footer": "ž" * 4_096}})
    assert caught.value.todo
    with pytest.raises(ConfigurationError, match="No settings"):
        parameter_store.read(aws)


def test_a_name_that_parameter_store_does_not_take_is_told(aws: AwsClients) -> None:
    with pytest.raises(ConfigurationError, match="'channels/my channel'"):
        parameter_store.write(aws, {"channels/my channel": {}})


@pytest.mark.parametrize("text", ["not JSON", "[]", '"text"'])
def test_what_somebody_has_spoilt_is_named(aws: AwsClients, text: str) -> None:
    name = f"/{aws.settings.name}/settings/channels/main"
    aws("ssm").put_parameter(Name=name, Value=text, Type="String")
    with pytest.raises(ConfigurationError, match=name):
        parameter_store.read(aws)
