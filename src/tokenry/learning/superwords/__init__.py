"""Pieces that span words: which may be made, and of what text."""
