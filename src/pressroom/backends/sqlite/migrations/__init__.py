"""The SQLite schema, one numbered file a version; a file is never changed once it was released."""
