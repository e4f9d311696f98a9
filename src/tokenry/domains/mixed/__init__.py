"""Text with stretches of other domains: where they stand, and the domain of all of them."""
