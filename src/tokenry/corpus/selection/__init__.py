"""Choosing documents without changing any: signals, scores, and what a budget buys of them.

One interface for all: a scorer has ``score(documents) -> scores``, one number a document, more is
better; `tokenry.corpus.selection.choosing.choose` takes the best for a budget of tokens.
"""
