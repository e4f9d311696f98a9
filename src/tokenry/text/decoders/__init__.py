"""Ways from pieces back to bytes, one kind a file."""
