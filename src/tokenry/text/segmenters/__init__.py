"""Ways from a pretoken to ids, one kind a file."""
