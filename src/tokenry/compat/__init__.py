"""What users of other libraries call; a folder or a file for each of them."""
