"""Ways to cut text into pretokens, one kind a file."""
