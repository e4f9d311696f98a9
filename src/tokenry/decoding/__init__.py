"""ByteReading and drawing text from causal models: byte by byte, and under constraints.

`tokenry.decoding.bytewise` reads a model byte by byte; `tokenry.decoding.constrained` draws text
that keeps to a rule; `tokenry.decoding.generation` writes it in fewer calls, and
`tokenry.decoding.diffusion` by filling masked places.
"""
