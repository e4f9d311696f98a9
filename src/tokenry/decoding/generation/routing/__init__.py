"""Two models, one text: a router sends the ids that matter to the larger one."""
