"""What ids do to a trained model: glitches, hidden texts, bits, places of tokens that matter.

Everything is asked through `tokenry.models.causal.CausalModel`; only what reads the files of a
checkpoint knows of torch.
"""
