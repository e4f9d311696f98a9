"""Claims about vocabularies that change while a model keeps what it knows."""
