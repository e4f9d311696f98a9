"""Claims about how text is cut."""
