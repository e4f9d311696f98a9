"""What the race of domains runs: files of each domain, and what people use beside it."""
