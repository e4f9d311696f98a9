"""From documents to rows of one length: one packer a file, `tokenry.shards.registry.PACKERS`."""
