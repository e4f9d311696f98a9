"""What all experiments share: what they state, the data, records and how they run."""
