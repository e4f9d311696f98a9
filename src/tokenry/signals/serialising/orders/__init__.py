"""Orders of places: one a file."""
