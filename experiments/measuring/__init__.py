"""Claims about measurements, and about what vocabularies hold."""
