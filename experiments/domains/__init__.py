"""Experiments of tokenizers for data that is not prose."""
