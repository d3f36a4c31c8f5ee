"""Generators make or read media with a model; each module is one, found by its name."""
