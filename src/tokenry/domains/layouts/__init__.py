"""Layouts: boxes with labels on pages, what is wanted of them, their marks, and the domain."""
