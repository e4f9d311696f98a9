"""Words cut into morphs: which morphs there are, what they cost, which words are cut."""
