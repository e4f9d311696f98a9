"""Weights of others as codecs of ours: names and shapes of their tensors, a file a system."""
