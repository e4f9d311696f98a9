"""Recipes that choose a corpus: steps in order, each of which keeps a document or does not."""
