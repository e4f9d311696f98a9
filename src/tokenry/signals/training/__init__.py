"""How codecs are trained: stages of objectives, by the one trainer of `tokenry.neural`."""
