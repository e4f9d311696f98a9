"""Tokenry: the token layer of foundation models."""

__version__ = "0.1.0"
__all__ = ["__version__"]
