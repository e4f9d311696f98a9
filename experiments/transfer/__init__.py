"""Claims about models that are given another tokenizer."""
