"""The pages: rendered on the server, complete without scripts. A module with a `router` is served."""
