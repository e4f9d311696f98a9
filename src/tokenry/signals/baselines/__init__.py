"""What a codec of pictures has to beat at equal bits: formats of files, k-means over patches."""
