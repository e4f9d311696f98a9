"""Initialisers of new rows: one published method a file; `tokenry.transfer.registry` lists them."""
