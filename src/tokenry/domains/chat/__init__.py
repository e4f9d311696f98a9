"""Conversations: templates of turns, files taken apart into messages, and the domain."""
