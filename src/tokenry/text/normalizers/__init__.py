"""Changes of text before it is cut, one kind a file."""
