"""What proposes ids: nothing, earlier text, remembered successors, a small model."""
