"""Claims about learners."""
