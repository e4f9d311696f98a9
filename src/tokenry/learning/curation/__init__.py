"""Curated whole tokens: lists of them, and what may be wrong with one."""
