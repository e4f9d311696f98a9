"""Regular expressions as programs of the native core: read, resolved to classes, written out.

What `syntax` reads is the syntax of the ``regex`` module's version 1, into which the dialects of
files are translated (`tokenry.text.fancy_regex`, `tokenry.text.oniguruma`). `characters` says which
characters a class has, `program` writes instructions; `tokenry.text.pretokenizers.cascade` has the
core run them.
"""
