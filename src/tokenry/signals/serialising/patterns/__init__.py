"""Patterns of slots over steps: one a file."""
