"""Caches of keys and values that extend, fork, compact, join and are moved to other positions."""
