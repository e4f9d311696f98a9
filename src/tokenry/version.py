"""The version of this package, for results that say what made them."""

__version__ = "0.1.0"
