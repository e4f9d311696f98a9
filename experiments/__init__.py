"""Published claims about tokenizers, run again at the size of a laptop: one file a claim.

Folders are the rooms of the house; `harness` is what all share. ``python -m experiments --list``.
"""
