"""JSON schemas as grammars over bytes.

`reading` makes a `kinds.Schema` of a document, `merging` what satisfies two of them, `writing` the
grammar of one. What a grammar cannot say is refused by the name of the keyword.
"""
