"""Tokenizer files, one format a file; `tokenry.formats.detect` tells them apart."""
