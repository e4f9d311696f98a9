"""Tables of several formats, cell by cell."""
