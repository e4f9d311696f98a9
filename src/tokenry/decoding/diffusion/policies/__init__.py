"""Which places are unmasked: in order, at random, by confidence, by a guide, by what was learnt."""
