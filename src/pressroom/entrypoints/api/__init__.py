"""The HTTP server: who may come in, errors, and what programs call. A module with a `router` is served."""
