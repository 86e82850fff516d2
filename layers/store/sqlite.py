"""The Store in one SQLite file."""
