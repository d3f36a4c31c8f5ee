"""The suites that every implementation of a port or an extension must pass."""
