"""Parts of runs that are kept, under the name by which this room has them."""

from experiments.harness.kept import Kept, source_of

__all__ = ["Kept", "source_of"]
