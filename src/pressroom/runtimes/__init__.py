"""Wired sets of backends; the only modules that choose them."""
