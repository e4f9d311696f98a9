"""Tokenizers for signals: parts that fill slots, recipes of published systems, their measures."""
