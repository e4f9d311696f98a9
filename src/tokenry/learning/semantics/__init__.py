"""Terms by semantic type, and a small vocabulary for each type."""
