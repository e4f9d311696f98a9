"""Models that make codes or latent vectors of images: they need no codec, only what one gave."""
