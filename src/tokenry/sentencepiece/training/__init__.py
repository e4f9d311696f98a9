"""Training of `.model` files with the options of sentencepiece, by our own learners."""
