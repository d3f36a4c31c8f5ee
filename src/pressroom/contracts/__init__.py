"""The suites that every implementation of a port or an extension must pass.

A test class inherits from a contract and provides its fixtures (`ports`, `reopen`); the names of the tests are the
promises. They need pytest and hypothesis, which Pressroom itself does not.
"""

import pkgutil

import pytest

# Without this, a broken promise would say only "AssertionError".
pytest.register_assert_rewrite(*(f"{__name__}.{module.name}" for module in pkgutil.iter_modules(__path__)))
