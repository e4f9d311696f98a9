"""Which sequences of ids `encode` gives: what may follow a sequence, id by id."""
