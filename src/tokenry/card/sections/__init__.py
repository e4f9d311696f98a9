"""The sections of a card: one a file, a frozen dataclass and the function that measures it."""
