"""Pressroom generates, processes, publishes and measures media."""

__version__ = "0.1.0"
