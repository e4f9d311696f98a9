"""Text to ids and back: the Tokenizer and the parts it is made of, one idea a file."""
