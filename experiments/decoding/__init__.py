"""Claims about reading and drawing from models."""
