"""Published systems: one a file that fills slots; `tokenry.signals.recipes.registry` lists them."""
