"""A deployment as Terraform's variables. What differs from entry to entry in shape is handed over as JSON in a text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from pressroom.deployment.deployed import Deployment
from pressroom.deployment.packages import ARCHITECTURE, LAYER, PYTHON

STATE_MACHINES = "state_machines"
"""The folder beside the variables that holds the definitions."""


def variables(deployment: Deployment, tables: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return what `pressroom.auto.tfvars.json` holds; `tables` are their shapes, as the backend knows them."""
    names = deployment.names
    return {
        "name": names.deployment,
        "region": deployment.region,
        "architecture": ARCHITECTURE,
        "python": PYTHON,
        "layer": LAYER,
        "tables": {names.table(table["suffix"]): table for table in tables},
        "settings": {
            names.parameter(section): json.dumps(values, sort_keys=True, ensure_ascii=False)
            for section, values in deployment.settings.items()
        },
        "secrets": [names.secret(section) for section in deployment.secrets],
        "functions": {function.module: function.as_variables() for function in deployment.functions},
        "queues": {queue.name: queue.as_variables() for queue in deployment.queues},
        "rules": {rule.name: rule.as_variables() for rule in deployment.rules},
        "schedules": {alarm.name: alarm.as_variables() for alarm in deployment.alarms},
        "pipelines": {
            part.name: {
                "queue": part.queue.as_variables(),
                "rule": part.rule.as_variables(),
                "state_machine": part.state_machine,
                "definition": f"{STATE_MACHINES}/{part.name}.asl.json",
                "schedules": {alarm.name: alarm.as_variables() for alarm in part.alarms},
            }
            for part in deployment.pipelines
        },
        "channels": {
            part.name: {"queue": part.queue.as_variables(), "function": part.function.as_variables()}
            for part in deployment.channels
        },
        "subscriptions": {
            part.name: {"queue": part.queue.as_variables(), "rule": part.rule.as_variables()}
            for part in deployment.subscriptions
        },
    }
