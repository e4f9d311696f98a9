"""Claims of systems that tokenize signals."""
