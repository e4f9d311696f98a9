"""Programs: languages and words, leaves of trees, names, spacing, and the domain made of them."""
