"""Experiments of the room of shards."""
