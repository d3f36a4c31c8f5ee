"""Handlers are subscribers of the bus; each module is one, found by its name."""
