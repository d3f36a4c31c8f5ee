"""Sources are where content comes from; each module is one, found by its name."""
