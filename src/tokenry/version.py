"""The version of this package, for results that say what made them."""

VERSION = "0.1.0"
