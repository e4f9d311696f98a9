"""How ids stand in files: one format a file, named in `tokenry.shards.registry.FORMATS`."""
