"""Texts made of texts: templates that fit documents, sentences of a grammar, and noise.

These are for tests of tokenizers and for experiments; nothing here is put into a corpus by itself.
"""
