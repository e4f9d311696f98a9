"""That a model under another tokenizer is not broken: checks, figures, a page."""
