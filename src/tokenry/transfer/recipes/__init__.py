"""Published ways to change a model's vocabulary: one a file."""
