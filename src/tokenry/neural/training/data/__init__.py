"""Data to train on: batches that come in an order by seed, and go on where they stopped."""
