"""Masked diffusion: text that is unmasked place by place, in an order that a policy chooses.

A model that reads both ways fills masked places (`denoiser.py`); a block of places at a time is
read and unmasked until none is masked (`denoising.py`). What is unmasked after each call is a
policy (`policies/`), what each call computes anew is its coverage (`coverage.py`).
"""
