"""One file for each network, or way of using one, that posts are counted on; found by the names of the files."""

from __future__ import annotations

from importlib import import_module
from inspect import isclass
from pkgutil import iter_modules

from tests.soak.networks.base import Network


def names() -> list[str]:
    """Return what there is a file for."""
    return sorted(
        module.name for module in iter_modules(__path__) if module.name != "base" and not module.name.startswith("_")
    )


def network(name: str) -> Network:
    """Return the network that a file declares."""
    module = import_module(f"{__name__}.{name}")
    declared = [
        one
        for one in vars(module).values()
        if isclass(one) and issubclass(one, Network) and one.__module__ == module.__name__
    ]
    assert len(declared) == 1, f"{module.__name__} must declare one network"
    made: Network = declared[0]()
    return made
