"""Tokenizers of transformers stay, and encode through tokenry (docs/transformers.md)."""
