"""What becomes of a document before it is packed: one transform a file, `registry.TRANSFORMS`."""
