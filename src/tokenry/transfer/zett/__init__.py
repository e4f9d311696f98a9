"""Zero-shot tokenizer transfer: a network that predicts rows of any vocabulary for one model."""
