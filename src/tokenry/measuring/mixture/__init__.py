"""What a tokenizer's merges say of the text that they were learnt from (Hayase et al. 2024)."""

from tokenry.measuring.mixture.inference import Mixture, MixtureOptions, Share, infer_mixture
from tokenry.measuring.mixture.merge_order import MergeOrder, merge_order

__all__ = ["MergeOrder", "Mixture", "MixtureOptions", "Share", "infer_mixture", "merge_order"]
