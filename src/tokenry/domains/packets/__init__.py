"""Captures of packets by the schemas of their protocols."""
