"""Claims on choosing and using data."""
