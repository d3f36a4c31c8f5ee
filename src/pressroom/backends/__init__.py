"""Technologies that implement ports."""
