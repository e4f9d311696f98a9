"""Compounds split into their constituents, with no labels."""
