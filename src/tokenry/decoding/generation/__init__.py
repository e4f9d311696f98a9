"""Generating text in fewer calls of a model, with one ledger of what each way costs.

A method (`method.py`) turns prompts into text. Lossless ones draft a tree of ids, read it in one
call and keep what the model itself would have drawn (`speculative.py`); what drafts it is a part of
`drafters/`. The others change what is computed, and `comparing.py` shows the price.
"""
