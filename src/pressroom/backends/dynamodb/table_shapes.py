"""The tables of a deployment, as data: Terraform and the tests create them from here, and from nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pressroom.backends.aws_clients import AwsClients

TEXT, NUMBER = "S", "N"


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    kind: str = TEXT
    """`S` or `N`, as DynamoDB calls them."""


@dataclass(frozen=True, slots=True)
class Index:
    """A global secondary index. It holds keys alone: what is listed is read from the table itself, consistently."""

    name: str
    hash_key: Column
    range_key: Column | None = None
    projection: str = "KEYS_ONLY"


@dataclass(frozen=True, slots=True)
class TableShape:
    suffix: str
    """The table's name is that of the deployment, a hyphen and this."""
    hash_key: Column
    range_key: Column
    indexes: tuple[Index, ...] = ()
    ttl: str = ""
    """The attribute with the second after which DynamoDB may remove an item; nothing relies on its being removed."""
    stream: str = ""
    """What the table's stream holds of each change, such as `NEW_IMAGE`; empty for no stream."""

    @property
    def columns(self) -> dict[str, str]:
        """Return the kind of each attribute that is part of a key."""
        keys = [self.hash_key, self.range_key]
        for index in self.indexes:
            keys += [index.hash_key] + ([index.range_key] if index.range_key else [])
        return {column.name: column.kind for column in keys}


LOG = TableShape(
    "log",
    Column("day"),
    Column("position", NUMBER),
    indexes=(
        Index("of_job", Column("job_id"), Column("position", NUMBER)),
        Index("by_id", Column("event_id")),
    ),
    stream="NEW_IMAGE",
)
STATE = TableShape(
    "state",
    Column("of"),
    Column("part"),
    indexes=(
        Index("listed", Column("listed_in"), Column("listed_as")),
        Index("grouped", Column("grouped_in"), Column("listed_as")),
        Index("standing", Column("standing_in"), Column("listed_as")),
        Index("due", Column("waiting_on"), Column("due_at", NUMBER)),
        Index("ending", Column("ends_as"), Column("ends_at", NUMBER)),
    ),
    ttl="gone_after",
)
VIEWS = TableShape("views", Column("of"), Column("part"))
ROWS = TableShape("rows", Column("of"), Column("part"))
WORDS = TableShape("words", Column("of"), Column("part"))
TABLES = (LOG, STATE, VIEWS, ROWS, WORDS)


def creation(shape: TableShape, deployment: str) -> dict[str, Any]:
    """Return what `CreateTable` is asked for; backups, encryption and the time to live are set beside it."""
    request: dict[str, Any] = {
        "TableName": f"{deployment}-{shape.suffix}",
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [
            {"AttributeName": name, "AttributeType": kind} for name, kind in sorted(shape.columns.items())
        ],
        "KeySchema": _schema(shape.hash_key, shape.range_key),
    }
    if shape.indexes:
        request["GlobalSecondaryIndexes"] = [
            {
                "IndexName": index.name,
                "KeySchema": _schema(index.hash_key, index.range_key),
                "Projection": {"ProjectionType": index.projection},
            }
            for index in shape.indexes
        ]
    if shape.stream:
        request["StreamSpecification"] = {"StreamEnabled": True, "StreamViewType": shape.stream}
    return request


def create_tables(clients: AwsClients) -> None:
    """Create the deployment's tables on an emulator; on AWS itself, Terraform does."""
    client = clients("dynamodb")
    for shape in TABLES:
        client.create_table(**creation(shape, clients.settings.name))


def _schema(hash_key: Column, range_key: Column | None) -> list[dict[str, str]]:
    keys = [{"AttributeName": hash_key.name, "KeyType": "HASH"}]
    return keys + ([{"AttributeName": range_key.name, "KeyType": "RANGE"}] if range_key else [])
