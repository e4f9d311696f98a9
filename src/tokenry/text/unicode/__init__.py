"""Characters: their sets, their classes and their bytes."""
