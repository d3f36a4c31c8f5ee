"""The shapes of the tables are what DynamoDB takes, and what tells Terraform of them."""

from __future__ import annotations

import pytest

from pressroom.backends.aws_clients import AwsClients
from pressroom.backends.dynamodb.table_shapes import LOG, STATE, TABLES, TableShape, creation


@pytest.mark.parametrize("shape", TABLES, ids=lambda shape: shape.suffix)
def test_a_table_stands_as_its_shape_says(shape: TableShape, clients: AwsClients) -> None:
    table = clients("dynamodb").describe_table(TableName=f"{clients.settings.name}-{shape.suffix}")["Table"]
    assert {each["AttributeName"]: each["KeyType"] for each in table["KeySchema"]} == {
        shape.hash_key.name: "HASH",
        shape.range_key.name: "RANGE",
    }
    assert {index["IndexName"] for index in table.get("GlobalSecondaryIndexes", ())} == {
        index.name for index in shape.indexes
    }
    assert table.get("StreamSpecification", {}).get("StreamViewType", "") == shape.stream


@pytest.mark.parametrize("shape", TABLES, ids=lambda shape: shape.suffix)
def test_only_attributes_of_keys_are_defined(shape: TableShape) -> None:
    request = creation(shape, "press")
    schemas = [request["KeySchema"], *(index["KeySchema"] for index in request.get("GlobalSecondaryIndexes", ()))]
    used = {each["AttributeName"] for schema in schemas for each in schema}
    assert {each["AttributeName"] for each in request["AttributeDefinitions"]} == used


def test_the_log_alone_has_a_stream_and_what_may_lapse_a_time_to_live() -> None:
    assert [shape for shape in TABLES if shape.stream] == [LOG]
    assert [shape for shape in TABLES if shape.ttl] == [STATE]
