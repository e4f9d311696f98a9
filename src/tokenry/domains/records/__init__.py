"""Records by a schema that anyone can write."""
