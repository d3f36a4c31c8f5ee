"""What of a deployment on AWS only the backends know: the shapes of their tables."""

from __future__ import annotations

from typing import Any

from pressroom.backends.dynamodb.table_shapes import TABLES


def table_names() -> list[str]:
    """Return the tables' names behind the deployment's: `log`, `state`."""
    return [shape.suffix for shape in TABLES]


def table_variables() -> list[dict[str, Any]]:
    """Return the shapes as Terraform takes them."""
    return [
        {
            "suffix": shape.suffix,
            "hash_key": shape.hash_key.name,
            "range_key": shape.range_key.name,
            "attributes": dict(sorted(shape.columns.items())),
            "indexes": {
                index.name: {
                    "hash_key": index.hash_key.name,
                    "range_key": index.range_key.name if index.range_key else None,
                    "projection": index.projection,
                }
                for index in shape.indexes
            },
            "ttl": shape.ttl,
            "stream": shape.stream,
        }
        for shape in TABLES
    ]
